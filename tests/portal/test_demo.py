"""The demo shows every state, and is made once."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Role, RoleAssignment, User
from applications.models import Application
from cohorts.enquiries.models import Enquiry
from cohorts.models import Break, Cohort, Programme
from comments.models import Comment
from guides.models import Guide
from learning_log.models import Entry, Release, Voice
from notifications.models import LedgerRow, Suppression
from pairs.matching.models import Introduction
from pairs.models import Invitation, Pair, QuietTime
from portal import demo

pytestmark = pytest.mark.django_db

PEOPLE = {
    "manager", "facilitator", "moderator", "finance", "evaluator", "reviewer", "admin", "supporter",
    "professional", "partner", "professional2", "partner2", "professional3", "partner3", "seeker",
}  # fmt: skip


def test_the_demo_has_every_person_and_every_state() -> None:
    assert demo.build(at=timezone.now(), password="alongside-demo")

    people = User.objects.filter(email__endswith="@demo.test").values_list("email", flat=True)
    assert {address.partition("@")[0] for address in people} >= PEOPLE
    assert set(RoleAssignment.objects.values_list("role", flat=True)) == set(Role.values)
    assert set(Cohort.objects.values_list("state", flat=True)) == set(Cohort.State.values)
    assert all(all(said) for said in Programme.objects.values_list("who_for", "led_by", "paid_for"))
    applied = {"draft", "sent", "reserve", "offered", "accepted", "not_this_time"}
    assert applied <= set(Application.objects.values_list("state", flat=True))
    assert set(Introduction.objects.values_list("state", flat=True)) >= {"prepared", "published"}
    running = Pair.objects.live().filter(cohort__state="running", memberships__ended_at=None).distinct()
    assert running.count() >= 12
    assert set(Guide.objects.values_list("state", flat=True)) == {"draft", "published"}
    assert set(Comment.objects.values_list("state", flat=True)) == {"held", "published", "refused"}
    assert Comment.objects.exclude(parent=None).exists()
    assert Voice.objects.filter(shared_at=None).exists()
    assert Voice.objects.exclude(shared_at=None).exists()
    assert Voice.objects.filter(author=None).exists()
    assert Entry.objects.waiting_for(User.objects.get(email="professional@demo.test")).exists()
    assert Release.objects.waiting_for(User.objects.get(email="professional@demo.test")).exists()
    assert set(Release.objects.live().values_list("audience", flat=True)) == {
        "facilitator", "cohort", "link", "public",
    }  # fmt: skip
    assert set(Enquiry.objects.closed().values_list("outcome", flat=True)) >= {
        "answered", "applied", "referred", "no_reply", "not_for_us",
    }  # fmt: skip
    assert Enquiry.objects.nobodys().exists()
    assert Enquiry.objects.overdue(timezone.localdate()).exists()
    assert Invitation.objects.waiting().exists()
    assert Break.objects.live().exists()
    assert QuietTime.objects.begun().exists()
    assert {"sent", "uncertain", "failed"} <= set(LedgerRow.objects.values_list("state", flat=True))
    assert Suppression.objects.exists()


def test_a_second_call_changes_nothing() -> None:
    demo.build(at=timezone.now(), password="alongside-demo")
    before = User.objects.count(), Pair.objects.count(), LedgerRow.objects.count(), Comment.objects.count()

    assert not demo.build(at=timezone.now(), password="alongside-demo")

    assert (User.objects.count(), Pair.objects.count(), LedgerRow.objects.count(), Comment.objects.count()) == before


def test_outside_demo_the_command_refuses() -> None:
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")

    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("address", "lands_on"),
    [("manager", "/staff/"), ("admin", "/staff/"), ("partner", "/pair/"), ("seeker", "/applications/")],
)
def test_signing_in_leads_to_ones_own_pages(address: str, lands_on: str, client: Client) -> None:
    demo.build(at=timezone.now(), password="alongside-demo")
    client.force_login(User.objects.get(email=f"{address}@demo.test"), backend=None)

    assert client.get("/start/")["Location"] == lands_on
