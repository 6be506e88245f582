"""Stories: there with both consents, gone with one, on every surface that a visitor can reach."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from config.links import absolute
from guides.actions import EditionText, SectionText, create_guide
from learning_log import actions, media_files, personal_data
from learning_log.actions import ReleaseTerms
from learning_log.models import Attachment, Entry, Release, VersionAttachment, Voice, VoiceVersion
from tests.accounts.factories import make_staff
from tests.learning_log.factories import Two, leave, make_pair, share, text, write, write_and_share

pytestmark = pytest.mark.django_db

ATOM = {"atom": "http://www.w3.org/2005/Atom"}
SURFACES = ("/stories/", "/stories/stories.atom", "/sitemap.xml", "/")


def propose(entry: Entry, by: User, *, days: int = 30) -> Release:
    """Every voice that is shared with the pair, put forward for the public."""
    versions = [(voice.pk, voice.shared_version or 0) for voice in Voice.objects.shared().filter(entry=entry)]
    terms = ReleaseTerms(audience=Release.Audience.PUBLIC, ends_at=timezone.now() + timedelta(days=days))
    return actions.propose_release(entry=entry, versions=versions, terms=terms, by=by)


def tell(two: Two, body: str = "They gave us nine minutes.", **fields: object) -> Release:
    """A story of the professional's, with both consents."""
    release = propose(write_and_share(two, two.professional, body, **fields), two.professional)
    return actions.consent_to(release=release, by=two.partner)


def attach(voice: Voice, name: str = "mothers-letter.png", *, kind: str = "picture") -> Attachment:
    place = media_files.new_place("log", ".png")
    media_files.place_of(place).write_bytes(b"the bytes")
    held = Attachment.objects.create(
        voice=voice,
        kind=kind,
        content_type="image/png",
        path=place,
        name=name,
        size_bytes=9,
        created_at=timezone.now(),
    )
    version = VoiceVersion.objects.get(voice=voice, number=voice.version)
    VersionAttachment.objects.create(version=version, attachment=held, words="A lift at ten to five")
    return held


def address(release: Release) -> str:
    return reverse("learning_log:story", kwargs={"release_id": release.pk})


def where(client: Client, release: Release) -> set[str]:
    """The surfaces that name this story, its own page included."""
    found = {surface for surface in SURFACES if address(release) in client.get(surface).text}
    return found | ({"page"} if client.get(address(release)).status_code == 200 else set())


EVERYWHERE = {*SURFACES, "page"}


def test_a_story_needs_both_consents(client):
    two = make_pair()
    release = propose(write_and_share(two, two.professional), two.professional)
    before = where(client, release)
    actions.consent_to(release=release, by=two.partner)

    assert (before, where(client, release)) == (set(), EVERYWHERE)


@pytest.mark.parametrize("who", ["professional", "partner"])
def test_either_of_the_two_takes_it_back_alone_and_it_is_gone_everywhere(client, who):
    two = make_pair()
    release = tell(two)
    before = where(client, release)

    actions.withdraw_release(release=release, by=getattr(two, who))

    assert (before, where(client, release)) == (EVERYWHERE, set())


@pytest.mark.parametrize("surface", ["page", *SURFACES])
def test_unchanged_is_said_only_of_what_may_still_be_read(client, surface):
    two = make_pair()
    release = tell(two)
    path = address(release) if surface == "page" else surface
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first["ETag"]})

    actions.withdraw_release(release=release, by=two.partner)
    after = client.get(path, headers={"if-none-match": first["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert after.status_code == (404 if surface == "page" else 200)
    assert address(release) not in after.text
    assert {one["Cache-Control"] for one in (first, again, after) if one.status_code != 404} == {"no-cache"}


def test_withdrawn_unknown_and_over_are_one_answer(client):
    two = make_pair()
    withdrawn, over = tell(two), tell(two)
    actions.withdraw_release(release=withdrawn, by=two.partner)
    past = timezone.now() - timedelta(days=9)
    Release.objects.filter(pk=over.pk).update(proposed_at=past, ends_at=past + timedelta(days=8))

    answered = [client.get(path) for path in (address(withdrawn), address(over), "/stories/999999/")]

    assert [one.status_code for one in answered] == [404] * 3
    assert len({one.content for one in answered}) == 1


def test_the_story_of_somebody_who_leaves_ends(client):
    two = make_pair()
    release = tell(two)

    leave(two.pair, two.partner)

    assert where(client, release) == set()


def test_the_story_of_somebody_who_is_erased_ends(client):
    two = make_pair()
    release = tell(two)

    personal_data.erase(two.partner)

    assert where(client, release) == set()


def test_only_the_released_words_are_told_whoever_asks(client):
    two = make_pair()
    voice = share(
        write(two, two.professional, "The released words", tags=("a tag of ours",), next_step="Ask the porter")
    )
    release = propose(voice.entry, two.professional)
    actions.consent_to(release=release, by=two.partner)
    actions.save_draft(voice=voice, version=voice.version, text=text("Words since"), by=two.professional)
    write(two, two.professional, "A draft")
    client.force_login(two.professional)

    page = client.get(address(release)).text

    told = ("The released words", "Words since", "A draft", "a tag of ours", "Ask the porter")
    assert [word in page for word in told] == [True, False, False, False, False]


def test_a_voice_that_was_not_released_is_not_told(client):
    two = make_pair()
    voice = write(two, two.professional, "One side")
    entry = actions.ask_partner(voice=voice, version=voice.version, is_sealed=False, by=two.professional)
    voice.refresh_from_db()
    share(voice)
    share(actions.write_side(entry=entry, text=text("The other side"), by=two.partner))
    terms = ReleaseTerms(audience=Release.Audience.PUBLIC, ends_at=timezone.now() + timedelta(days=30))
    voice.refresh_from_db()
    release = actions.propose_release(
        entry=entry, versions=[(voice.pk, voice.shared_version or 0)], terms=terms, by=two.professional
    )
    actions.consent_to(release=release, by=two.partner)

    page = client.get(address(release)).text

    assert ("One side" in page, "The other side" in page, two.partner.name in page) == (True, False, False)


def test_two_voices_stand_beside_each_other_with_their_sides(client):
    two = make_pair()
    voice = write(two, two.professional, "Four people before lunch")
    entry = actions.ask_partner(voice=voice, version=voice.version, is_sealed=False, by=two.professional)
    voice.refresh_from_db()
    share(voice)
    share(actions.write_side(entry=entry, text=text("A bag and a leaflet"), by=two.partner))
    release = propose(entry, two.professional)
    actions.consent_to(release=release, by=two.partner)

    page = client.get(address(release)).text

    for word in ("Imogen Achterberg", "Desmond Quill", "Professional", "Patient partner", "Four people", "A bag and"):
        assert word in page
    assert two.pair.cohort.programme.name in page


def test_who_gave_no_name_is_told_by_their_side_and_never_by_their_address(client):
    two = make_pair()
    User.objects.filter(pk=two.professional.pk).update(name="")
    release = tell(two)

    surfaces = [client.get(path).text for path in (address(release), *SURFACES)]

    assert two.professional.email not in "".join(surfaces)
    assert "<b>Professional</b>" in surfaces[0]


def test_words_released_anew_take_the_place_of_the_old_and_the_old_address_leads_there(client):
    two = make_pair()
    voice = share(write(two, two.professional, "First words"))
    first = propose(voice.entry, two.professional)
    actions.consent_to(release=first, by=two.partner)
    voice = actions.save_draft(voice=voice, version=voice.version, text=text("New words"), by=two.professional)
    share(voice)
    second = propose(voice.entry, two.professional)
    actions.consent_to(release=second, by=two.partner)

    led = client.get(address(first))

    assert (led.status_code, led["Location"]) == (302, address(second))
    assert "New words" in client.get(address(second)).text
    assert [story.release for story in client.get("/stories/").context["page"].stories] == [second]


def test_a_file_is_served_while_its_story_stands_and_no_other_file_ever(client):
    two = make_pair()
    voice = write(two, two.professional)
    picture = attach(voice)
    release = propose(share(voice).entry, two.professional)
    actions.consent_to(release=release, by=two.partner)
    private = attach(write(two, two.professional))

    def asked(file: Attachment) -> bytes | None:
        kwargs = {"release_id": release.pk, "attachment_id": file.pk}
        answered = client.get(reverse("learning_log:story_file", kwargs=kwargs))
        return b"".join(answered.streaming_content) if answered.status_code == 200 else None

    page = client.get(address(release)).text
    before = (asked(picture), asked(private))
    actions.withdraw_release(release=release, by=two.partner)

    assert (before, asked(picture)) == ((b"the bytes", None), None)
    assert 'alt="A lift at ten to five"' in page


def test_what_the_author_called_a_file_stays_theirs(client):
    two = make_pair()
    voice = write(two, two.professional)
    picture = attach(voice)
    release = propose(share(voice).entry, two.professional)
    actions.consent_to(release=release, by=two.partner)
    path = reverse("learning_log:story_file", kwargs={"release_id": release.pk, "attachment_id": picture.pk})

    answered = client.get(path)
    assert b"".join(answered.streaming_content) == b"the bytes"

    assert "mothers-letter" not in str(answered.headers) + client.get(address(release)).text
    assert answered["Cache-Control"] == "private, no-store"


def test_the_feed_tells_of_stories_and_holds_none_of_their_words(client):
    two = make_pair()
    release = tell(two, "Nine minutes", title="The \x0bward")

    feed = ET.fromstring(client.get("/stories/stories.atom").content)  # noqa: S314  (our own answer)

    entries = feed.findall("atom:entry", ATOM)
    assert [one.findtext("atom:title", namespaces=ATOM) for one in entries] == ["The ward"]
    assert [one.findtext("atom:id", namespaces=ATOM) for one in entries] == [absolute(address(release))]
    assert "Nine minutes" not in ET.tostring(feed, encoding="unicode")


def test_the_sitemap_names_what_a_visitor_may_read(client):
    two = make_pair()
    release = tell(two)
    draft = create_guide(text=EditionText(title="Not yet", sections=(SectionText("One", "Words."),)), by=make_staff())

    named = client.get("/sitemap.xml").text

    assert address(release) in named
    assert reverse("cohorts:programme_detail", kwargs={"slug": two.pair.cohort.programme.slug}) in named
    assert draft.get_absolute_url() not in named
    assert "/sitemap.xml" in client.get("/robots.txt").text


def test_a_visitor_gets_no_cookie(client):
    release = tell(make_pair())

    answered = [client.get(path) for path in (address(release), *SURFACES)]

    assert [one.cookies for one in answered] == [{}] * len(answered)


def test_a_long_list_goes_on_on_the_next_page_and_tells_each_once(client):
    two = make_pair()
    told = {tell(two, title=f"Story {number}").pk for number in range(43)}

    shown, path = [], "/stories/"
    while path:
        page = client.get(path)
        stories = page.context["page"].stories
        shown.append({story.release.pk for story in stories})
        older = page.context["page"].older
        path = f"/stories/?before={older}" if older else ""

    assert [len(one) for one in shown] == [20, 20, 3]
    assert set.union(*shown) == told
    assert client.get("/stories/?before=yesterday").context["page"].stories[0].release.pk == max(told)


def test_the_pages_ask_as_often_for_many_as_for_one(client, django_assert_num_queries):
    first = tell(make_pair())
    with django_assert_num_queries(4):
        client.get("/stories/")
    for _number in range(3):
        tell(make_pair())

    with django_assert_num_queries(4):
        client.get("/stories/")
    with django_assert_num_queries(4):
        client.get(address(first))


def test_before_the_first_story_the_page_says_what_will_be_here(client):
    assert "The first story will be here" in client.get("/stories/").text
    assert "Stories that pairs tell" not in client.get("/").text
