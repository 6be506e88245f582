"""Making, inviting, withdrawing and ending in the browser; nothing about writing on any page."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import learning_log.actions
import pairs.actions
from accounts.models import Role, User
from learning_log.actions import EntryText
from notifications.models import LedgerRow
from pairs.models import Membership, Pair
from tests.accounts.factories import make_staff
from tests.pairs.factories import make_cohort, make_full_pair, make_pair, side, walk_to

pytestmark = pytest.mark.django_db

FORM = {
    "professional_email": "imogen@pairs.test",
    "professional_name": "Imogen Achterberg",
    "partner_email": "desmond@pairs.test",
    "challenge": "Going home on a Friday",
}


@pytest.fixture
def manager(client: Client) -> User:
    user = make_staff(Role.MANAGER)
    client.force_login(user)
    return user


def words(response: Any) -> str:
    return str(response.content.decode())


def test_a_manager_makes_a_pair_and_both_are_invited(client: Client, manager: User) -> None:
    cohort = make_cohort()

    made = client.post(f"/staff/cohorts/{cohort.slug}/pairs/new/", FORM, follow=True)

    pair = Pair.objects.get()
    assert made.redirect_chain == [(f"/staff/pairs/{pair.pk}/", 302)]
    assert "both people are being invited" in words(made)
    assert words(made).count("Invited, no answer yet") == 2
    assert LedgerRow.objects.filter(kind="pairs.invitation", state="queued").count() == 2


def test_a_second_click_leads_to_the_pair_that_the_first_made(client: Client, manager: User) -> None:
    cohort = make_cohort()
    address = f"/staff/cohorts/{cohort.slug}/pairs/new/"
    client.post(address, FORM)

    again = client.post(address, FORM, follow=True)
    other = client.post(address, FORM | {"challenge": "Something else"})

    assert again.redirect_chain == [(f"/staff/pairs/{Pair.objects.get().pk}/", 302)]
    assert "This pair is made already" in words(again)
    assert "Somebody with this address has a pair in this cohort" in words(other)


def test_a_challenge_that_a_colleague_put_right_meanwhile_is_not_undone(client: Client, manager: User) -> None:
    pair = make_pair(challenge="Going home")
    address = f"/staff/pairs/{pair.pk}/edit/"
    seen = client.get(address).context["seen"]
    client.post(address, {"challenge": "Theirs", "seen": seen})

    refused = client.post(address, {"challenge": "Ours", "funding": "A grant", "seen": seen})
    saved = client.post(address, {"challenge": "Ours", "funding": "A grant", "seen": refused.context["seen"]})

    assert (refused.status_code, saved.status_code) == (409, 302)
    assert "Somebody changed this while you did" in words(refused)
    assert '<dd dir="auto">Theirs</dd>' in words(refused)
    pair.refresh_from_db()
    assert (pair.challenge, pair.funding) == ("Ours", "A grant")


def test_an_archived_cohort_shows_no_form_about_its_pairs(client: Client, manager: User) -> None:
    pair, _professional, _partner = make_full_pair()
    walk_to(pair.cohort, "archived")
    detail = f"/staff/cohorts/{pair.cohort.slug}/"

    forms = [f"{detail}pairs/new/", f"/staff/pairs/{pair.pk}/edit/", f"/staff/pairs/{pair.pk}/invite/partner/"]

    assert [client.get(address).headers.get("Location") for address in forms] == [detail] * 3


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"partner_email": "IMOGEN@pairs.test"}, "A pair is two people: enter a different address for each of them."),
        ({"partner_email": "taken@pairs.test"}, "Somebody with this address has a pair in this cohort"),
        ({"professional_email": "taken@pairs.test"}, "Somebody with this address has a pair in this cohort"),
        ({"partner_email": "not an address"}, "Enter an email address in the right form"),
        ({"partner_email": ""}, "Enter the patient partner’s email address."),
        ({"challenge": ""}, "Enter the shared challenge."),
        ({"challenge": "x" * 201}, "at most 200 characters"),
    ],
)
def test_a_pair_that_cannot_be_comes_back_filled_with_what_to_do(
    client: Client, manager: User, change: dict[str, str], error: str
) -> None:
    cohort = make_cohort()
    make_pair(cohort, partner_email="taken@pairs.test")

    page = client.post(f"/staff/cohorts/{cohort.slug}/pairs/new/", FORM | change)

    shown = words(page)
    assert (page.status_code, Pair.objects.count()) == (200, 1)
    assert error in shown
    assert "<title>Error: " in shown
    assert "Imogen Achterberg" in shown


def test_without_a_place_left_the_form_says_so(client: Client, manager: User) -> None:
    cohort = make_cohort(places=1)
    make_pair(cohort)

    page = words(client.post(f"/staff/cohorts/{cohort.slug}/pairs/new/", FORM))

    assert "The only place is taken" in page
    assert "Imogen Achterberg" in page


@pytest.mark.parametrize(("state", "error"), [("ended", "takes no new people"), ("archived", "is archived")])
def test_a_cohort_that_is_over_takes_no_pair(client: Client, manager: User, state: str, error: str) -> None:
    cohort = make_cohort(state=state)

    page = words(client.post(f"/staff/cohorts/{cohort.slug}/pairs/new/", FORM))

    assert error in page
    assert "Imogen Achterberg" in page


def test_an_invitation_is_sent_again_once_however_often_the_button_is_pressed(client: Client, manager: User) -> None:
    invitation = side(make_pair(), "partner")
    address = f"/staff/invitations/{invitation.pk}/resend/"

    assert 'name="sent_count" value="1"' in words(client.get(address))
    first = client.post(address, {"sent_count": "1"}, follow=True)
    second = client.post(address, {"sent_count": "1"}, follow=True)

    assert "A new link is on its way" in words(first)
    assert "Nothing was sent" in words(second)
    invitation.refresh_from_db()
    assert invitation.sent_count == 2


def test_an_invitation_is_withdrawn_and_somebody_else_is_invited(client: Client, manager: User) -> None:
    pair = make_pair()
    invitation = side(pair, "partner")

    for expected in ("The invitation is withdrawn", "Nothing changed"):
        page = client.post(f"/staff/invitations/{invitation.pk}/withdraw/", follow=True)
        assert expected in words(page)
    client.post(f"/staff/pairs/{pair.pk}/invite/partner/", {"email": "next@pairs.test", "name": "Nell"})
    again = client.post(f"/staff/pairs/{pair.pk}/invite/partner/", {"email": "third@pairs.test"})

    assert "Somebody has this side of the pair" in words(again)
    assert side(pair, "partner").email == "next@pairs.test"
    assert client.get(f"/staff/pairs/{pair.pk}/invite/nobody/").status_code == 404


def test_somebody_leaves_and_a_pair_ends(client: Client, manager: User) -> None:
    pair, _professional, partner = make_full_pair()
    membership = Membership.objects.of(partner).get()

    for expected in ("What they wrote stays theirs", "They had left before"):
        page = client.post(f"/staff/memberships/{membership.pk}/end/", {"reason": "left"}, follow=True)
        assert expected in words(page)
    for expected in ("The pair has ended", "had ended before"):
        assert expected in words(client.post(f"/staff/pairs/{pair.pk}/end/", follow=True))

    membership.refresh_from_db()
    assert membership.end_reason == "left"


def test_no_console_page_shows_anything_of_the_log(client: Client, manager: User) -> None:
    pair, professional, _partner = make_full_pair()
    text = EntryText(answers=("Canary body.",), happened_on=timezone.localdate(), title="Canary title")
    entry = learning_log.actions.start_entry(pair=pair, text=text, form_key=uuid.uuid4(), by=professional).entry
    voice = entry.voices.get()
    learning_log.actions.share_with_pair(voice=voice, version=voice.version, by=professional)

    for address in ("/staff/", "/staff/cohorts/", f"/staff/cohorts/{pair.cohort.slug}/", f"/staff/pairs/{pair.pk}/"):
        assert "Canary" not in words(client.get(address))
    assert client.get(f"/pairs/{pair.pk}/").status_code == 404


def test_the_pages_about_one_pair_take_few_queries(
    client: Client, manager: User, django_assert_max_num_queries: Any
) -> None:
    pair, _professional, _partner = make_full_pair()
    invitation = side(make_pair(pair.cohort), "partner")
    for address in (
        f"/staff/pairs/{pair.pk}/",
        f"/staff/pairs/{pair.pk}/edit/",
        f"/staff/pairs/{pair.pk}/end/",
        f"/staff/invitations/{invitation.pk}/resend/",
        f"/staff/invitations/{invitation.pk}/withdraw/",
        "/staff/",
    ):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


def test_an_ended_pair_offers_nothing_to_change(client: Client, manager: User) -> None:
    pair, _professional, _partner = make_full_pair()
    pairs.actions.end_pair(pair=pair, by=manager)

    page = words(client.get(f"/staff/pairs/{pair.pk}/"))

    assert "Ended on" in page
    assert "End this pair" not in page


# ---- The console's first page ----


@pytest.mark.parametrize(
    ("role", "paths"),
    [
        (
            Role.MANAGER,
            {
                "/staff/enquiries/?whose=nobody",
                "/staff/enquiries/?whose=mine&due=due",
                "/staff/applications/",
                "/staff/outbox/?state=uncertain",
                "/staff/cohorts/",
            },
        ),
        (Role.FACILITATOR, {"/staff/cohorts/"}),
        (Role.MODERATOR, {"/staff/moderation/"}),
        (Role.FINANCE, set()),
        (Role.EVALUATOR, set()),
    ],
)
def test_the_first_page_counts_only_what_a_role_opens(client: Client, role: Role, paths: set[str]) -> None:
    walk_to(make_cohort(), "running")
    client.force_login(make_staff(role))

    page = client.get("/staff/")

    assert {count.path for count in page.context["counts"]} == paths
    for path in paths:
        assert client.get(path).status_code == 200
