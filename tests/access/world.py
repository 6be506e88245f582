"""One of everything, made by the actions, for the access table."""

import uuid
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils import timezone

import accounts.actions
import applications.actions.answering
import applications.actions.deciding
import applications.actions.inviting
import applications.actions.questions
import applications.actions.starting
import cohorts.actions
import comments.actions
import guides.actions
import learning_log.actions
import pairs.actions
from accounts.models import Role, User
from applications.actions import reviewing
from applications.models import Applicant, Application, Conflict, Criterion, Decision, Reviewer
from cohorts.enquiries.models import Enquiry
from cohorts.models import Cohort, Programme, Session
from comments.actions import Words
from comments.models import Comment
from config.tokens import hash_of, new_token
from guides.actions import EditionText, SectionText
from guides.models import Guide
from learning_log.actions import EntryText, ReleaseTerms
from learning_log.models import Entry, Release, Response
from notifications.models import LedgerRow, Subscription
from pairs.models import Invitation, Pair
from portal.bringing_in.models import Import
from tests.applications.deciding import decide
from tests.applications.factories import make_application, make_open_cohort
from tests.cohorts.enquiries.factories import make_enquiry
from tests.portal.bringing import read as read_table


@dataclass(frozen=True)
class World:
    """The people of the table by their names in it, and one of each thing."""

    stranger: User
    professional: User
    partner: User
    other_pair: User
    facilitator: User
    moderator: User
    manager: User
    finance: User
    evaluator: User
    reviewer: User
    applicant: User
    admin: User
    programme: Programme
    cohort: Cohort
    open_cohort: Cohort
    session: Session
    pair: Pair
    foreign_pair: Pair
    application: Application
    application_token: str
    sent_application: Application
    conflict: Conflict
    criterion: Criterion
    reviewing: Reviewer
    offered_application: Application
    enquiry: Enquiry
    prepared_decision: Decision
    invitation: Invitation
    invitation_token: str
    entry: Entry
    draft: Entry
    response: Response
    story: Release
    guide: Guide
    draft_guide: Guide
    comment: Comment
    held_comment: Comment
    ledger_row: LedgerRow
    uncertain_row: LedgerRow
    unsubscribe_token: str
    sent_table: Import


def person(name: str) -> User:
    return accounts.actions.create_user(email=f"{name}@world.test", by=None, name=name.title())


def staff(name: str, role: Role) -> User:
    user = person(name)
    accounts.actions.grant_role(user=user, role=role, by=None)
    return user


def make_pair(cohort: Cohort, professional: User, partner: User, by: User) -> Pair:
    """A pair whose two members have joined."""
    pair = pairs.actions.make_pair(
        cohort=cohort,
        professional_email=professional.email,
        partner_email=partner.email,
        challenge="Going home on a Friday",
        by=by,
    )
    for invitation in pair.invitations.all():
        user = User.objects.get(email=invitation.email)
        pairs.actions.accept_invitation(invitation=invitation, by=user)
    return pair


def build_world() -> World:
    now = timezone.now()
    today = now.date()
    manager = staff("manager", Role.MANAGER)
    moderator, facilitator = staff("moderator", Role.MODERATOR), staff("facilitator", Role.FACILITATOR)
    admin = person("admin")
    accounts.actions.make_superuser(user=admin, by=None)
    professional, partner, other = person("professional"), person("partner"), person("other")

    programme = cohorts.actions.create_programme(
        by=manager, name="Collaborative pairs", charity="The Larkmoor Fund", contact_phone="01632 960 001"
    )
    cohort = cohorts.actions.create_cohort(
        programme=programme,
        by=manager,
        name="Saltmarsh",
        places=5,
        starts_on=today,
        ends_on=today + timedelta(days=300),
    )
    applications.actions.questions.publish_starter(cohort=cohort, by=manager)
    for state in (Cohort.State.OPEN, Cohort.State.SELECTING, Cohort.State.RUNNING):
        cohorts.actions.move_cohort(cohort=cohort, to=state, by=manager)
        cohort.refresh_from_db()
    open_cohort = cohorts.actions.create_cohort(
        programme=programme,
        by=manager,
        name="Fenby",
        places=3,
        starts_on=today + timedelta(days=90),
        ends_on=today + timedelta(days=400),
    )
    applications.actions.questions.publish_starter(cohort=open_cohort, by=manager)
    cohorts.actions.move_cohort(cohort=open_cohort, to=Cohort.State.OPEN, by=manager)
    cohorts.actions.assign_facilitator(cohort=cohort, user=facilitator, by=manager)
    session = cohorts.actions.add_session(
        cohort=cohort, by=manager, title="All pairs", held_on=today + timedelta(days=20), starts_at=time(10, 30)
    )
    pair = make_pair(cohort, professional, partner, manager)
    foreign_pair = make_pair(cohort, other, person("companion"), manager)
    invited = pairs.actions.make_pair(
        cohort=cohort,
        professional_email="new.professional@world.test",
        partner_email="new.partner@world.test",
        challenge="Letters",
        by=manager,
    )
    token = new_token()
    invitation = invited.invitations.earliest("pk")
    Invitation.objects.filter(pk=invitation.pk).update(token_hash=hash_of(token))
    invitation.refresh_from_db()

    entry = write(pair, professional, today)
    voice = entry.voices.get()
    learning_log.actions.share_with_pair(voice=voice, version=voice.version, by=professional)
    response = learning_log.actions.respond(entry=entry, body="Thank you.", form_key=uuid.uuid4(), by=partner)

    guide, draft_guide = write_guide("Starting as equals", manager), write_guide("Leaving well", manager)
    edition = guide.editions.get()
    guide = guides.actions.publish_edition(
        edition=edition, version=edition.version, change_summary="", by=manager, at=now
    )
    comment, held = say(guide, "Oriel"), say(guide, "Bram")
    comment = comments.actions.publish_comment(comment=comment, version=comment.version, by=moderator, at=now)

    rows = LedgerRow.objects.filter(
        kind="pairs.invitation", ids__invitation__in=[one.pk for one in invited.invitations.all()]
    )
    sent, uncertain = rows.order_by("pk")
    settle(sent, LedgerRow.State.SENT)
    settle(uncertain, LedgerRow.State.UNCERTAIN)
    subscription = Subscription.objects.create(user=partner, category="digest")

    applicant = person("applicant")
    application, application_token = apply_together(open_cohort, applicant)
    sent_application = make_application(open_cohort)
    reviewer, neighbour = staff("reviewer", Role.REVIEWER), staff("neighbour", Role.REVIEWER)
    seats = [reviewing.assign_reviewer(cohort=open_cohort, user=one, by=manager) for one in (reviewer, neighbour)]
    third_cohort = make_open_cohort(manager=manager, name="Marrowby")
    offered_application = make_application(third_cohort, professional=applicant, partner=person("fellow"))
    decide(offered_application, "offer", manager)
    return World(
        stranger=person("stranger"),
        professional=professional,
        partner=partner,
        other_pair=other,
        facilitator=facilitator,
        moderator=moderator,
        manager=manager,
        finance=staff("finance", Role.FINANCE),
        evaluator=staff("evaluator", Role.EVALUATOR),
        reviewer=reviewer,
        applicant=applicant,
        admin=admin,
        programme=programme,
        cohort=cohort,
        open_cohort=open_cohort,
        session=session,
        pair=pair,
        foreign_pair=foreign_pair,
        application=application,
        application_token=application_token,
        sent_application=sent_application,
        conflict=reviewing.declare_conflict(application=sent_application, user=neighbour, by=neighbour),
        criterion=reviewing.add_criterion(cohort=open_cohort, by=manager, text="The two can do it together."),
        reviewing=seats[0],
        offered_application=offered_application,
        enquiry=make_enquiry(programme),
        prepared_decision=applications.actions.deciding.prepare_decision(
            application=sent_application, verdict="reserve", by=manager
        ),
        invitation=invitation,
        invitation_token=token,
        entry=entry,
        draft=write(pair, professional, today),
        response=response,
        story=tell(pair, professional, partner, today),
        guide=guide,
        draft_guide=draft_guide,
        comment=comment,
        held_comment=held,
        ledger_row=sent,
        uncertain_row=uncertain,
        unsubscribe_token=subscription.token,
        sent_table=read_table(cohort, "people", b"Email,Name\nnot an address,Ada\n", by=manager),
    )


def apply_together(cohort: Cohort, applicant: User) -> tuple[Application, str]:
    """A draft with one answer of the applicant's own and one for both; the other is invited and has not come."""
    application = applications.actions.starting.start_application(
        cohort=cohort, by=applicant, kind=Application.Kind.PAIR, side=Applicant.Side.PARTNER
    )
    for key, whose in (("about", application.applicants.get()), ("challenge", None)):
        applications.actions.answering.save_answer(
            application=application,
            question=application.question_set.questions.get(key=key),
            applicant=whose,
            value="Letters nobody understands",
            version=0,
            by=applicant,
        )
    invited = applications.actions.inviting.invite_partner(
        application=application, by=applicant, name="Ada", email="ada@world.test"
    )
    token = new_token()
    Applicant.objects.filter(pk=invited.pk).update(token_hash=hash_of(token))
    return application, token


def write(pair: Pair, author: User, on: date) -> Entry:
    text = EntryText(answers=("What happened.",), happened_on=on, title="The same Friday")
    return learning_log.actions.start_entry(pair=pair, text=text, form_key=uuid.uuid4(), by=author).entry


def tell(pair: Pair, by: User, other: User, on: date) -> Release:
    """An entry of its own, released to the public with both consents."""
    voice = write(pair, by, on).voices.get()
    learning_log.actions.share_with_pair(voice=voice, version=voice.version, by=by)
    terms = ReleaseTerms(audience=Release.Audience.PUBLIC, ends_at=timezone.now() + timedelta(days=30))
    release = learning_log.actions.propose_release(
        entry=voice.entry, versions=[(voice.pk, voice.version)], terms=terms, by=by
    )
    return learning_log.actions.consent_to(release=release, by=other)


def write_guide(title: str, by: User) -> Guide:
    text = EditionText(title=title, sections=(SectionText("Before the first meeting", "Words."),))
    return guides.actions.create_guide(text=text, by=by)


def say(guide: Guide, name: str) -> Comment:
    words = Words(name=name, role="Carer", organisation="", email=f"{name.lower()}@readers.test", text="Thank you.")
    return comments.actions.submit_comment(
        guide=guide, words=words, held_reasons=[], key=uuid.uuid4(), at=timezone.now()
    )


def settle(row: LedgerRow, state: LedgerRow.State) -> None:
    """Put a row where a delivery would have left it."""
    secret = None if state in LedgerRow.FINAL else row.secret
    reason = "worker_lost" if state in LedgerRow.EXPLAINED else ""
    LedgerRow.objects.filter(pk=row.pk).update(
        state=state, attempt=1, reason=reason, settled_at=timezone.now(), secret=secret
    )
    row.refresh_from_db()
