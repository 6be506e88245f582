"""Switching optional mail off: by one click in the mail (RFC 8058), or on a page."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from notifications.models import Subscription
from tests.conftest import SecureClient
from tests.notifications.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def subscription() -> Subscription:
    return Subscription.objects.create(user=make_person(), category="digest")


def link(subscription: Subscription) -> str:
    return reverse("notifications:unsubscribe", kwargs={"token": subscription.token})


def is_on(subscription: Subscription) -> bool:
    subscription.refresh_from_db()
    return subscription.is_on


def test_one_click_needs_no_cookie_no_token_no_sign_in(subscription: Subscription) -> None:
    mailbox = SecureClient(enforce_csrf_checks=True)

    answer = mailbox.post(link(subscription), {"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, dict(answer.cookies), is_on(subscription)) == (200, {}, False)


def test_a_second_click_is_answered_the_same(client: Client, subscription: Subscription) -> None:
    answers = [client.post(link(subscription)).status_code for _ in range(2)]

    assert (answers, is_on(subscription)) == ([200, 200], False)


def test_following_the_link_asks_and_changes_nothing(client: Client, subscription: Subscription) -> None:
    page = client.get(link(subscription))

    assert (page.status_code, is_on(subscription), dict(page.cookies)) == (200, True, {})
    assert "Yes, stop them" in page.content.decode()


def test_only_the_category_of_the_link_is_switched_off(client: Client, subscription: Subscription) -> None:
    reminders = Subscription.objects.create(user=subscription.user, category="reminder")

    client.post(link(subscription))

    assert (is_on(subscription), is_on(reminders)) == (False, True)


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_link_says_so(client: Client, method: str) -> None:
    page = getattr(client, method)(reverse("notifications:unsubscribe", kwargs={"token": "x" * 22}))

    assert page.status_code == 404
    assert "We do not know this link" in page.content.decode()


def test_a_person_chooses_on_their_own_page(client: Client) -> None:
    reader = make_person()
    client.force_login(reader)
    page = reverse("notifications:preferences")

    answer = client.post(page, {"reminder": "on"}, follow=True)

    assert answer.redirect_chain == [(page, 302)]
    assert dict(reader.mail_subscriptions.values_list("category", "is_on")) == {
        "reminder": True,
        "nudge": False,
        "digest": False,
    }
    shown = client.get(page).content.decode()
    assert ('name="reminder"' in shown, 'name="digest"' in shown, "These always come" in shown) == (True, True, True)


def test_a_visitor_is_asked_to_sign_in_first(client: Client) -> None:
    assert client.get(reverse("notifications:preferences")).status_code == 302


def test_every_switch_leaves_a_trail(client: Client, subscription: Subscription) -> None:
    from accounts.models import AuditEvent

    for _ in range(2):
        client.post(link(subscription))

    trail: Any = AuditEvent.objects.filter(verb__startswith="mail.").values_list("verb", "actor", "target_id")
    assert list(trail) == [("mail.switched_off", subscription.user_id, subscription.pk)]


def test_who_had_switched_off_all_reminders_goes_on_getting_none_to_write(subscription: Subscription) -> None:
    subscription.category, subscription.is_on = "reminder", False
    subscription.save()
    Subscription.objects.create(user=make_person(), category="reminder")

    import_module("notifications.migrations.0002_reminders_to_write").carry_over(apps, None)

    carried = Subscription.objects.get(category="nudge")
    assert (carried.user, carried.is_on) == (subscription.user, False)
    assert len(carried.token) == 22
