"""Sound, film and pictures: kept, described, opened by those who may, and gone when they are taken out."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from learning_log import actions, media
from learning_log.actions.attaching import MOST_BYTES_A_PERSON
from learning_log.exceptions import FileWithoutWords, NoRoomLeft, StaleVersion
from learning_log.models import Attachment, Entry, VersionAttachment, Voice, VoiceVersion
from tests.accounts.factories import make_person, make_superuser
from tests.conftest import SecureClient
from tests.learning_log.factories import Two, make_pair, now_in, share, write
from tests.learning_log.recordings import picture, upload, wav
from tests.learning_log.test_pages import as_, sent, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path) -> Any:
    with override_settings(MEDIA_ROOT=tmp_path):
        yield


def on_disk() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def attach(voice: Voice, content: bytes | None = None, *, words: str = "", name: str = "talk.wav") -> VersionAttachment:
    sent_file = upload(content or wav(), name)
    standing = Voice.objects.get(pk=voice.pk)
    return actions.attach_file(
        voice=standing,
        version=standing.version,
        upload=sent_file,
        medium=media.examine(sent_file),
        words=words,
        by=voice.author,
    )


def status_of(reader: Client, address: str) -> int:
    answered: Any = reader.get(address)
    if answered.streaming:
        b"".join(answered)  # read to its end the file is closed
    status: int = answered.status_code
    return status


def fresh(voice: Voice) -> Voice:
    return Voice.objects.select_related("entry").get(pk=voice.pk)


def with_talk(two: Two, *, words: str = "I say that it rained.") -> tuple[Voice, Attachment]:
    voice = write(two, two.professional)
    return voice, attach(voice, words=words).attachment


def test_an_entry_can_be_nothing_but_a_sound_with_its_transcript():
    two = make_pair()
    author = as_(two.professional)

    begun = author.post("/log/new/", sent("", title="", next="files"))
    entry = Entry.objects.get()
    fields = {"file": upload(wav(), "talk.wav"), "words": "I say that it rained.", "version": "1"}
    added = author.post(f"/log/{entry.pk}/files/add/", fields)
    saved = author.post(f"/log/{entry.pk}/edit/", sent("", title="", version=2))
    share(fresh(entry.voices.get()))
    read = as_(two.partner).get(f"/log/{entry.pk}/")

    assert begun.headers["Location"] == f"/log/{entry.pk}/files/"
    assert added.headers["Location"] == f"/log/{entry.pk}/files/"
    assert saved.status_code == 302
    assert f'<audio src="/log/{entry.pk}/files/{Attachment.objects.get().pk}/"' in read.content.decode()
    assert "I say that it rained." in words_of(read)


def test_without_a_file_an_entry_still_needs_a_word():
    two = make_pair()

    page = as_(two.professional).post("/log/new/", sent(" "))

    assert page.status_code == 200
    assert Entry.objects.count() == 0


def test_a_file_is_the_authors_alone_until_the_version_that_holds_it_is_shared():
    two = make_pair()
    voice = write(two, two.professional)
    share(voice)
    file = attach(voice, words="It rained.").attachment
    address = f"/log/{voice.entry_id}/files/{file.pk}/"
    people = {"author": two.professional, "partner": two.partner, "other": make_pair().professional}
    people |= {"stranger": make_person(), "superuser": make_superuser()}

    def opened_by() -> set[str]:
        return {name for name, person in people.items() if status_of(as_(person), address) == 200}

    before = opened_by()
    share(fresh(voice))
    shared = opened_by()
    actions.take_back(voice=fresh(voice), by=two.professional)

    assert (before, shared, opened_by()) == ({"author"}, {"author", "partner"}, {"author"})


def test_a_file_is_served_as_it_is_under_its_own_entry_only():
    two = make_pair()
    voice, file = with_talk(two)
    other = write(two, two.professional)
    author = as_(two.professional)

    answered = author.get(f"/log/{voice.entry_id}/files/{file.pk}/")

    assert b"".join(answered) == wav()
    assert answered.headers["Content-Type"] == "audio/wav"
    assert answered.headers["Cache-Control"] == "private, no-store"
    assert author.get(f"/log/{other.entry_id}/files/{file.pk}/").status_code == 404


def test_nothing_is_shared_before_it_has_its_words():
    two = make_pair()
    voice, file = with_talk(two, words="")
    author = as_(two.professional)

    with pytest.raises(FileWithoutWords):
        share(fresh(voice))
    described = {"words": "It rained.", "version": fresh(voice).version}
    author.post(f"/log/{voice.entry_id}/files/{file.pk}/words/", described)

    assert share(fresh(voice)).is_shared
    assert now_in(voice).attachments.get().words == "It rained."


def test_a_shared_version_keeps_its_files_and_their_words_whatever_comes_after():
    two = make_pair()
    voice, file = with_talk(two)
    shared = share(fresh(voice)).shared_version
    standing = fresh(voice)

    actions.describe_file(
        voice=standing, version=standing.version, attachment=file, words="Something else", by=two.professional
    )
    standing = fresh(voice)
    actions.detach_file(voice=standing, version=standing.version, attachment=file, by=two.professional)

    held = VoiceVersion.objects.get(voice=voice, number=shared).attachments.get()
    assert held.words == "I say that it rained."
    assert not now_in(voice).attachments.exists()
    assert status_of(as_(two.partner), f"/log/{voice.entry_id}/files/{file.pk}/") == 200


@pytest.mark.django_db(transaction=True)
def test_a_file_no_version_holds_is_gone_from_disk():
    two = make_pair()
    voice = write(two, two.professional)
    file = attach(voice).attachment
    before = len(on_disk())
    author = as_(two.professional)

    for _click in range(2):
        author.post(f"/log/{voice.entry_id}/files/{file.pk}/remove/", {"version": fresh(voice).version})

    assert (before, on_disk()) == (1, [])


@pytest.mark.django_db(transaction=True)
def test_an_entry_thrown_away_takes_its_files_along():
    two = make_pair()
    voice, _file = with_talk(two)

    actions.delete_draft(voice=fresh(voice), version=fresh(voice).version, by=two.professional)

    assert on_disk() == []
    assert Attachment.objects.count() == 0


def test_a_rehearsal_seen_before_a_file_came_shares_nothing():
    two = make_pair()
    voice = write(two, two.professional)
    attach(voice, words="It rained.")

    with pytest.raises(StaleVersion):
        actions.share_with_pair(voice=voice, version=1, by=two.professional)


def test_a_stale_upload_keeps_nothing():
    two = make_pair()
    voice = write(two, two.professional)
    sent_file = upload(wav(), "talk.wav")

    with pytest.raises(StaleVersion):
        actions.attach_file(
            voice=voice, version=9, upload=sent_file, medium=media.examine(sent_file), words="", by=two.professional
        )

    assert on_disk() == []


def test_what_cannot_be_kept_is_said_and_the_words_beside_it_stay():
    two = make_pair()
    voice = write(two, two.professional)
    author = as_(two.professional)

    page = author.post(
        f"/log/{voice.entry_id}/files/add/",
        {"file": upload(b"MZ not a picture", "holiday.jpg"), "words": "A long transcript.", "version": "1"},
    )

    assert page.status_code == 200
    assert "We cannot tell what this file is." in words_of(page)
    assert "A long transcript." in page.content.decode()
    assert on_disk() == []


def test_each_person_has_so_much_room():
    two = make_pair()
    voice, file = with_talk(two)
    Attachment.objects.filter(pk=file.pk).update(size_bytes=MOST_BYTES_A_PERSON)

    with pytest.raises(NoRoomLeft):
        attach(voice)

    assert len(on_disk()) == 1


def test_nobody_touches_anothers_files():
    two = make_pair()
    voice, file = with_talk(two)
    share(fresh(voice))
    base = f"/log/{voice.entry_id}/files/"
    fields = {"file": upload(picture(), "a.jpg"), "words": "Mine", "version": "2"}

    answered = set()
    for person in (two.partner, make_pair().partner, make_person()):
        reader = as_(person)
        for page in ("", "add/", f"{file.pk}/words/", f"{file.pk}/remove/"):
            answered |= {reader.get(base + page).status_code}
            answered |= {reader.post(base + page, fields).status_code if page else 404}

    assert answered == {403, 404}
    assert now_in(voice).attachments.get().words == "I say that it rained."


def test_a_picture_shows_its_description_in_place_of_itself():
    two = make_pair()
    voice = write(two, two.professional)
    file = attach(voice, picture(), words="Two chairs by a window", name="chairs.jpg").attachment

    page = as_(two.professional).get(f"/log/{voice.entry_id}/").content.decode()

    assert f'<img src="/log/{voice.entry_id}/files/{file.pk}/" alt="Two chairs by a window"' in page


def test_camera_and_microphone_open_on_the_page_of_files_only():
    two = make_pair()
    voice = write(two, two.professional)
    author = as_(two.professional)

    policies = {
        page: "camera=(self)" in author.get(f"/log/{voice.entry_id}/{page}").headers["Permissions-Policy"]
        for page in ("files/", "files/add/", "edit/", "")
    }

    assert policies == {"files/": True, "files/add/": True, "edit/": False, "": False}


def test_a_file_counts_once_however_often_its_form_is_sent():
    two = make_pair()
    voice = write(two, two.professional)
    author = as_(two.professional)

    statuses = [
        author.post(
            f"/log/{voice.entry_id}/files/add/", {"file": upload(wav(), "talk.wav"), "words": "", "version": "1"}
        ).status_code
        for _click in range(2)
    ]

    assert statuses == [302, 200]
    assert Attachment.objects.count() == 1


def test_a_version_that_is_put_in_front_again_holds_its_files_with_their_words():
    two = make_pair()
    voice, talk = with_talk(two, words="I say that it rained.")
    VoiceVersion.objects.update(is_kept=True)
    held_then = fresh(voice).version
    actions.detach_file(voice=fresh(voice), version=held_then, attachment=talk, by=two.professional)
    VoiceVersion.objects.update(is_kept=True)
    later = attach(voice, words="And then it snowed.").attachment
    writer, address = as_(two.professional), f"/log/{voice.entry_id}/versions/{held_then}"

    page = writer.get(f"{address}/").content.decode()
    for _click in range(2):
        writer.post(f"{address}/restore/", {"version": held_then + 2})

    held = now_in(voice).attachments.all()
    assert f"/log/{voice.entry_id}/files/{talk.pk}/" in page
    assert [(one.attachment, one.words) for one in held] == [(talk, "I say that it rained.")]
    assert fresh(voice).version == held_then + 3
    assert status_of(writer, f"/log/{voice.entry_id}/files/{talk.pk}/") == 200
    assert Attachment.objects.filter(
        pk=later.pk, in_versions__isnull=False
    ).exists()  # the version before keeps its own


def test_a_file_that_no_version_held_any_more_is_gone_and_does_not_come_back():
    two = make_pair()
    voice, talk = with_talk(two)
    actions.detach_file(voice=fresh(voice), version=fresh(voice).version, attachment=talk, by=two.professional)

    actions.restore_version(voice=voice, number=1, version=fresh(voice).version, by=two.professional)

    assert not now_in(voice).attachments.exists()
    assert not Attachment.objects.exists()


# ---- The words of a file save themselves ----


def test_the_words_of_a_file_are_saved_by_the_page_and_again_by_the_button():
    two = make_pair()
    voice, file = with_talk(two, words="")
    author, place = as_(two.professional), f"/log/{voice.entry_id}/files/{file.pk}/words/"

    told = author.post(f"{place}autosave/", {"words": "I say", "version": "2"}).json()
    nothing = author.post(f"{place}autosave/", {"words": " ", "version": "3"}).json()
    author.post(place, {"words": "I say", "version": str(told["version"])})

    assert told | {"saved_at": ""} == {
        "state": "saved",
        "version": 3,
        "saved_at": "",
        "autosave": f"{place}autosave/",
        "page": place,
        "name": f"file-{file.pk}",
    }
    assert nothing == {"state": "nothing"}
    assert VersionAttachment.objects.get(version__voice=voice, version__number=3).words == "I say"
    assert fresh(voice).version == 3


def test_words_of_a_file_that_rest_on_an_older_version_are_refused_and_both_are_shown():
    two = make_pair()
    voice, file = with_talk(two, words="It rained in Leeds.")
    author, place = as_(two.professional), f"/log/{voice.entry_id}/files/{file.pk}/words/"
    mine = {"words": "It rained in York.", "version": "1"}

    told = author.post(f"{place}autosave/", mine)
    page = author.post(place, mine)

    assert (told.status_code, told.json()) == (409, {"state": "changed_elsewhere", "version": 2})
    assert all(shown in page.text for shown in ("<del>", "Leeds", "It rained in York."))
    assert 'name="version" value="2"' in page.text
    assert fresh(voice).version == 2


def test_nobody_saves_the_words_of_anothers_file():
    two = make_pair()
    voice, file = with_talk(two)
    share(fresh(voice))
    place, mine = f"/log/{voice.entry_id}/files/{file.pk}/words/autosave/", {"words": "Mine", "version": "2"}

    statuses = [as_(person).post(place, mine).status_code for person in (two.partner, make_pair().partner)]

    assert (statuses, SecureClient().post(place, mine).status_code) == ([403, 404], 401)
    assert fresh(voice).version == 2
