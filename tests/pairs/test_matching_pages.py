"""Matching in the browser: by hand as easily as by suggestion, a last look, and what the two people read."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from pairs.matching import introducing
from pairs.matching.models import Introduction, MatchRule
from tests.accounts.factories import make_staff
from tests.pairs.factories import make_person
from tests.pairs.test_matching_introductions import Cast, asked_couple, yes

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> User:
    user = make_staff(Role.MANAGER)
    client.force_login(user)
    return user


def words(response: Any) -> str:
    return str(response.content.decode())


def address(cast: Cast, rest: str = "") -> str:
    return f"/staff/cohorts/{cast.cohort.slug}/matching/{rest}"


def test_a_manager_asks_for_a_suggestion_looks_and_has_everybody_asked(client: Client, manager: User) -> None:
    cast = Cast(2, 2, interests=["Cancer"])

    table = client.post(address(cast, "suggest/"), follow=True)
    assert "2 couples are on the table" in words(table)
    assert words(table).count("Both would like to work on: Cancer.") == 2
    check = client.get(address(cast, "check/"))
    assert words(check).count(' name="couple"') == 2
    for person in [*cast.professionals, *cast.partners]:
        assert person.email in words(check)

    shown = [str(one) for one in Introduction.objects.values_list("pk", flat=True)]
    asked = client.post(address(cast, "check/"), {"couple": shown}, follow=True)

    assert "2 couples are being asked." in words(asked)
    assert words(asked).count("No answer yet") == 4


def test_only_the_couples_that_were_ticked_are_asked(client: Client, manager: User) -> None:
    cast = Cast(2, 2)
    client.post(address(cast, "suggest/"))
    first, second = Introduction.objects.order_by("pk")

    client.post(address(cast, "check/"), {"couple": [str(second.pk)]})

    states = dict(Introduction.objects.values_list("pk", "state"))
    assert states == {first.pk: "prepared", second.pk: "published"}


def test_choosing_by_hand_shows_who_is_freed_before_it_happens(client: Client, manager: User) -> None:
    cast = Cast(0, 1)
    one, other = (cast.seeker("professional", name=name) for name in ("Imogen Achterberg", "Bram Kettle"))
    partner = cast.partners[0]
    cast.choose(one, partner)

    shortlist = client.get(address(cast, f"people/{other.pk}/"))
    assert f'href="{address(cast, f"people/{other.pk}/with/{partner.pk}/")}"' in words(shortlist)
    look = client.get(address(cast, f"people/{other.pk}/with/{partner.pk}/"))
    assert "<bdi>Imogen Achterberg</bdi> and <bdi>Oriel Marsh</bdi> are on the table together now." in words(look)
    assert cast.table() == {(one.pk, partner.pk)}

    client.post(address(cast, f"people/{other.pk}/with/{partner.pk}/"))

    assert cast.table() == {(other.pk, partner.pk)}


def test_keeping_letting_go_and_taking_apart(client: Client, manager: User) -> None:
    cast = Cast()
    client.post(address(cast, "suggest/"))
    couple = Introduction.objects.get()

    client.post(f"/staff/introductions/{couple.pk}/keep/")
    assert "Kept together" in words(client.get(address(cast, "couples/")))
    client.post(f"/staff/introductions/{couple.pk}/let-go/")
    assert not MatchRule.objects.live().exists()
    client.post(f"/staff/introductions/{couple.pk}/apart/")
    assert cast.table() == set()


def test_whoever_stays_alone_is_listed_with_the_reason(client: Client, manager: User) -> None:
    cast = Cast(2, 1)
    client.post(address(cast, "suggest/"))

    page = client.get(address(cast), {"show": "alone"})

    assert words(page).count("Everybody who would suit is better placed with somebody else.") == 1
    assert "Oriel Marsh" in words(page)


def test_a_hidden_wish_is_read_by_managers_as_a_reason_and_by_nobody_else(client: Client, manager: User) -> None:
    cast = Cast(0, 0)
    one = cast.seeker("professional", name="Bram Kettle")
    cast.seeker("partner", **{"never-with": "Bram, we were neighbours"})

    page = words(client.get(address(cast, f"people/{one.pk}/")))

    assert "whom they should not be paired with" in page
    assert "neighbours" not in page
    assert "Put them together" not in page


def test_the_two_read_a_first_name_and_what_was_meant_for_a_partner_and_nothing_else(client: Client) -> None:
    cast = Cast(0, 0)
    one = cast.seeker("professional", name="Imogen Achterberg", reach="07700 900123", access="A lift")
    other = cast.seeker("partner", name="Desmond Quill", about="I keep bees.", reach="Text me", **{"never-with": "Sue"})
    type(other).objects.filter(pk=other.pk).update(phone="07700 900999")
    cast.choose(one, other)
    introduction = cast.publish()[0]
    client.force_login(one.user)

    page = words(client.get(f"/introductions/{introduction.pk}/"))

    assert "Desmond" in page
    assert "I keep bees." in page
    for secret in ("Quill", other.email, "07700 900999", "Text me", "Sue"):
        assert secret not in page


def test_once_both_have_said_yes_each_reads_how_to_reach_the_other(client: Client) -> None:
    _cast, introduction, one, other = asked_couple(reach="Text me first")
    yes(introduction, other)
    client.force_login(one.user)
    assert "Text me first" not in words(client.get(f"/introductions/{introduction.pk}/"))

    page = words(client.post(f"/introductions/{introduction.pk}/yes/", follow=True))

    assert other.email in page
    assert "Text me first" in page
    assert "Go on with your application together" in page


def test_both_read_the_same_words_when_it_is_not_this_time(client: Client) -> None:
    _cast, introduction, one, other = asked_couple()
    yes(introduction, other)
    client.force_login(one.user)
    client.post(f"/introductions/{introduction.pk}/not-this-time/")

    def main(person: Any) -> str:
        client.force_login(person.user)
        page = words(client.get(f"/introductions/{introduction.pk}/"))
        return page[page.index("<main") : page.index("</main")]

    assert main(one) == main(other)
    assert "It will not be this time" in main(one)
    assert "About " not in main(one)


def test_what_is_only_prepared_is_nobodys_page(client: Client) -> None:
    cast = Cast()
    introduction = cast.choose(cast.professionals[0], cast.partners[0])
    client.force_login(cast.partners[0].user)

    assert client.get(f"/introductions/{introduction.pk}/").status_code == 404
    assert client.post(f"/introductions/{introduction.pk}/yes/").status_code == 404


def test_staff_write_down_what_somebody_without_an_address_said(client: Client, manager: User) -> None:
    cast, introduction, _one, _other = asked_couple()
    form = f"/staff/introductions/{introduction.pk}/heard/partner/"

    empty = client.post(form, {"heard": "Rang on Monday"})
    assert "Choose what they said." in words(empty)
    assert "Rang on Monday" in words(empty)
    done = client.post(form, {"answer": "no", "heard": "Rang on Monday"}, follow=True)

    assert done.redirect_chain == [(address(cast, "asked/"), 302)]
    assert "Rang on Monday" in words(done)
    assert "Not this time" in words(done)


def test_two_names_of_a_local_system_are_joined_and_parted(client: Client, manager: User) -> None:
    cast = Cast()
    cast.partners[0].application.__class__.objects.filter(pk=cast.partners[0].application_id).update(local_system="SMH")

    same = client.post(address(cast, "decided/"), {"name": "SMH", "other_name": "SMH"})
    assert "Choose two different names." in words(same)
    client.post(address(cast, "decided/"), {"name": "SMH", "other_name": "Saltmarsh"})
    assert cast.cohort.same_systems.count() == 1
    client.post(f"/staff/matching/systems/{cast.cohort.same_systems.get().pk}/end/")
    assert cast.cohort.same_systems.count() == 0


def test_a_page_of_one_cohort_shows_nobody_of_another(client: Client, manager: User) -> None:
    here, elsewhere = Cast(), Cast()

    assert client.get(address(here, f"people/{elsewhere.partners[0].pk}/")).status_code == 404
    far = f"people/{here.professionals[0].pk}/with/{elsewhere.partners[0].pk}/"
    assert client.get(address(here, far)).status_code == 404


@pytest.mark.parametrize("rest", ["", "couples/", "check/", "asked/", "decided/", "people/"])
def test_queries_do_not_grow_with_the_people(
    client: Client, manager: User, rest: str, django_assert_max_num_queries: Any
) -> None:
    for size in (1, 12):
        cast = Cast(size, size, access="Breaks")
        cast.suggest()
        if rest == "asked/":
            cast.publish()
        page = address(cast, f"{rest}{cast.partners[0].pk}/" if rest == "people/" else rest)
        client.get(page)
        with django_assert_max_num_queries(12) as made:
            assert client.get(page).status_code == 200
        if size == 1:
            before = len(made)
    assert len(made) == before


def test_the_two_peoples_page_asks_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    _cast, introduction, one, _other = asked_couple()
    client.force_login(one.user)
    client.get(f"/introductions/{introduction.pk}/")

    with django_assert_max_num_queries(12):
        client.get(f"/introductions/{introduction.pk}/")


def test_a_lapsed_introduction_reads_like_any_other_that_is_over(client: Client) -> None:
    _cast, introduction, one, _other = asked_couple()
    assert introduction.answer_by is not None
    introducing.lapse_overdue(at=introduction.answer_by)
    client.force_login(one.user)

    assert "It will not be this time" in words(client.get(f"/introductions/{introduction.pk}/"))


def test_whoever_somebody_lets_help_answers_for_them_and_the_other_persons_helper_does_not(client: Client) -> None:
    _cast, introduction, _one, other = asked_couple()
    helper = make_person("Sylvie")
    people = type(other).objects.filter(pk=other.pk)
    client.force_login(helper)
    assert client.get(f"/introductions/{introduction.pk}/").status_code == 404
    people.update(helper=helper, helper_agreed_at=introduction.published_at)

    client.post(f"/introductions/{introduction.pk}/yes/")

    introduction.refresh_from_db()
    assert introduction.partner_yes_at is not None
    assert introduction.professional_yes_at is None


def test_those_who_have_yet_to_answer_stand_first(client: Client, manager: User) -> None:
    cast, waiting, _one, _other = asked_couple()
    cast.choose(cast.seeker("professional", name="Bram Kettle"), cast.seeker("partner", name="Nell Quill"))
    over = cast.publish()[0]
    introducing.call_off(introduction=over, by=manager)

    page = words(client.get(address(cast, "asked/")))

    assert waiting.pk < over.pk
    assert page.index("Oriel Marsh") < page.index("Bram Kettle")


def test_who_is_asked_finds_the_question_on_the_pages_of_their_own_application_until_they_answer(
    client: Client,
) -> None:
    cast, introduction, one, other = asked_couple()
    alone = cast.seeker("professional", name="Nobody Asks")

    def seen_by(person: Any) -> list[int]:
        client.force_login(person.user)
        both = ("/applications/", f"/applications/{person.application.reference}/")
        return [client.get(path).content.decode().count(f'href="/introductions/{introduction.pk}/"') for path in both]

    assert [seen_by(person) for person in (one, other, alone)] == [[1, 1], [1, 1], [0, 0]]

    yes(introduction, one)

    assert [seen_by(person) for person in (one, other)] == [[0, 0], [1, 1]]
