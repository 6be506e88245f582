"""The assisted route: staff write down what they hear, or somebody the person chose helps them."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import accounts.actions
import cohorts.actions
from accounts import audit
from accounts.models import User
from applications.actions.reviewing import add_note
from applications.actions.sending import confirm
from applications.actions.starting import make_application
from applications.actions.states import lock, lock_draft
from applications.exceptions import AlreadyApplying, ApplicationsClosed, HelperUnknown, NotTheirs
from applications.models import Applicant, Application
from cohorts.models import Cohort
from cohorts.stages import Act


@transaction.atomic
def start_for(
    *, cohort: Cohort, by: User, kind: str, route: str, people: dict[str, dict[str, str]], at: datetime | None = None
) -> Application:
    """Begin an application for people on the telephone or on paper. Managers do this, also while choosing pairs.

    `people` holds name, email and phone by side; one of them for somebody who looks for a partner. An e-mail address
    may be empty. Whoever has one can sign in and go on alone. Raises ApplicationsClosed, AlreadyApplying for two equal
    addresses, and CohortArchived.
    """
    at = at or timezone.now()
    locked = cohorts.actions.lock(cohort)
    if not locked.allows(Act.HEAR):
        raise ApplicationsClosed
    addresses = [person["email"].strip().lower() for person in people.values() if person["email"].strip()]
    if len(set(addresses)) != len(addresses):
        raise AlreadyApplying
    application = make_application(cohort=locked, kind=kind, route=route, by=by, at=at)
    for side, person in people.items():
        address = person["email"].strip().lower()
        user = accounts.actions.ensure_user(email=address, by=by, name=person["name"]) if address else None
        Applicant.objects.create(
            application=application,
            cohort=locked,
            side=side,
            name=person["name"],
            email=address,
            phone=person["phone"],
            user=user,
            joined_at=at,
        )
    return application


@transaction.atomic
def confirm_for(*, applicant: Applicant, by: User, how: str, at: datetime | None = None) -> Application:
    """Record a person's own yes, after their answers were read back to them. Managers do this.

    `how` says when and on which way it was heard; who helps them, and how that was agreed, stays as it was. A second
    call changes nothing, nor does one for what has been sent. Raises what `confirm` raises.
    """
    at = at or timezone.now()
    cohorts.actions.lock(applicant.cohort)
    if lock(applicant.application).is_draft:
        _note_reading_back(applicant, how, by=by, at=at)
    return confirm(applicant=applicant, by=by, at=at)


def _note_reading_back(applicant: Applicant, how: str, *, by: User, at: datetime) -> None:
    """Once for each yes: an answer changed since takes the yes back, and is read back anew.

    What was agreed with a helper keeps its row; how it was read back is then a note of the team's.
    """
    unread = Applicant.objects.live().filter(pk=applicant.pk, confirmed_at=None)
    if unread.update(read_back_at=at):
        if not unread.filter(helper=None).update(helper_agreed_at=at, helper_agreed_how=how):
            side = applicant.get_side_display()
            text = _("Read back to them (%(side)s): %(how)s") % {"side": side, "how": how}
            add_note(application=applicant.application, text=text, by=by, at=at)
        audit.record(verb="applicant.read_back", by=by, target=applicant, application=applicant.application_id)


@transaction.atomic
def let_help(*, applicant: Applicant, by: User, helper_email: str, how: str = "", at: datetime | None = None) -> None:
    """Let somebody act for one person: see and write that person's part and the shared one, and say yes for them.

    Called by the person, or by a manager who heard it (`how`). Another address replaces the first. Raises
    ApplicationsClosed for what is no longer a draft, NotTheirs for one of the two themselves and for a helper who would
    pass it on, and HelperUnknown for an address that nobody has ever signed in with: an address only typed makes no
    account.
    """
    at = at or timezone.now()
    application = lock_draft(applicant.application)
    if application.applicants.live().filter(pk=applicant.pk, helper=by).exists():
        raise NotTheirs
    address = helper_email.strip().lower()
    if application.applicants.live().filter(email=address).exists():
        raise NotTheirs
    helper = accounts.actions.person_with(address)
    if helper is None or not helper.is_active:
        raise HelperUnknown
    Applicant.objects.filter(pk=applicant.pk).update(helper=helper, helper_agreed_at=at, helper_agreed_how=how)
    audit.record(verb="helper.agreed", by=by, target=applicant, application=application.pk, helper=helper.pk)


@transaction.atomic
def end_help(*, applicant: Applicant, by: User) -> None:
    """The person, or the helper, ends it at once; a second call changes nothing."""
    ended = Applicant.objects.filter(pk=applicant.pk).exclude(helper=None)
    if ended.update(helper=None, helper_agreed_at=None, helper_agreed_how=""):
        audit.record(verb="helper.ended", by=by, target=applicant, application=applicant.application_id)
