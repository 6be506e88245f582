"""From the table to two people who want to meet: asking both, their answers, and what comes of two yeses.

Locks: the cohort's row, then the two applications, then the introduction. Nobody ever learns from us who said no.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

import cohorts.actions
from accounts import audit
from accounts.models import User
from applications.actions import states
from applications.exceptions import ApplicationMoved
from applications.models import Applicant, Application
from cohorts.exceptions import CohortArchived
from cohorts.models import Cohort
from cohorts.schedules import moment
from cohorts.stages import Act
from notifications.actions import queue_mail, void_mail
from pairs.exceptions import CohortClosed, IntroductionClosed, TableChanged
from pairs.matching.joining import join
from pairs.matching.loading import looking_in
from pairs.matching.models import Introduction, MatchRule

State = Introduction.State
# What two who were introduced had together is over; who stays may look for a partner again.
ENDED_WITHOUT_A_PLACE = {Application.State.WITHDRAWN, Application.State.DECLINED, Application.State.LEFT}


@transaction.atomic
def publish(*, cohort: Cohort, introductions: Collection[int], by: User, at: datetime | None = None) -> int:
    """Ask both people of each couple, as the check page showed them; how many couples. Called by managers.

    All or none: raises TableChanged when one of the couples has gone, was published by a colleague, or somebody of them
    no longer looks. Raises CohortClosed once no new application can come of it, and CohortArchived.
    """
    at = at or timezone.now()
    locked = cohorts.actions.lock(cohort)
    if not locked.allows(Act.INTRODUCE):
        raise CohortClosed
    ready = Introduction.objects.prepared().filter(cohort=locked, pk__in=introductions).with_people().order_by("pk")
    found = list(ready)
    people = {one.professional_id for one in found} | {one.partner_id for one in found}
    looking = len(looking_in(locked).filter(pk__in=people).select_for_update(of=("self",)))
    if not found or len(found) != len(set(introductions)) or looking != len(people):
        raise TableChanged
    answer_by = _end_of_day(locked, at)
    Introduction.objects.prepared().filter(pk__in=introductions).update(
        state=State.PUBLISHED, published_by=by, published_at=at, answer_by=answer_by
    )
    for introduction in found:
        for person in (introduction.professional, introduction.partner):
            _mail("pairs.introduction", introduction, person, at=at, expires_at=answer_by)
        audit.record(verb="introduction.published", by=by, target=introduction, cohort=locked.pk)
    return len(found)


@transaction.atomic
def say_yes(
    *, introduction: Introduction, applicant: Applicant, by: User, heard: str = "", at: datetime | None = None
) -> Introduction:
    """This person would like to meet the other. The second yes makes one application of the two.

    Called by the person, or by a manager who writes down how they `heard` it. A second yes of the same person changes
    nothing. Raises IntroductionClosed when it is over, once the cohort has begun, and CohortArchived.
    """
    at = at or timezone.now()
    cohort = cohorts.actions.lock(introduction.cohort)
    current = _hold(introduction)
    if current.state == State.AGREED or (current.is_waiting and current.has_yes_of(applicant)):
        return current
    if not current.takes_answers(cohort, at):
        raise IntroductionClosed
    said = {f"{applicant.side}_yes_at": at, f"{applicant.side}_heard": heard}
    Introduction.objects.published().filter(pk=current.pk).update(**said)
    audit.record(verb="introduction.yes", by=by, target=current, side=applicant.side)
    current.refresh_from_db()
    if current.professional_yes_at and current.partner_yes_at:
        _agree(current, by=by, at=at)
    return current


@transaction.atomic
def say_no(
    *, introduction: Introduction, applicant: Applicant, by: User, heard: str = "", at: datetime | None = None
) -> Introduction:
    """Not this time. No reason is asked; both look on. Also after one's own yes, while the other's is awaited.

    A second call changes nothing. Raises IntroductionClosed once both have agreed.
    """
    at = at or timezone.now()
    current = _hold(introduction)
    if current.state == State.AGREED:
        raise IntroductionClosed
    if current.is_waiting:
        Introduction.objects.filter(pk=current.pk).update(**{f"{applicant.side}_heard": heard})
        _close(current, State.DECLINED, by=by, at=at, said_no=applicant)
    return current


@transaction.atomic
def call_off(*, introduction: Introduction, by: User, at: datetime | None = None) -> None:
    """Take back what was asked; both look on. Called by managers. Raises IntroductionClosed once it is answered."""
    current = _hold(introduction)
    if not current.is_waiting:
        raise IntroductionClosed
    _close(current, State.WITHDRAWN, by=by, at=at or timezone.now())


def lapse_overdue(*, at: datetime | None = None) -> int:
    """Close what was not answered in time, each by itself; both look on. How many. Called by the sweep."""
    at = at or timezone.now()
    lapsed = 0
    for introduction in Introduction.objects.overdue(at).exclude(cohort__state=Cohort.State.ARCHIVED).order_by("pk"):
        try:
            with transaction.atomic():
                current = _hold(introduction)
                if current.is_waiting:
                    _close(current, State.LAPSED, by=None, at=at)
                    lapsed += 1
        except CohortArchived:
            continue
    return lapsed


def end_introductions_of(application: Application, by: User | None, at: datetime) -> None:
    """When an application ends: nobody is asked about its person any more, and what was only prepared goes.

    A joint application that ends before it has a place sets its two people free to look again. Runs in the step's own
    transaction, after it.
    """
    people = list(application.applicants.values_list("pk", flat=True))
    theirs = Introduction.objects.filter(Q(professional__in=people) | Q(partner__in=people))
    theirs.prepared().delete()
    for introduction in theirs.published().with_people().select_for_update(of=("self",)):
        _close(introduction, State.WITHDRAWN, by=by, at=at, untold=people)
    if application.state in ENDED_WITHOUT_A_PLACE:
        for introduction in Introduction.objects.filter(became=application, state=State.AGREED):
            Introduction.objects.filter(pk=introduction.pk).update(state=State.WITHDRAWN, closed_at=at)
            audit.record(verb="introduction.withdrawn", by=by, target=introduction)
    if application.state == Application.State.WITHDRAWN:
        for seeking in Application.objects.filter(became=application, state=Application.State.PAIRED):
            states.look_again(application=seeking, by=by, at=at)


def foresee_end_of_introductions(application: Application) -> list[str]:
    """What the end of an application means to whoever one of its people is being introduced to."""
    people = application.applicants.values("pk")
    open_now = Introduction.objects.published().filter(Q(professional__in=people) | Q(partner__in=people))
    told = _("The introduction ends. The other person is told that it has, without any reason.")
    return [told] if open_now.exists() else []


def mail_key(introduction: Introduction, applicant: Applicant, kind: str) -> str:
    return f"{kind}:{introduction.pk}:{applicant.pk}"


def _hold(introduction: Introduction) -> Introduction:
    """The introduction as it stands, with its cohort, its two applications and itself held."""
    cohorts.actions.lock(introduction.cohort)
    couple = Applicant.objects.filter(pk__in=introduction.couple).values("application")
    list(Application.objects.select_for_update().filter(pk__in=couple).order_by("pk"))
    return Introduction.objects.with_people().select_for_update(of=("self",)).get(pk=introduction.pk)


def _agree(introduction: Introduction, *, by: User, at: datetime) -> None:
    """Raises IntroductionClosed when one of the two no longer looks, or the team keeps them apart by now."""
    kept_apart = MatchRule.objects.live().filter(kind=MatchRule.Kind.FORBID)
    looking = looking_in(introduction.cohort).filter(pk__in=introduction.couple).count()
    if looking < 2 or kept_apart.filter(professional=introduction.professional, partner=introduction.partner).exists():
        raise IntroductionClosed
    try:
        application = join(introduction, by=by, at=at)
    except ApplicationMoved as error:
        raise IntroductionClosed from error
    Introduction.objects.filter(pk=introduction.pk).update(state=State.AGREED, became=application, closed_at=at)
    introduction.refresh_from_db()
    audit.record(verb="introduction.agreed", by=by, target=introduction, application=application.pk)
    for person in (introduction.professional, introduction.partner):
        void_mail(
            dedupe_keys=[mail_key(introduction, person, "pairs.introduction")],
            reason=_("The introduction was answered, or is over."),
        )
        _mail("pairs.introduction_agreed", introduction, person, at=at)


def _close(
    introduction: Introduction,
    state: str,
    *,
    by: User | None,
    at: datetime,
    said_no: Applicant | None = None,
    untold: Collection[int] = (),
) -> None:
    """End it and tell both, in the same words whoever ended it and however; not whoever did so just now."""
    Introduction.objects.filter(pk=introduction.pk).update(state=state, closed_at=at, said_no=said_no)
    introduction.refresh_from_db(fields=["state", "closed_at", "said_no"])
    audit.record(verb=f"introduction.{state}", by=by, target=introduction)
    for person in (introduction.professional, introduction.partner):
        void_mail(
            dedupe_keys=[mail_key(introduction, person, "pairs.introduction")],
            reason=_("The introduction was answered, or is over."),
        )
        if person.pk not in untold and person != said_no:
            _mail("pairs.introduction_over", introduction, person, at=at)


def _mail(
    kind: str, introduction: Introduction, person: Applicant, *, at: datetime, expires_at: datetime | None = None
) -> None:
    if person.has_address:
        queue_mail(
            kind=kind,
            address=person.email,
            recipient=person.user,
            dedupe_key=mail_key(introduction, person, kind),
            ids={"introduction": introduction.pk, "applicant": person.pk},
            due_at=at,
            expires_at=expires_at,
        )


def _end_of_day(cohort: Cohort, at: datetime) -> datetime:
    """The end of the last day to answer, in the cohort's zone."""
    last = at.astimezone(cohort.zone).date() + timedelta(days=settings.INTRODUCTION_MAX_AGE_DAYS + 1)
    return moment(held_on=last, starts_at=datetime.min.time(), time_zone=cohort.time_zone)
