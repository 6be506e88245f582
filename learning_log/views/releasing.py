"""Beyond the pair, in steps that are seen before they are taken: choose, rehearse, agree, stop."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import returning
from accounts.permissions import current_user
from learning_log import actions, audiences, pages, rehearsing
from learning_log.audiences import Step
from learning_log.exceptions import (
    FileWithoutWords,
    NotAMember,
    NothingWritten,
    NotReadByBoth,
    NotTheirs,
    ReleaseOver,
    StaleVersion,
)
from learning_log.models import Consent, Entry, Release, ReleasedVersion
from learning_log.rehearsing import Rehearsal
from learning_log.sharing_forms import TermsForm
from learning_log.views.doors import form_page, own_voice, today_of

MOST_LISTED = 200

# What belongs to one step of the page and not to the terms, which travel on from step to step.
OF_THE_STEP = {"csrfmiddlewaretoken", "stage", "versions", "looked"}


@form_page
def release_new(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Share with somebody beyond the pair: to whom, until when, the rehearsal, and only then the click."""
    user = current_user(request)
    voice = own_voice(request, entry_id)
    entry = voice.entry
    steps = audiences.steps_beyond(entry)
    step = _chosen(request, steps)
    context: dict[str, Any] = {"entry": entry, "found": pages.read_entry(user, entry), "steps": steps, "step": step}
    if step is None:
        returning.data(request)
        context["audience"] = audiences.of(user, context["found"])
        return render(request, "learning_log/release_choose.html", context)
    needs_both = entry.is_joint or step.audience == Release.Audience.PUBLIC
    rehearsal = rehearsing.rehearse(entry, voice, audience=step.audience, needs_both=needs_both, at=timezone.now())
    if rehearsal is None:
        return render(request, "learning_log/release_first_the_pair.html", context)
    data = request.POST if request.method == "POST" else returning.data(request)
    form = TermsForm(data, step=step, today=today_of(user), zone=user.zone)
    context |= {"form": form, "rehearsal": rehearsal, "needs_both": needs_both}
    if request.method != "POST" or not form.is_valid() or request.POST.get("stage") == "terms":
        return render(request, "learning_log/release_terms.html", context)
    return _rehearse_or_share(request, context)


def _rehearse_or_share(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    form: TermsForm = context["form"]
    rehearsal: Rehearsal = context["rehearsal"]
    has_looked = not rehearsal.details or request.POST.get("looked") == "yes"
    is_same = request.POST.get("versions") == rehearsal.chosen
    if request.POST.get("stage") != "share" or not has_looked or not is_same:
        context |= {
            "terms": form.terms,
            "story": rehearsing.as_story(rehearsal, form.terms),
            "typed": [(name, value) for name, value in request.POST.items() if name not in OF_THE_STEP],
            "must_look": request.POST.get("stage") == "share" and is_same,
            "has_changed": request.POST.get("stage") == "share" and not is_same,
        }
        return render(request, "learning_log/release_rehearse.html", context)
    return _share(request, rehearsal, form)


def _share(request: HttpRequest, rehearsal: Rehearsal, form: TermsForm) -> HttpResponse:
    user, entry = current_user(request), rehearsal.entry
    try:
        release = actions.propose_release(entry=entry, versions=rehearsal.versions, terms=form.terms, by=user)
    except (StaleVersion, NotReadByBoth):
        messages.warning(request, _("The words have changed since you opened this page. Look at them once more."))
    except FileWithoutWords:
        messages.warning(request, _("Describe each sound, film or picture in words first."))
    except (NothingWritten, ReleaseOver, NotAMember):
        messages.warning(request, _("This could not be shared as it is now. Nothing has gone to anybody."))
    else:
        if release.released_at is None:
            messages.success(request, _("Put forward. It goes to nobody until your partner has said yes to it."))
        elif release.audience == Release.Audience.LINK:
            messages.success(request, _("The link is ready to be made. Nobody can open it yet."))
        else:
            messages.success(request, _("Shared. You can stop it at any time."))
        return redirect("learning_log:release", entry_id=entry.pk, release_id=release.pk)
    return redirect(f"{reverse('learning_log:share_beyond', args=[entry.pk])}{form.step.query}")


@require_safe
def release_list(request: HttpRequest) -> HttpResponse:
    """What waits for the reader's word, what others read now, and what is over."""
    user = current_user(request)
    mine = Release.objects.of_member(user).select_related("entry", "facilitator", "link", "ended_by", "proposed_by")
    live = set(Release.objects.live().filter(pk__in=mine.values("pk")).values_list("pk", flat=True))
    waiting = set(Release.objects.waiting_for(user).values_list("pk", flat=True))
    found = [(release, audiences.who(release)) for release in mine.order_by("-proposed_at", "-pk")[:MOST_LISTED]]
    read = set(Entry.objects.visible_to(user).filter(pk__in=mine.values("entry")).values_list("pk", flat=True))
    for release, _who in found:
        if release.pk not in live and release.entry_id not in read:
            release.title = ""  # what was taken back keeps no title either
    context = {
        "waiting": [one for one in found if one[0].pk in waiting],
        "asked": [one for one in found if one[0].is_waiting and one[0].pk not in waiting and not _is_past(one[0])],
        "live": [one for one in found if one[0].pk in live],
        "over": [one for one in found if one[0].pk not in live and (not one[0].is_waiting or _is_past(one[0]))],
    }
    return render(request, "learning_log/release_list.html", context)


@require_safe
def shared_with_you(request: HttpRequest) -> HttpResponse:
    """What other pairs have opened to this reader, for as long as they do; stories have pages of their own."""
    user = current_user(request)
    found = Release.objects.filter(pk__in=Release.objects.newest_read_by(user).values("pk")).exclude(audience="public")
    opened = found.exclude(pk__in=Release.objects.of_member(user).values("pk"))
    words = Prefetch("versions", ReleasedVersion.objects.select_related("version__voice__author"))
    context = {"releases": opened.prefetch_related(words).order_by("-released_at", "-pk")[:MOST_LISTED]}
    return render(request, "learning_log/release_shared.html", context)


@require_safe
def release_detail(request: HttpRequest, entry_id: int, release_id: int) -> HttpResponse:
    """One release as the pair sees it: the exact page, the terms, who has said yes, and the next step."""
    release = _release(request, entry_id, release_id)
    return render(request, "learning_log/release_detail.html", _detail(request, release))


@form_page
def release_agree(request: HttpRequest, entry_id: int, release_id: int) -> HttpResponse:
    """Say yes to exactly what the page showed."""
    release = _release(request, entry_id, release_id)
    context = _detail(request, release)
    has_details = context["rehearsal"] is not None and context["rehearsal"].details
    if request.method != "POST" or (has_details and request.POST.get("looked") != "yes"):
        returning.data(request)
        context["must_look"] = request.method == "POST"
        return render(request, "learning_log/release_detail.html", context)
    try:
        actions.consent_to(release=release, by=current_user(request))
    except (ReleaseOver, NotTheirs):
        messages.warning(
            request, _("This is not waiting for your word any more. Nothing has been shared by your click.")
        )
    else:
        messages.success(request, _("You have both said yes. It is shared now, and either of you can stop it."))
    return redirect("learning_log:release", entry_id=entry_id, release_id=release_id)


@require_POST
def release_refuse(request: HttpRequest, entry_id: int, release_id: int) -> HttpResponse:
    """Say no, or give up what one put forward oneself. No reason is asked."""
    release = _release(request, entry_id, release_id)
    try:
        actions.refuse_release(release=release, by=current_user(request))
    except ReleaseOver:
        messages.warning(request, _("It was shared in the meantime. You can stop it here."))
        return redirect("learning_log:release", entry_id=entry_id, release_id=release_id)
    messages.success(request, _("It stays between you. Nobody else has seen it."))
    return redirect("learning_log:releases")


@form_page
def release_stop(request: HttpRequest, entry_id: int, release_id: int) -> HttpResponse:
    """Withdraw, alone: gone for its readers on their next request."""
    release = _release(request, entry_id, release_id)
    if request.method == "POST":
        actions.withdraw_release(release=release, by=current_user(request))
        messages.success(request, _("Stopped. They can no longer open it."))
        return redirect("learning_log:release", entry_id=entry_id, release_id=release_id)
    returning.data(request)
    return render(request, "learning_log/release_stop.html", _detail(request, release))


@require_POST
def link_make(request: HttpRequest, entry_id: int, release_id: int) -> HttpResponse:
    """The address of a live link, shown once. Made again, the one before opens nothing."""
    release = _release(request, entry_id, release_id)
    try:
        token = actions.renew_link(release=release, by=current_user(request))
    except (ReleaseOver, NotTheirs):
        messages.warning(request, _("This link is over. Share the entry again to make a new one."))
        return redirect("learning_log:release", entry_id=entry_id, release_id=release_id)
    address = request.build_absolute_uri(reverse("learning_log:link", args=[token]))
    context = _detail(request, release) | {"address": address}
    response = render(request, "learning_log/link_made.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _chosen(request: HttpRequest, steps: list[Step]) -> Step | None:
    """The audience the address names; None lets the person choose."""
    to, who = request.GET.get("to", ""), request.GET.get("who", "")
    for step in steps:
        if step.audience == to and (step.facilitator is None or str(step.facilitator.pk) == who):
            return step
    return None


def _release(request: HttpRequest, entry_id: int, release_id: int) -> Release:
    """404 unless the reader is one of those whose release it is, and it is a release of this entry."""
    mine = Release.objects.of_member(current_user(request)).filter(entry_id=entry_id)
    related = mine.select_related("entry__pair", "entry__prompt_set", "facilitator", "link", "proposed_by", "ended_by")
    return get_object_or_404(related, pk=release_id)


def _is_past(release: Release) -> bool:
    return release.ends_at <= timezone.now()


def _detail(request: HttpRequest, release: Release) -> dict[str, Any]:
    user, entry = current_user(request), release.entry
    reads_entry = Entry.objects.visible_to(user).filter(pk=entry.pk).exists()
    if not reads_entry and not _consented(release, user.pk):
        raise Http404
    is_live = Release.objects.live().filter(pk=release.pk).exists()
    is_waiting = release.is_waiting and not _is_past(release)
    sides = pages.sides_of(entry.pair_id)
    consents = {consent.person_id: consent for consent in release.consents.select_related("person")}
    # Words that are over belong to whoever wrote them: they may have been taken back since.
    rehearsal = rehearsing.of_release(release, at=timezone.now()) if is_live or (is_waiting and reads_entry) else None
    if not (is_live or reads_entry):
        release.title = ""
    people = [release.proposed_by] if not release.needs_both else pages.people_of(entry.pair_id)
    return {
        "entry": entry,
        "release": release,
        "who": audiences.who(release),
        "rehearsal": rehearsal,
        "story": rehearsing.as_story(rehearsal, release) if rehearsal else None,
        "consents": [(person, sides.get(person.pk, ""), consents.get(person.pk)) for person in people],
        "is_live": is_live,
        "is_waiting": is_waiting,
        "waits_for_reader": Release.objects.waiting_for(user).filter(pk=release.pk).exists(),
        "can_stop": _consented(release, user.pk),
    }


def _consented(release: Release, user_id: int) -> bool:
    return Consent.objects.filter(release=release, person=user_id, withdrawn_at=None).exists()
