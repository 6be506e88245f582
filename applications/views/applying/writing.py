"""The task list, one question a page, and checking before the yes."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import returning
from applications import asking
from applications.actions import answering, assisting, sending, starting
from applications.exceptions import (
    AlreadyApplying,
    ApplicationsClosed,
    ChangedElsewhere,
    NotTheirs,
    QuestionsMissing,
)
from applications.forms.applying import AboutForm, AnswerForm, HeardForm
from applications.models import Answer, Applicant, Application, Question
from applications.views.applying.doors import TOGETHER, Door, asked_of, door, readable_answers
from applications.waiting import waiting_for
from cohorts.exceptions import ChangedMeanwhile
from cohorts.views.doors import changed_meanwhile, seen_mark

get_and_post = require_http_methods(["GET", "HEAD", "POST"])
CLOSED_TEXT = _("This application can no longer be changed. Ring the programme team if something in it is wrong.")


@dataclass
class Task:
    """One line of the list: a question, whose it is, and how far it is."""

    path: str
    text: str
    is_done: bool
    is_required: bool
    answer: Answer | None = None
    question: Question | None = None


@dataclass
class Part:
    """One heading of the list or of the check page, with its lines."""

    whose: str
    person: Applicant | None
    tasks: list[Task]

    @property
    def is_shared(self) -> bool:
        return self.person is None


Answers = dict[tuple[int, str], Answer]


def parts_of(open_door: Door, questions: list[Question], answers: Answers) -> list[Part]:
    """What this person may write: each part of theirs, then what is shared."""
    found = []
    for person in open_door.parts:
        about = Task(
            path=reverse("applications:about", args=[open_door.application.reference, person.side]),
            text=_("Your name and how to reach you")
            if person == open_door.mine and open_door.is_own
            else _("Name and how to reach them"),
            is_done=asking.is_complete(person),
            is_required=True,
        )
        own = asking.own_questions(questions, person.side)
        found.append(Part(person.side, person, [about, *(_task(open_door, one, person.side, answers) for one in own)]))
    shared = asking.shared_questions(questions)
    if shared:
        found.append(Part(TOGETHER, None, [_task(open_door, one, TOGETHER, answers) for one in shared]))
    return found


def told_by_others(open_door: Door, questions: list[Question], answers: Answers) -> list[Part]:
    """What the other of the two has answered so far and this person may read: what is meant for a partner.

    Of these alone, whoever reads: staff who read back to one of the two have the other's answers, too.
    """
    found = []
    for person in open_door.people:
        if person not in open_door.parts:
            asked = [one for one in asking.own_questions(questions, person.side) if asking.is_for_partner(one)]
            told = [_task(open_door, one, person.side, answers) for one in asked]
            found.append(Part(person.side, person, [task for task in told if task.is_done]))
    return [part for part in found if part.tasks]


def _task(open_door: Door, question: Question, whose: str, answers: Answers) -> Task:
    answer = answers.get((question.pk, whose))
    return Task(
        path=reverse("applications:question", args=[open_door.application.reference, whose, question.key]),
        text=question.text,
        is_done=asking.is_answered(question, answer.value if answer else None),
        is_required=question.is_required,
        answer=answer,
        question=question,
    )


@require_safe
@never_cache
def tasks(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything that is asked, with what is done; once sent, what was sent and what happens next."""
    open_door = door(request, reference)
    questions, answers = asked_of(open_door), readable_answers(open_door)
    parts = parts_of(open_door, questions, answers)
    lines = [task for part in parts for task in part.tasks]
    context = open_door.context(
        parts=parts,
        told=told_by_others(open_door, questions, answers),
        done=sum(task.is_done for task in lines),
        total=len(lines),
        left=sum(task.is_required and not task.is_done for task in lines),
        waits=waiting_for(open_door.reader, [open_door.application]).get(open_door.application.pk),
    )
    template = "tasks" if open_door.application.is_draft else "sent"
    return render(request, f"applications/applying/{template}.html", context)


@get_and_post
@never_cache
def about(request: HttpRequest, reference: str, whose: str) -> HttpResponse:
    """Name, telephone and time zone of one person."""
    open_door = door(request, reference)
    person = open_door.part(whose)
    if person is None or not open_door.is_open:
        return redirect("applications:tasks", reference=reference)
    is_heard = open_door.is_staff and open_door.application.is_heard
    form = AboutForm(request.POST or returning.data(request), person=person, is_heard=is_heard)
    seen = seen_mark(request, person, form.fields)
    context = open_door.context(form=form, person=person, whose=whose, seen=seen)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            answering.save_about_person(applicant=person, by=open_door.reader, seen=seen, **form.cleaned_data)
        except AlreadyApplying:
            form.add_error("email", _("The two have the same address. Leave one empty if they share it."))
        except ChangedMeanwhile as error:
            context |= changed_meanwhile(form, error.row, form.fields)
            status = 409
        except ApplicationsClosed:
            form.add_error(None, CLOSED_TEXT)
        else:
            return _onward(request, open_door, whose, None)
    return render(request, "applications/applying/about.html", context, status=status)


@get_and_post
@never_cache
def question(request: HttpRequest, reference: str, whose: str, key: str) -> HttpResponse:
    """One question. Saved also when empty; a save that comes too late gets both texts to choose from."""
    open_door = door(request, reference)
    person = open_door.part(whose)
    asked = get_object_or_404(open_door.application.question_set.questions, key=key)
    mine = asking.own_questions([asked], person.side) if person else asking.shared_questions([asked])
    if not mine or not asking.questions_for(open_door.application, mine) or not open_door.is_open:
        return redirect("applications:tasks", reference=reference)
    answer = readable_answers(open_door).get((asked.pk, whose))
    form = AnswerForm(
        request.POST or returning.data(request),
        question=asked,
        value=answer.value if answer else None,
        version=answer.version if answer else 0,
    )
    context = open_door.context(form=form, question=asked, answer=answer, whose=whose, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            answering.save_answer(
                application=open_door.application,
                question=asked,
                applicant=person,
                value=form.cleaned_data["answer"],
                version=form.cleaned_data["version"],
                by=open_door.reader,
            )
        except ChangedElsewhere:
            now = readable_answers(open_door).get((asked.pk, whose))
            return render(
                request, "applications/applying/question.html", context | _both(request.POST, asked, now), status=409
            )
        except ApplicationsClosed:
            form.add_error(None, CLOSED_TEXT)
        else:
            return _onward(request, open_door, whose, asked)
    return render(request, "applications/applying/question.html", context)


def _both(typed: QueryDict, asked: Question, now: Answer | None) -> dict[str, Any]:
    """The page of two texts: the typed one stays in the form, which now knows the newest version."""
    data = typed.copy()
    data["version"] = str(now.version if now else 0)
    again = AnswerForm(data, question=asked)
    again.is_valid()
    again.add_error(
        "answer",
        _(
            "This was changed meanwhile, in another window or by the other of you. Below it is what stands there now. "
            "Make of the two what you want to keep, and save again."
        ),
    )
    return {"form": again, "theirs": now}


def _onward(request: HttpRequest, open_door: Door, whose: str, done: Question | None) -> HttpResponse:
    """To the next line of the same part; to the list after the last, or when the person wants to stop."""
    reference = open_door.application.reference
    if "later" in request.POST:
        messages.success(request, _("Saved. You can stop here and come back whenever you like."))
        return redirect("applications:tasks", reference=reference)
    if "check" in request.GET:
        return redirect("applications:check", reference=reference)
    questions = asked_of(open_door)
    person = open_door.part(whose)
    line = asking.own_questions(questions, person.side) if person else asking.shared_questions(questions)
    place = next((number for number, one in enumerate(line) if done and one.key == done.key), -1)
    if place + 1 < len(line):
        return redirect("applications:question", reference=reference, whose=whose, key=line[place + 1].key)
    return redirect("applications:tasks", reference=reference)


@get_and_post
@never_cache
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """All answers this person may read, with ways to change them; then the yes."""
    open_door = door(request, reference)
    if not open_door.application.is_draft:
        return redirect("applications:tasks", reference=reference)
    person = open_door.part(request.GET.get("whose", open_door.mine.side)) or open_door.mine
    others = [one for one in open_door.parts if one != person]
    open_door.parts = [person]  # what is read back to one of two is not what the other keeps to themselves
    form = HeardForm(request.POST or returning.data(request)) if open_door.is_staff else None
    refused = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            application = _confirm(open_door, person, form)
        except NotTheirs:
            return _no_longer_part(request, open_door)
        except QuestionsMissing:
            refused = _("It cannot be sent yet. What is missing is marked on this page.")
        except AlreadyApplying:
            refused = _(
                "One of you is already part of an application to this cohort that has been sent. A person can ask for "
                "one place only. Ring the programme team if you are not sure what to do."
            )
        except ApplicationsClosed:
            refused = _(
                "Applications have closed. Your answers are kept. Ring the programme team if that is hard for you."
            )
        else:
            return _after_yes(request, application, open_door, person)
    questions, answers = asked_of(open_door), readable_answers(open_door)
    parts = parts_of(open_door, questions, answers)
    context = open_door.context(
        form=form,
        parts=parts,
        told=told_by_others(open_door, questions, answers),
        person=person,
        others=others,
        refused=refused,
        missing=[task for part in parts for task in part.tasks if task.is_required and not task.is_done],
        lacks_partner=open_door.application.is_pair and sum(one.has_joined for one in open_door.people) < 2,
    )
    return render(request, "applications/applying/check.html", context, status=409 if refused else 200)


def _confirm(open_door: Door, person: Applicant, form: HeardForm | None) -> Application:
    if form is not None:
        return assisting.confirm_for(applicant=person, by=open_door.reader, how=form.cleaned_data["how"])
    return sending.confirm(applicant=person, by=open_door.reader)


def _no_longer_part(request: HttpRequest, open_door: Door) -> HttpResponse:
    """They left it in another window, or somebody wrote down that they did, while this page was open."""
    if open_door.is_own:
        messages.warning(request, _("You have left this application meanwhile. Nothing was sent with your yes."))
        return redirect("applications:mine")
    messages.warning(request, _("This person has left the application meanwhile. Their yes was not written down."))
    return redirect("applications:tasks", reference=open_door.application.reference)


def _after_yes(request: HttpRequest, application: Application, open_door: Door, person: Applicant) -> HttpResponse:
    missing = [one for one in application.applicants.live() if not one.has_confirmed]
    names = {"name": person.shown_name, "other": " ".join(one.shown_name for one in missing)}
    if not application.is_draft:
        told = _("We have written to you, too.") if open_door.is_own else ""
        messages.success(request, f"{_('The application is sent.')} {told}".strip())
    elif open_door.is_own:
        messages.success(request, _("Your yes is noted. It is sent as soon as %(other)s says yes, too.") % names)
    else:
        messages.success(
            request, _("The yes of %(name)s is noted. It is sent as soon as %(other)s says yes, too.") % names
        )
    if open_door.is_staff and not application.is_draft:
        return redirect("applications:staff_new", slug=application.cohort.slug)
    return redirect("applications:tasks", reference=application.reference)


@require_POST
def take_back(request: HttpRequest, reference: str, whose: str) -> HttpResponse:
    """Take one's yes back while the other's is awaited."""
    open_door = door(request, reference)
    person = open_door.part(whose)
    if person is not None:
        try:
            sending.take_back(applicant=person, by=open_door.reader)
        except ApplicationsClosed:
            messages.info(request, _("It has been sent meanwhile."))
    return redirect("applications:tasks", reference=reference)


@require_POST
def change_kind(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """Apply together after all, or alone after all."""
    open_door = door(request, reference)
    if kind in Application.Kind.values:
        try:
            starting.change_kind(application=open_door.application, to=kind, by=open_door.reader)
        except AlreadyApplying:
            messages.warning(
                request,
                _("The other of you has joined. Ring the programme team if you would rather not go on together."),
            )
        except ApplicationsClosed:
            messages.warning(request, CLOSED_TEXT)
    return redirect("applications:tasks", reference=reference)
