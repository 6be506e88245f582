"""The register of kinds, and what is checked at start."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from notifications import actions, checks, delivery, kinds, personal
from notifications.apps import mail_is_in_time
from notifications.kinds import Category, MailKind
from notifications.models import LedgerRow
from tests.notifications import factories
from tests.notifications.factories import make_person, queue


def test_a_name_is_taken_once() -> None:
    twin = MailKind(name=factories.CAREFUL.name, title="Twin", template="x", render=factories.render)

    with pytest.raises(kinds.DuplicateKind):
        kinds.register(twin)


def test_registering_the_same_kind_again_changes_nothing() -> None:
    assert kinds.register(factories.CAREFUL) is factories.CAREFUL


@pytest.mark.django_db
def test_mail_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(kinds.UnknownKind):
        actions.queue_mail(kind="no.such", address="a@mail.test", recipient=None, dedupe_key="x")


@pytest.mark.django_db
def test_mail_that_can_be_switched_off_needs_somebody_to_switch_it_off() -> None:
    with pytest.raises(ValueError, match="recipient"):
        actions.queue_mail(kind=factories.REMINDER.name, address="a@mail.test", recipient=None, dedupe_key="x")


def test_what_is_urgent_passes_what_is_optional() -> None:
    urgent = factories.kind("code", is_urgent=True, is_private=True)
    digest = factories.kind("weekly", category=Category.DIGEST)

    assert [kind.priority for kind in (urgent, factories.CAREFUL, factories.REMINDER, digest)] == [0, 1, 2, 3]


def test_a_link_too_long_for_a_mail_header_stops_the_start(settings: Any) -> None:
    assert checks.unsubscribe_links_fit_a_line() == []
    settings.SITE_URL = "https://" + "a" * 60 + ".test"
    assert [problem.id for problem in checks.unsubscribe_links_fit_a_line()] == ["notifications.E001"]


def test_a_mail_server_that_would_be_waited_for_without_end_stops_the_start(settings: Any) -> None:
    from tests.notifications.sinks import mailer

    settings.MAILERS = mailer(25)
    assert checks.the_mail_server_is_not_waited_for_without_end() == []
    del settings.MAILERS["default"]["OPTIONS"]["timeout"]
    assert [found.id for found in checks.the_mail_server_is_not_waited_for_without_end()] == ["notifications.E002"]


@pytest.mark.django_db
def test_mail_ten_minutes_overdue_is_a_degraded_system() -> None:
    row = queue(make_person())
    assert mail_is_in_time()
    LedgerRow.objects.filter(pk=row.pk).update(next_try_at=timezone.now() - timedelta(minutes=11))
    assert not mail_is_in_time()


@pytest.mark.django_db(transaction=True)
def test_a_message_of_a_kind_this_process_does_not_know_holds_no_other_back() -> None:
    person, now = make_person(), timezone.now()
    LedgerRow.objects.create(
        kind="gone.kind", recipient=person, address=person.email, dedupe_key="x1", priority=1, due_at=now,
        next_try_at=now,
    )  # fmt: skip
    with transaction.atomic():
        actions.queue_mail(
            kind="account.password_changed", address=person.email, recipient=person, dedupe_key="x2",
            secret={"email": person.email},
        )  # fmt: skip

    delivery.deliver_due()

    assert LedgerRow.objects.get(dedupe_key="x2").state == LedgerRow.State.SENT
    assert [one["what"] for one in personal.mail_to(person)] == [
        "gone.kind",
        kinds.get("account.password_changed").title,
    ]
