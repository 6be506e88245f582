"""The way in, from the mail to the pair's page, as a browser without JavaScript walks it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

import pairs.actions
from accounts.models import AuditEvent, Role, User
from cohorts.models import Cohort
from config.tokens import new_token
from notifications.models import LedgerRow
from pairs.limits import TRIES_PER_MINUTE
from pairs.models import Invitation, Membership, Pair
from tests.pairs.factories import (
    accept,
    make_cohort,
    make_full_pair,
    make_pair,
    make_person,
    make_staff,
    side,
    token_of,
)

pytestmark = pytest.mark.django_db

PARTNER = Membership.Side.PARTNER
PASSWORD = "three calm words 7"


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    cache.clear()


def path(invitation: Invitation, step: str = "") -> str:
    return f"/invitations/{token_of(invitation)}/" + (f"{step}/" if step else "")


def answer(client: Client, invitation: Invitation, **given: str) -> None:
    """Everything up to the last page."""
    given = {"name": "Desmond Quill", "way": "code", "called": "carer", "time_zone": "Europe/London"} | given
    client.post(path(invitation, "name"), {"name": given["name"]})
    client.post(path(invitation, "sign-in"), {"way": given["way"], "password": given.get("password", "")})
    client.post(path(invitation, "word"), {"called": given["called"]})
    client.post(path(invitation, "zone"), {"time_zone": given["time_zone"]})


def words(response: Any) -> str:
    return str(response.content.decode())


def test_the_link_stops_working_on_the_day_it_is_where_the_cohort_is(client: Client) -> None:
    """Nine in the evening in London is the next morning in Sydney; the mail and both pages name one day."""
    manager = make_staff(Role.MANAGER)
    pair = make_pair(by=manager, partner_email="desmond@pairs.test")
    Cohort.objects.filter(pk=pair.cohort_id).update(time_zone="Australia/Sydney")
    until = datetime(2030, 6, 1, 21, 0, tzinfo=UTC)
    invitation = pair.invitations.get(side=PARTNER)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=until)

    invited = words(client.get(path(invitation)))
    client.force_login(manager)
    for_staff = words(client.get(f"/staff/pairs/{pair.pk}/"))
    row = LedgerRow.objects.get(kind="pairs.invitation", ids__invitation=invitation.pk)

    assert "stops working on 2 June 2030" in invited
    assert "link good until 2 June 2030" in for_staff
    assert row.mail_kind.render(row)["expires_on"] == date(2030, 6, 2)


@pytest.mark.parametrize(("way", "password"), [("password", PASSWORD), ("code", "")])
def test_somebody_new_walks_from_the_link_to_the_pairs_page(client: Client, way: str, password: str) -> None:
    manager = make_staff(Role.MANAGER)
    pair = make_pair(by=manager, partner_email="desmond@pairs.test", professional_name="Imogen Achterberg")
    invitation = side(pair, PARTNER)

    start = client.get(path(invitation))
    assert all(
        text in words(start)
        for text in ("Saltmarsh 2027", "Going home on a Friday", "Imogen Achterberg", "d•••@pairs.test")
    )
    assert "desmond@pairs.test" not in words(start)

    steps = [
        ("name", {"name": "Desmond Quill"}),
        ("sign-in", {"way": way, "password": password}),
        ("word", {"called": "carer"}),
        ("zone", {"time_zone": "Asia/Kolkata"}),
    ]
    address = path(invitation, "name")
    for step, given in steps:
        assert address == path(invitation, step)
        assert client.get(address).status_code == 200
        address = client.post(address, given)["Location"]
    assert address == path(invitation, "check")
    check = words(client.get(address))
    assert all(text in check for text in ("Desmond Quill", "carer", "Asia: Kolkata"))
    assert not User.objects.filter(email="desmond@pairs.test").exists()

    joined = client.post(address, follow=True)

    user = User.objects.get(email="desmond@pairs.test")
    assert joined.redirect_chain == [(f"/pairs/{pair.pk}/", 302)]
    assert joined.context["user"] == user
    assert "Welcome, Desmond Quill" in words(joined)
    assert (user.called, user.time_zone, user.has_usable_password()) == ("carer", "Asia/Kolkata", way == "password")
    assert not password or user.check_password(password)


def test_looking_at_every_page_changes_nothing(client: Client) -> None:
    invitation = side(make_pair(), PARTNER)
    before = list(Invitation.objects.values()), AuditEvent.objects.count(), User.objects.count()

    for step in ("", "name", "sign-in", "word", "zone", "check"):
        client.get(path(invitation, step))
        client.head(path(invitation, step))

    assert (list(Invitation.objects.values()), AuditEvent.objects.count(), User.objects.count()) == before
    assert not client.session.keys()


def test_a_second_click_on_yes_lands_on_the_same_page(client: Client) -> None:
    invitation = side(make_pair(), PARTNER)
    answer(client, invitation)

    first = client.post(path(invitation, "check"))
    second = client.post(path(invitation, "check"))

    assert first["Location"] == second["Location"] == f"/pairs/{invitation.pair_id}/"
    assert Membership.objects.count() == 1


def test_a_second_click_that_lost_its_cookie_is_told_that_it_was_answered(client: Client) -> None:
    invitation = side(make_pair(), PARTNER)
    answer(client, invitation)
    client.post(path(invitation, "check"))

    again = type(client)().post(path(invitation, "check"))

    assert again.status_code == 410
    assert "has been answered" in words(again)


def test_the_password_is_never_kept_in_the_session(client: Client) -> None:
    invitation = side(make_pair(), PARTNER)

    answer(client, invitation, way="password", password=PASSWORD)

    kept = str(dict(client.session))
    assert PASSWORD not in kept
    assert "argon2" in kept


@pytest.mark.parametrize(
    ("step", "given", "error"),
    [
        ("name", {"name": " "}, "Enter your name."),
        ("name", {"name": "x" * 201}, "at most 200 characters"),
        ("sign-in", {}, "Choose how you would like to sign in."),
        ("sign-in", {"way": "password", "password": ""}, "Enter a password, or choose a code instead."),
        ("sign-in", {"way": "password", "password": "short"}, "at least 12 characters"),
        ("sign-in", {"way": "password", "password": "q1w2e3r4t5y6"}, "too common"),
        ("word", {"called": "x" * 61}, "at most 60 characters"),
        ("zone", {"time_zone": "Mars/Olympus"}, "Select a valid choice"),
    ],
)
def test_an_answer_that_cannot_stay_comes_back_with_what_to_do(
    client: Client, step: str, given: dict[str, str], error: str
) -> None:
    page = client.post(path(side(make_pair(), PARTNER), step), given)

    assert page.status_code == 200
    assert error in words(page)
    assert "<title>Error: " in words(page)


@pytest.mark.parametrize("name", ["ن" * 200, "👩‍👩‍👧 Quill", "O'Brien <script>", "‮Desmond"])
def test_names_of_every_kind_arrive_whole(client: Client, name: str) -> None:
    invitation = side(make_pair(), PARTNER)
    answer(client, invitation, name=name)

    page = client.post(path(invitation, "check"), follow=True)

    assert User.objects.get(email=invitation.email).name == name
    assert str(escape(name)) in words(page)
    assert "<script>" not in words(page)


def test_an_answer_can_be_changed_from_the_last_page(client: Client) -> None:
    invitation = side(make_pair(), PARTNER)
    answer(client, invitation)

    changed = client.post(path(invitation, "name") + "?change", {"name": "Des Quill"})

    assert changed["Location"] == path(invitation, "check")
    assert "Des Quill" in words(client.get(path(invitation, "check")))


def test_the_last_page_asks_for_what_is_missing(client: Client) -> None:
    invitation = side(make_pair(), PARTNER)
    client.post(path(invitation, "name"), {"name": "Desmond"})

    for act in (client.get, client.post):
        assert act(path(invitation, "check"))["Location"] == path(invitation, "sign-in")


# ---- Links that open nothing ----


@pytest.mark.parametrize("token", ["9IWSVgTmqg9gXW-soiljLQ", "short", "x" * 300, "%00", "é" * 22, "‮" * 22])
@pytest.mark.parametrize("step", ["", "check/"])
def test_unknown_and_malformed_links_look_alike(client: Client, token: str, step: str) -> None:
    page = client.get(f"/invitations/{token}/{step}")

    assert page.status_code == 404
    assert "We do not know this link" in words(page)


def test_a_link_that_has_run_out_says_how_to_get_a_new_one(client: Client) -> None:
    pair = make_pair()
    invitation = side(pair, PARTNER)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    page = client.get(path(invitation))

    assert page.status_code == 410
    assert "has run out" in words(page)
    assert "Going home on a Friday" not in words(page)


def test_a_withdrawn_link_and_one_of_a_cohort_that_is_over_are_closed(client: Client) -> None:
    manager = make_staff(Role.MANAGER)
    withdrawn, over = side(make_pair(), PARTNER), side(make_pair(), PARTNER)
    links = path(withdrawn), path(over)
    pairs.actions.withdraw_invitation(invitation=withdrawn, by=manager)
    Cohort.objects.filter(pk=over.pair.cohort_id).update(state="ended")

    for link in links:
        page = client.get(link)
        assert (page.status_code, "This invitation is closed" in words(page)) == (410, True)


def test_somebody_signed_in_with_another_address_learns_nothing(client: Client) -> None:
    pair = make_pair(professional_name="Imogen Achterberg")
    invitation = side(pair, PARTNER)
    client.force_login(make_person())

    for step in ("", "name", "check"):
        for act in (client.get, client.post):
            page = act(path(invitation, step))
            if page.status_code == 405:
                continue
            assert page.status_code == 403
            shown = words(page)
            assert "for another address" in shown
            for secret in ("Imogen", "Saltmarsh", "Friday", invitation.email):
                assert secret not in shown


def test_a_foreign_invitation_cannot_be_accepted_by_its_number(client: Client) -> None:
    invitation = side(make_pair(), PARTNER)
    client.force_login(make_person())

    assert client.post(f"/invitations/waiting/{invitation.pk}/accept/").status_code == 404
    assert Membership.objects.count() == 0


# ---- Somebody with an account ----


def test_somebody_with_an_account_signs_in_first_and_then_says_yes(client: Client) -> None:
    person = make_person()
    pair = make_pair(partner_email=person.email)
    invitation = side(pair, PARTNER)

    page = client.get(path(invitation))
    assert "/accounts/login/?next=/invitations/waiting/" in words(page)
    assert client.get(path(invitation, "name"))["Location"] == path(invitation)

    client.force_login(person)
    assert "Going home on a Friday" in words(client.get("/invitations/waiting/"))
    assert "Yes, join this pair" in words(client.get(path(invitation)))
    for _click in range(2):
        accepted = client.post(f"/invitations/waiting/{invitation.pk}/accept/")
        assert accepted["Location"] == f"/pairs/{pair.pk}/"

    assert list(Pair.objects.of_member(person)) == [pair]
    assert client.get(path(invitation))["Location"] == f"/pairs/{pair.pk}/"


def test_accepting_what_was_withdrawn_meanwhile_is_told(client: Client) -> None:
    person = make_person()
    invitation = side(make_pair(partner_email=person.email), PARTNER)
    pairs.actions.withdraw_invitation(invitation=invitation, by=make_staff(Role.MANAGER))
    client.force_login(person)

    page = client.post(f"/invitations/waiting/{invitation.pk}/accept/", follow=True)

    assert "can no longer be accepted" in words(page)


# ---- Headers and limits ----


def test_the_link_leaks_by_no_header_and_no_cache(client: Client) -> None:
    invitation = side(make_pair(), PARTNER)
    start, question = client.get(path(invitation)), client.get(path(invitation, "name"))

    assert "no-store" in start["Cache-Control"]
    assert "no-store" in question["Cache-Control"]
    assert start["Referrer-Policy"] == "no-referrer"
    # With no-referrer a browser sends `Origin: null`, and the form would be refused.
    assert question["Referrer-Policy"] == "strict-origin"
    assert start["X-Robots-Tag"] == "noindex"


def test_a_form_from_a_browser_passes_the_forgery_check() -> None:
    invitation = side(make_pair(), PARTNER)
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(path(invitation, "name"), secure=True)
    form = {"name": "Desmond", "csrfmiddlewaretoken": page.context["csrf_token"]}

    sent = browser.post(path(invitation, "name"), form, secure=True, headers={"origin": "https://testserver"})

    assert sent.status_code == 302


def test_who_tries_too_many_links_has_to_wait(client: Client, time_machine: Any) -> None:
    """Also across the turn of a minute: a window begins with the first try, not with the clock's."""
    time_machine.move_to("2030-11-30 18:00:59Z", tick=False)
    statuses = {client.get(f"/invitations/{new_token()}/").status_code for _try in range(TRIES_PER_MINUTE)}

    time_machine.move_to("2030-11-30 18:01:58Z", tick=False)
    assert statuses == {404}
    assert client.get(f"/invitations/{new_token()}/").status_code == 429


def test_every_page_of_the_way_in_takes_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    cohort = make_cohort(places=40)
    for _pair in range(30):
        make_pair(cohort)
    invitation = side(make_pair(cohort), PARTNER)
    answer(client, invitation)
    for step in ("", "name", "sign-in", "word", "zone", "check"):
        with django_assert_max_num_queries(12):
            assert client.get(path(invitation, step)).status_code == 200


def test_the_partner_is_named_only_as_staff_wrote_it(client: Client) -> None:
    pair = make_pair(professional_name="Imogen A.")
    accept(side(pair, Membership.Side.PROFESSIONAL), name="Imogen Achterberg-Whole-Name")

    page = words(client.get(path(side(pair, PARTNER))))

    assert "Imogen A." in page
    assert "Whole-Name" not in page


def test_a_full_pair_shows_both_people_to_both(client: Client) -> None:
    pair, professional, partner = make_full_pair()
    for reader in (professional, partner):
        client.force_login(reader)
        page = words(client.get("/pair/"))
        assert professional.name in page
        assert partner.name in page
        assert pair.challenge in page
