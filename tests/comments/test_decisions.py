import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import AuditEvent, Role
from comments import actions
from comments.actions import AlreadyDecided, Closed, Words
from comments.models import Comment, Decision
from guides.models import Guide
from notifications.models import LedgerRow
from tests.comments.factories import WORDS, held_comment, published_comment
from tests.guides.factories import draft_guide, person, published_guide

pytestmark = pytest.mark.django_db


def decide(name: str, comment: Comment, **more: Any) -> Comment:
    facts = {"comment": comment, "version": comment.version, "by": person(Role.MODERATOR), "at": timezone.now()}
    result: Comment = getattr(actions, name)(**{**facts, **more})
    return result


def test_a_comment_is_held_and_seen_by_moderators_alone():
    comment = held_comment(published_guide())

    assert set(Comment.objects.visible_to(AnonymousUser())) == set()
    assert set(Comment.objects.visible_to(person(Role.MANAGER))) == set()
    assert set(Comment.objects.visible_to(person(Role.MODERATOR))) == {comment}


def test_the_same_key_twice_is_one_comment():
    guide, key = published_guide(), uuid.uuid4()
    send = {"guide": guide, "words": Words(**WORDS), "held_reasons": [], "key": key, "at": timezone.now()}

    assert actions.submit_comment(**send) == actions.submit_comment(**send)
    assert Comment.objects.count() == 1


def test_a_draft_and_a_closed_guide_take_no_comment():
    closed = published_guide()
    Guide.objects.filter(pk=closed.pk).update(takes_comments=False)
    closed.refresh_from_db()

    for guide in (closed, draft_guide()):
        with pytest.raises(Closed):
            held_comment(guide)
    assert not Comment.objects.exists()


def test_publishing_tells_the_writer_once_and_counts_as_a_change_of_the_page():
    guide = published_guide()
    comment = held_comment(guide)

    published = decide("publish_comment", comment)

    guide.refresh_from_db()
    assert (published.state, published.version, guide.version) == ("published", 2, 3)
    assert list(LedgerRow.objects.values_list("kind", "address", "recipient")) == [
        ("comments.published", "oriel@example.org", None)
    ]
    assert set(Comment.objects.visible_to(AnonymousUser())) == {published}
    assert AuditEvent.objects.filter(verb="comment.published", target_id=comment.pk).count() == 1


def test_the_second_of_two_moderators_is_told_who_was_first():
    comment = held_comment(published_guide())
    first = person(Role.MODERATOR, name="Nerys Ashdown")
    decide("publish_comment", comment, by=first)

    with pytest.raises(AlreadyDecided) as late:
        decide("refuse_comment", comment, reason="advert", note="")

    assert late.value.decision is not None
    assert (late.value.decision.by, late.value.decision.verb) == (first, "published")
    assert Decision.objects.count() == 1


def test_refusing_says_why():
    refused = decide("refuse_comment", held_comment(published_guide()), reason="personal", note="Leave out the ward.")

    decision = refused.decisions.get()
    assert (refused.state, decision.reason, decision.note) == ("refused", "personal", "Leave out the ward.")
    assert LedgerRow.objects.get().kind == "comments.refused"


def test_publish_and_answer_writes_one_mail_and_a_public_answer():
    answer = decide("publish_and_answer", held_comment(published_guide()), answer="Thank you.")

    assert set(Comment.objects.published().values_list("text", flat=True)) == {WORDS["text"], "Thank you."}
    assert (answer.parent.state, answer.email) == ("published", "")
    assert LedgerRow.objects.get().kind == "comments.answered"


def test_the_same_answer_twice_is_one_answer():
    comment, key = published_comment(published_guide()), uuid.uuid4()

    first = decide("answer_comment", comment, answer="Thank you.", key=key)

    assert decide("answer_comment", comment, answer="Thank you.", key=key) == first
    assert comment.answers.count() == 1


def test_undo_holds_it_again_and_stops_the_mail():
    published = decide("publish_comment", held_comment(published_guide()))

    back = decide("undo_decision", published)

    assert (back.state, back.version) == ("held", 3)
    assert list(back.decisions.values_list("comment_version", "verb")) == [(1, "published"), (2, "undone")]
    assert LedgerRow.objects.get().state == "void"


def test_a_held_comment_has_nothing_to_undo():
    with pytest.raises(AlreadyDecided):
        decide("undo_decision", held_comment(published_guide()))


def test_a_comment_taken_down_takes_its_answers_with_it():
    comment = published_comment(published_guide())
    decide("answer_comment", comment, answer="Thank you.", key=uuid.uuid4())

    decide("withdraw_comment", comment, note="The writer asked.")

    assert not Comment.objects.published().exists()


def test_the_database_keeps_decisions_as_they_are():
    decide("publish_comment", held_comment(published_guide()))

    for change in (lambda: Decision.objects.update(note="else"), lambda: Decision.objects.all().delete()):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_no_held_comment_becomes_public_without_a_decision_on_that_version():
    comment = held_comment(published_guide())

    with pytest.raises(DatabaseError, match="without a decision"), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(state="published", published_at=timezone.now())

    assert Comment.objects.get().state == "held"


def _race(acts: list[tuple[str, dict[str, Any]]], comment: Comment) -> list[str]:
    moderators = [person(Role.MODERATOR) for _ in range(4)]

    def act(number: int) -> str:
        name, more = acts[number % len(acts)]
        try:
            decide(name, comment, by=moderators[number % 4], **more)
        except AlreadyDecided:
            return "late"
        finally:
            connection.close()
        return name

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(act, range(200)))


@pytest.mark.django_db(transaction=True)
def test_of_200_decisions_at_once_exactly_one_stands():
    comment = held_comment(published_guide())

    results = _race([("publish_comment", {}), ("refuse_comment", {"reason": "advert", "note": ""})], comment)

    done = [result for result in results if result != "late"]
    decision, now = Decision.objects.get(), Comment.objects.get()
    assert (len(done), decision.comment_version, now.version) == (1, 1, 2)
    assert LedgerRow.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_clicks_on_send_one_comment_stays():
    guide, key = published_guide(), uuid.uuid4()

    def send(_: int) -> int:
        try:
            return actions.submit_comment(
                guide=guide, words=Words(**WORDS), held_reasons=[], key=key, at=timezone.now()
            ).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        sent = set(pool.map(send, range(64)))

    assert sent == set(Comment.objects.values_list("pk", flat=True))
    assert len(sent) == 1
