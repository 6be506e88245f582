"""Who reads what came in: each alone first, nobody what they should not, and the board tells no more than that."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, User
from applications.actions import deciding, reviewing
from applications.exceptions import (
    ChangedElsewhere,
    ConflictOfInterest,
    CriterionScored,
    NotAReviewer,
    ReviewClosed,
    ScoresMissing,
)
from applications.models import Answer, Application, Conflict, Criterion, Decision, Review, Score
from cohorts.models import Cohort
from tests.accounts.factories import make_person, make_staff
from tests.applications.factories import make_application, make_open_cohort
from tests.conftest import SecureClient
from tests.pairs.factories import at_once

pytestmark = pytest.mark.django_db


class Panel:
    """A cohort with criteria, two reviewers and a manager who does not review."""

    def __init__(self) -> None:
        self.manager = make_staff(Role.MANAGER)
        self.cohort = make_open_cohort(manager=self.manager)
        self.criteria = reviewing.add_suggested_criteria(cohort=self.cohort, by=self.manager)
        self.first, self.second = make_staff(Role.REVIEWER), make_staff(Role.REVIEWER)
        for one in (self.first, self.second):
            reviewing.assign_reviewer(cohort=self.cohort, user=one, by=self.manager)

    def review(
        self, application: Application, by: User, points: int = 3, *, hand_in: bool = True, **more: Any
    ) -> Review:
        fields: dict[str, Any] = {"version": 0, "basis": Review.Basis.WRITTEN, "note": f"NOTE-{points}"} | more
        scores = {one.pk: points for one in self.criteria}
        return reviewing.save_review(application=application, by=by, points=scores, hand_in=hand_in, **fields)


@pytest.fixture
def panel() -> Panel:
    return Panel()


def reading(user: User) -> Client:
    client = SecureClient()
    client.force_login(user)
    return client


def board(cohort: Cohort) -> str:
    return reverse("applications:board", args=[cohort.slug])


def page_of(application: Application) -> str:
    return reverse("applications:detail", args=[application.reference])


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


# ---- Own first, then others' ----


def test_others_reviews_open_with_ones_own(panel: Panel) -> None:
    application = make_application(panel.cohort)
    panel.review(application, panel.first, 5)
    panel.review(application, panel.second, 1, hand_in=False)
    assert {one.user for one in Review.objects.visible_to(panel.second)} == {panel.second}
    assert {one.user for one in Review.objects.visible_to(panel.manager)} == {panel.first}

    panel.review(application, panel.second, 1, version=1)
    for reader in (panel.first, panel.second, panel.manager):
        assert {one.user for one in Review.objects.visible_to(reader)} == {panel.first, panel.second}


def test_no_page_tells_a_mean_or_a_note_before_ones_own_is_in(panel: Panel) -> None:
    application = make_application(panel.cohort)
    panel.review(application, panel.first, 5)
    other = reading(panel.second)
    for path in (board(panel.cohort), board(panel.cohort) + "?sort=mean", page_of(application)):
        page = text(other, path)
        assert "NOTE-5" not in page
        assert "5.0" not in page
    panel.review(application, panel.second, 2)
    assert "NOTE-5" in text(other, page_of(application))
    assert "mean 3.5" in text(other, board(panel.cohort))


def test_the_order_by_mean_places_what_one_has_not_read_as_if_unscored(panel: Panel) -> None:
    high, low, mine = (make_application(panel.cohort, challenge=name) for name in ("High", "Low", "Mine"))
    panel.review(high, panel.first, 5)
    panel.review(low, panel.first, 1)
    panel.review(mine, panel.second, 2)

    def order(user: User) -> list[str]:
        page = text(reading(user), board(panel.cohort) + "?sort=mean")
        return sorted(("High", "Low", "Mine"), key=lambda name: page.index(f">{name}<"))

    assert order(panel.second)[0] == "Mine"
    assert order(panel.first) == ["High", "Low", "Mine"]
    assert order(panel.manager) == ["High", "Mine", "Low"]


def test_a_review_is_handed_in_whole_or_kept_as_a_draft(panel: Panel) -> None:
    application = make_application(panel.cohort)
    some = {panel.criteria[0].pk: 4}
    with pytest.raises(ScoresMissing):
        reviewing.save_review(
            application=application, by=panel.first, version=0, points=some, basis="written", note="", hand_in=True
        )
    assert not Review.objects.exists()
    draft = reviewing.save_review(
        application=application, by=panel.first, version=0, points=some, basis="conversation", note=""
    )
    assert draft.submitted_at is None
    assert [score.points for score in draft.scores.all()] == [4]


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_that_save_one_review_one_is_told() -> None:
    panel = Panel()
    application = make_application(panel.cohort)
    panel.review(application, panel.first, 3, hand_in=False)
    results = at_once(
        lambda number: panel.review(application, panel.first, 1 + number % 5, hand_in=False, version=1), threads=6
    )
    assert sum(isinstance(one, ChangedElsewhere) for one in results) == 5
    saved = Review.objects.get()
    assert saved.version == 2
    assert Score.objects.filter(review=saved).count() == len(panel.criteria)
    assert len(set(saved.scores.values_list("points", flat=True))) == 1


@pytest.mark.django_db(transaction=True)
def test_handing_in_while_a_conflict_is_declared_counts_nothing() -> None:
    panel = Panel()
    application = make_application(panel.cohort)
    acts: list[Callable[[], Any]] = [
        lambda: panel.review(application, panel.first, 5),
        lambda: reviewing.declare_conflict(application=application, user=panel.first, by=panel.first),
    ]
    results = at_once(lambda number: acts[number](), threads=2)
    assert not isinstance(results[1], Exception)
    assert isinstance(results[0], Review | ConflictOfInterest)
    assert not Review.objects.counted().exists()
    with pytest.raises(ConflictOfInterest):
        panel.review(application, panel.first, 5)


def test_once_a_decision_is_released_reviews_stay_as_they_are(panel: Panel) -> None:
    application = make_application(panel.cohort)
    panel.review(application, panel.first, 3)
    decision = deciding.prepare_decision(application=application, verdict="not_this_time", by=panel.manager)
    reviewing.take_back_review(application=application, by=panel.first)
    panel.review(application, panel.first, 4, version=2)
    Decision.objects.filter(pk=decision.pk).update(released_at=decision.prepared_at)
    for act in (
        lambda: reviewing.take_back_review(application=application, by=panel.first),
        lambda: panel.review(application, panel.second, 4),
    ):
        with pytest.raises(ReviewClosed):
            act()


# ---- Who reads ----


def test_reviewers_read_their_cohort_and_no_draft_and_nothing_private(panel: Panel) -> None:
    private = {"access": "CANARY", "reach": "CANARY", "never-with": "CANARY", "travel": "CANARY"}
    sent = make_application(panel.cohort, answers={"partner": private | {"about": "ABOUT"}})
    sent.applicants.filter(side="partner").update(email="canary@canary.test", phone="CANARY")
    draft = make_application(panel.cohort, state="draft")
    elsewhere = make_application(make_open_cohort(name="Elsewhere"))
    reviewing.begin_review(application=sent, by=panel.first)
    reviewer = reading(panel.first)
    page = text(reviewer, page_of(sent))
    assert "ABOUT" in page
    assert "canary" not in page.lower()
    assert "canary" not in text(reviewer, board(panel.cohort)).lower()
    assert not Answer.objects.visible_to(panel.first).filter(value="CANARY").exists()
    for hidden in (draft, elsewhere):
        assert reviewer.get(page_of(hidden)).status_code == 404
    assert "CANARY" in text(reading(panel.manager), page_of(sent))


def test_managers_see_that_somebody_writes_and_not_what(panel: Panel) -> None:
    draft = make_application(
        panel.cohort,
        state="draft",
        challenge="",
        answers={"partner": {"about": "CANARY"}, "together": {"funding": "CANARY"}},
    )
    manager = reading(panel.manager)
    assert draft.reference in text(manager, board(panel.cohort) + "?state=draft")
    assert "CANARY" not in text(manager, page_of(draft))
    assert draft.reference not in text(manager, board(panel.cohort))


def test_what_somebody_should_not_read_is_gone_for_them_alone(panel: Panel) -> None:
    application = make_application(panel.cohort, challenge="Letters")
    panel.review(application, panel.first, 5)
    client = reading(panel.first)
    client.post(reverse("applications:conflict_declare", args=[application.reference]), {"reason": "A neighbour"})
    assert client.get(page_of(application)).status_code == 404
    assert "Letters" not in text(client, board(panel.cohort))
    assert "Letters" not in text(client, board(panel.cohort) + "?mine=cannot")
    assert application.reference in text(client, board(panel.cohort) + "?mine=cannot")
    assert not Review.objects.counted().exists()

    conflict = Conflict.objects.get()
    assert reading(panel.second).post(reverse("applications:conflict_end", args=[conflict.pk])).status_code == 403
    reading(panel.manager).post(reverse("applications:conflict_end", args=[conflict.pk]))
    assert client.get(page_of(application)).status_code == 200
    assert Review.objects.counted().exists()


def test_somebody_who_may_know_them_is_asked_before_reading(panel: Panel) -> None:
    person = make_person(organisation="Penhollow Infirmary")
    application = make_application(
        panel.cohort, professional=person, partner=make_person(), answers={"together": {"challenge": "SECRET"}}
    )
    User.objects.filter(pk=panel.first.pk).update(organisation="penhollow  infirmary")
    client = reading(panel.first)
    assert "SECRET" not in text(client, page_of(application))
    client.post(reverse("applications:review_begin", args=[application.reference]))
    assert "SECRET" in text(client, page_of(application))


def test_a_reviewer_who_was_removed_reads_nothing(panel: Panel) -> None:
    application = make_application(panel.cohort)
    client = reading(panel.first)
    reviewing.end_reviewing(reviewer=panel.cohort.reviewers.get(user=panel.first), by=panel.manager)
    assert client.get(board(panel.cohort)).status_code == 404
    assert client.get(page_of(application)).status_code == 404
    with pytest.raises(NotAReviewer):
        panel.review(application, panel.first)


def test_names_can_be_hidden_until_ones_own_is_in(panel: Panel) -> None:
    application = make_application(panel.cohort, partner=make_person(name="Ada Birch"), professional=make_person())
    reviewing.begin_review(application=application, by=panel.first)
    client = reading(panel.first)
    assert "Ada Birch" in text(client, page_of(application))
    assert "Ada Birch" not in text(client, board(panel.cohort) + "?names=hidden")
    assert "Ada Birch" not in text(client, page_of(application) + "?names=hidden")
    assert application.reference not in text(client, board(panel.cohort) + "?names=hidden&q=Ada")
    panel.review(application, panel.first, version=1)
    assert "Ada Birch" in text(client, page_of(application) + "?names=hidden")


# ---- Criteria ----


def test_a_criterion_that_was_scored_is_retired_and_never_reworded(panel: Panel) -> None:
    application, criterion = make_application(panel.cohort), panel.criteria[0]
    reviewing.edit_criterion(criterion=criterion, by=panel.manager, text="Other words", guidance="")
    panel.review(application, panel.first, 4)
    with pytest.raises(CriterionScored):
        reviewing.edit_criterion(criterion=criterion, by=panel.manager, text="Yet others", guidance="")
    reviewing.retire_criterion(criterion=criterion, by=panel.manager)
    criterion.refresh_from_db()
    assert criterion.text == "Other words"
    assert Score.objects.filter(criterion=criterion).exists()
    assert Criterion.objects.filter(cohort=panel.cohort, retired_at=None).count() == len(panel.criteria) - 1


# ---- The board ----


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"One", "Two", "Three"}),
        ("?system=FEN", {"Two"}),
        ("?kind=seeking", {"Looks for a partner"}),
        ("?q=thr", {"Three"}),
        ("?q=bir", {"Two"}),
        ("?state=reserve", {"Three"}),
        ("?state=nonsense&kind=%00&sort=x&after=~", {"One", "Two", "Three"}),
        ("?q=%25", set()),
        ("?q=nothing+at+all", set()),
    ],
)
def test_filters_stand_in_the_address(panel: Panel, query: str, found: set[str]) -> None:
    make_application(panel.cohort, challenge="One")
    ada = make_person(name="Ada Birch")
    make_application(panel.cohort, challenge="Two", local_system="Fenby", partner=ada, professional=make_person())
    make_application(panel.cohort, challenge="Three", state="reserve")
    make_application(panel.cohort, partner=make_person())
    page = text(reading(panel.manager), board(panel.cohort) + query)
    there = {name for name in ("One", "Two", "Three", "Looks for a partner") if f">{name}<" in page}
    if query in {"", "?state=nonsense&kind=%00&sort=x&after=~"}:
        found = found | {"Looks for a partner"}
    assert there == found


@pytest.mark.parametrize("place", ["9999-12-31T23:59:59-23:59~1", "0001-01-01T00:00:00+23:59~1", "2026-01-01~1", "~"])
def test_a_place_that_cannot_be_is_the_first_page(panel: Panel, place: str) -> None:
    make_application(panel.cohort, challenge="One")
    assert ">One<" in text(reading(panel.manager), f"{board(panel.cohort)}?sort=newest&after={quote(place)}")


@pytest.mark.parametrize("sort", ["newest", "oldest", "challenge", "mean", "fewest"])
def test_every_application_is_on_one_page_of_the_board_and_on_one_only(panel: Panel, sort: str) -> None:
    made = {make_application(panel.cohort, challenge=f"Challenge {number % 7}").reference for number in range(112)}
    client, path, seen = reading(panel.manager), board(panel.cohort) + f"?sort={sort}", []
    for _page in range(4):
        answer = client.get(path)
        seen += [row.application.reference for row in answer.context["page"].rows]
        if not answer.context["page"].next_place:
            break
        found = re.search(r'rel="next" href="([^"]+)"', answer.content.decode())
        assert found
        path = board(panel.cohort) + unescape(found[1])
    assert len(seen) == 112
    assert set(seen) == made


@pytest.mark.parametrize("who", ["manager", "first"])
def test_pages_ask_as_many_queries_at_one_and_at_many(panel: Panel, who: str) -> None:
    client = reading(getattr(panel, who))
    application = make_application(panel.cohort)
    panel.review(application, panel.second, 4)
    client.get(board(panel.cohort))
    asked: list[list[int]] = []
    for many in (0, 12):
        for number in range(many):
            panel.review(make_application(panel.cohort), panel.second, 1 + number % 5)
        counts = []
        for path in (board(panel.cohort), page_of(application), reverse("applications:cohort_list")):
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            counts.append(len(queries))
        asked.append(counts)
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 12


def test_a_manager_who_applies_reads_no_review_score_or_note_of_their_own_application(panel: Panel) -> None:
    both = make_staff(Role.MANAGER)
    helper = make_staff(Role.MANAGER)
    mine = make_application(panel.cohort, challenge="Mine", professional=both, partner=make_person())
    mine.applicants.filter(side="partner").update(helper=helper, helper_agreed_at=mine.sent_at)
    other = make_application(panel.cohort, challenge="Other")
    for application in (mine, other):
        panel.review(application, panel.first, 4)
        reviewing.add_note(application=application, by=panel.manager, text="CANARY of a note")

    for person, sees in ((both, False), (helper, False), (panel.manager, True)):
        page = text(reading(person), page_of(mine))
        assert ("CANARY" in page) is sees
        assert ("you see none" in page) is not sees
        assert Review.objects.visible_to(person).filter(application=mine).exists() is sees
        assert Review.objects.visible_to(person).filter(application=other).exists()
        rows = reading(person).get(board(panel.cohort) + "?sort=mean").context["page"].rows
        assert {row.application.challenge: row.application.key > 0 for row in rows} == {"Mine": sees, "Other": True}


def test_what_was_typed_in_one_tab_outlives_handing_in_in_another(panel: Panel) -> None:
    application = make_application(panel.cohort)
    panel.review(application, panel.first, 2)
    client, address = reading(panel.first), reverse("applications:review", args=[application.reference])

    clash = client.post(address, {"version": "0", "basis": "written", "note": "TYPED-BEFORE"})

    page = clash.content.decode()
    assert (clash.status_code, "TYPED-BEFORE" in page, "NOTE-2" in page) == (409, True, True)
    shown = re.search(r'name="version" value="(\d+)"', page)
    assert shown
    client.post(address, {"version": shown[1], "basis": "written", "note": "TYPED-BEFORE"})
    saved = Review.objects.get()
    assert (saved.note, saved.submitted_at) == ("TYPED-BEFORE", None)


def test_only_the_proposal_of_two_is_read_and_scored_never_what_one_person_wrote(panel: Panel) -> None:
    alone = make_application(panel.cohort, partner=make_person(), answers={"partner": {"about": "ABOUT-ME"}})
    together = make_application(panel.cohort)
    reviewing.assign_reviewer(cohort=panel.cohort, user=panel.manager, by=panel.manager)

    for reader in (panel.first, panel.manager):
        with pytest.raises(NotAReviewer):
            panel.review(alone, reader)
        assert "1</b><span>for you to read" in text(reading(reader), board(panel.cohort))
    assert reading(panel.first).get(page_of(alone)).status_code == 404
    page = text(reading(panel.manager), page_of(alone))
    assert ("ABOUT-ME" in page, "Hand in" in page) == (True, False)
    assert panel.review(together, panel.manager).submitted_at is not None


def test_a_manager_who_should_not_read_it_reads_no_review_of_it_though_theirs_was_in(panel: Panel) -> None:
    application = make_application(panel.cohort)
    reviewing.assign_reviewer(cohort=panel.cohort, user=panel.manager, by=panel.manager)
    panel.review(application, panel.first, 2)
    panel.review(application, panel.manager, 5)

    reviewing.declare_conflict(application=application, user=panel.manager, by=panel.manager)

    client = reading(panel.manager)
    page = text(client, page_of(application))
    assert ("you should not read this one" in page, "NOTE-2" in page, "of 5." in page) == (True, False, False)
    assert "mean" not in re.sub(r"<option.*?</option>", "", text(client, board(panel.cohort)))


def test_the_page_that_removes_a_reviewer_says_what_becomes_of_their_reviews(panel: Panel) -> None:
    application = make_application(panel.cohort)
    panel.review(application, panel.first, 5)
    reviewer = panel.cohort.reviewers.get(user=panel.first)
    asked = text(reading(panel.manager), reverse("applications:reviewer_end", args=[reviewer.pk]))

    reviewing.end_reviewing(reviewer=reviewer, by=panel.manager)

    counts = "mean 5.0" in text(reading(panel.manager), board(panel.cohort))
    assert ("What they handed in still counts" in asked, counts) == (True, True)
