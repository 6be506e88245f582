"""The moderators' pages: the queue, and one address for each decision."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Min
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role
from accounts.permissions import current_user, staff_only
from comments import actions, moderation
from comments.forms import AnswerForm, RefuseForm, WithdrawForm
from comments.mail import refusal_words
from comments.models import Comment, Decision
from comments.reasons import Reason
from guides.models import Guide

View = Callable[..., HttpResponseBase]


def _filters(request: HttpRequest) -> moderation.Filters:
    state, guide, reason = (request.GET.get(name, "") for name in ("state", "guide", "reason"))
    return moderation.Filters(
        state=state if state in Comment.State.values else Comment.State.HELD,
        guide_id=int(guide) if guide.isdecimal() and len(guide) < 18 else None,
        reason=reason if reason in Reason.values else "",
    )


@staff_only(Role.MODERATOR)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Comments that wait for a decision, the longest-waiting first; with `state`, those decided."""
    filters = _filters(request)
    comments = moderation.filtered(Comment.objects.visible_to(request.user), filters)
    place = moderation.read_place(request.GET.get("after", ""))
    page = moderation.queue_page(comments, place)
    held = Comment.objects.visible_to(request.user).held().oldest_first()
    waiting = held[: moderation.COUNT_UP_TO].aggregate(number=Count("pk"), oldest=Min("created_at"))
    asked = {"state": filters.state, "guide": filters.guide_id or "", "reason": filters.reason}
    context = {
        "page": page,
        "filters": filters,
        "place": place,
        "done": _just_decided(request),
        "back": urlencode(_asked(request.GET)),
        "waiting": waiting["number"],
        "count_up_to": moderation.COUNT_UP_TO,
        "oldest": waiting["oldest"],
        "now": timezone.now(),
        "guides": Guide.objects.published().only("pk", "title"),
        "states": Comment.State.choices,
        "reasons": Reason.choices,
        "first_page": urlencode(asked),
        "next_page": urlencode({**asked, "after": page.next_after}),
    }
    return render(request, "comments/moderation_queue.html", context)


def _just_decided(request: HttpRequest) -> Decision | None:
    """The decision this moderator has just taken, unless somebody has changed it since."""
    done = request.GET.get("done", "")
    if not done.isdecimal() or len(done) > 18:
        return None
    decisions = Decision.objects.filter(comment=int(done), by=current_user(request)).select_related("comment__guide")
    return decisions.exclude(verb=Decision.Verb.UNDONE).filter(comment_version=F("comment__version") - 1).first()


def _deciding(view: View) -> View:
    """Moderators only; `comment` is fetched for them, and a decision that came too late gets its own page (409)."""

    @wraps(view)
    def decide(request: HttpRequest, comment_id: int, **kwargs: Any) -> HttpResponseBase:
        comments = Comment.objects.visible_to(request.user).filter(parent=None).select_related("guide")
        comment = get_object_or_404(comments, pk=comment_id)
        try:
            return view(request, comment=comment, **kwargs)
        except actions.AlreadyDecided as late:
            context = {"comment": late.comment, "decision": late.decision, "typed": _typed(request)}
            return render(request, "comments/moderation_too_late.html", context, status=409)

    return staff_only(Role.MODERATOR)(decide)


def _typed(request: HttpRequest) -> str:
    """What the moderator wrote for a decision that came too late: it is shown, not lost."""
    return request.POST.get("answer", "") or request.POST.get("note", "")


def _version(request: HttpRequest) -> int:
    """The version the moderator saw, or 0, which no comment has."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else 0


def _done(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Back to where the moderator was in the queue, which then offers to undo."""
    return redirect(f"{reverse('comments:queue')}?{urlencode({**_back(request), 'done': str(comment.pk)})}")


def _back(request: HttpRequest) -> dict[str, str]:
    """The filters of the queue from which this decision was taken; a form carries them as `back`."""
    return _asked(QueryDict(request.POST.get("back", "") or request.GET.get("back", "")))


def _asked(asked: QueryDict) -> dict[str, str]:
    return {name: str(asked[name]) for name in ("state", "guide", "reason", "after") if asked.get(name)}


@_deciding
@require_POST
def publish(request: HttpRequest, comment: Comment) -> HttpResponse:
    published = actions.publish_comment(
        comment=comment, version=_version(request), by=current_user(request), at=timezone.now()
    )
    return _done(request, published)


@_deciding
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Choose a reason, read the mail its writer will get, refuse."""
    form = RefuseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and "look" not in request.POST:
        refused = actions.refuse_comment(
            comment=comment,
            version=_version(request),
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            by=current_user(request),
            at=timezone.now(),
        )
        return _done(request, refused)
    reason, note = Decision.RefusalReason.OTHER.value, "[The reason you choose, and your own words, stand here.]"
    if form.is_bound and form.is_valid():
        reason, note = form.cleaned_data["reason"], form.cleaned_data["note"]
    mail = (
        render_to_string("mail/comments/refused_message.txt", refusal_words(comment, reason, note))
        .rpartition("\n--")[0]
        .strip()
    )
    return _decision_page(request, "comments/moderation_refuse.html", comment, form, mail=mail)


@_deciding
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Answer in public: a held comment is published with it."""
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        facts = {
            "comment": comment,
            "version": _version(request),
            "answer": form.cleaned_data["answer"],
            "key": _key(request),
            "by": current_user(request),
            "at": timezone.now(),
        }
        act = actions.answer_comment if comment.is_published else actions.publish_and_answer
        act(**facts)
        return _done(request, comment)
    return _decision_page(request, "comments/moderation_answer.html", comment, form, key=_key(request))


def _key(request: HttpRequest) -> uuid.UUID:
    """The key that makes a second click the same answer."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


@_deciding
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Take a published comment down."""
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        withdrawn = actions.withdraw_comment(
            comment=comment,
            version=_version(request),
            note=form.cleaned_data["note"],
            by=current_user(request),
            at=timezone.now(),
        )
        return _done(request, withdrawn)
    return _decision_page(request, "comments/moderation_withdraw.html", comment, form)


@_deciding
@require_POST
def undo(request: HttpRequest, comment: Comment) -> HttpResponse:
    actions.undo_decision(comment=comment, version=_version(request), by=current_user(request), at=timezone.now())
    messages.success(request, f"Back in the queue: {comment.name} on “{comment.guide.title}”.")
    return redirect(f"{reverse('comments:queue')}?{urlencode(_back(request))}")


def _decision_page(
    request: HttpRequest, template: str, comment: Comment, form: RefuseForm | AnswerForm | WithdrawForm, **more: Any
) -> HttpResponse:
    version = _version(request) if form.is_bound else comment.version
    context = {"comment": comment, "form": form, "version": version, "back": urlencode(_back(request)), **more}
    return render(request, template, context)
