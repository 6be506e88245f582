"""Moments that two people of the demo tell side by side, and what they have opened to others. All of it is invented."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from accounts.models import User
from learning_log import actions
from learning_log.actions import EntryText, ReleaseTerms
from learning_log.models import Entry, PromptSet, Release, Voice
from pairs.models import Pair
from portal.demo import log
from portal.demo.cohorts import Scene

THANK_YOU = (
    "The sister read the plan aloud in four minutes. He nodded at each line. He said thank you and shook my hand.",
    "That nodding is not the same as knowing. I have seen that nod a hundred times and written “understood” under it.",
    "What would you have asked, if there had been nobody waiting for the bed?",
)
THANK_YOU_ANSWER = (
    "They told us about the tablets. Three of the words were new to me, and they were the important ones.",
    "I wanted to say we are not ready. I looked at the queue of people waiting for that bed and I said thank you "
    "instead. I have thought about that thank you a great deal since.",
    "",
)
THANK_YOU_TOGETHER = (
    "“Thank you” can be the sound of somebody giving up. From now on we ask one more question after it, and we leave "
    "room for the answer."
)
ROUND = (
    "Eleven people round a bed, and one chair, and the chair was for the notes.",
    "That nobody had told me which of them would still be there tomorrow.",
    "Did you see me looking for the way out?",
)
CARD = (
    "We printed three hundred cards with the new number. I found most of them in the drawer under the ward clock.",
    "That I had asked nobody on nights whether they would ever hand out a card.",
    "What would you have wanted in your hand that evening?",
)
CARD_ANSWER = (
    "I never got a card. I got a number on the back of a car-park ticket, from a nurse whose name I did not catch.",
    "That the car-park ticket was the kindest thing anybody did that week.",
    "Could we ask her to write the next one?",
)
CARD_TOGETHER = (
    "A number is not help. A number from somebody who looked at you is. We are asking the night staff first."
)
NUMBERS = (
    "Two telephone numbers for the same desk, and each of them sure that the other one is right. We rang both. One of "
    "them is a fax machine in a cupboard."
)
BOARD = (
    "What a Friday looks like from the desk: eleven people home before five, four without tablets for Saturday, and "
    "nobody whose job it is to ring."
)
ANSWER = "Thank you both. What stayed with me is the one more question. May I bring it to the all-pairs day?"


@dataclass(frozen=True)
class Two:
    """A pair of the demo with its people, the one who begins first."""

    pair: Pair
    first: User
    second: User


def build(*, scene: Scene, at: datetime) -> None:
    imogen, desmond = scene.people["professional@demo.test"], scene.people["partner@demo.test"]
    lucan, theodora = scene.people["professional2@demo.test"], scene.people["partner2@demo.test"]
    _opened_by_the_first_pair(Two(scene.first, imogen, desmond), scene, at)
    _asked_and_waiting(Two(scene.first, desmond, imogen), at)
    _told_to_everybody(Two(scene.second, lucan, theodora), at)
    actions.list_names(pair=scene.first, names=["Wilhelmina Askew", "Penhollow Infirmary"], by=imogen)


def _opened_by_the_first_pair(two: Two, scene: Scene, at: datetime) -> None:
    """To their facilitator, to their cohort, and by a link that nobody has opened yet."""
    thanks = _joint(two, "One more question", THANK_YOU, THANK_YOU_ANSWER, THANK_YOU_TOGETHER, at - timedelta(days=20))
    shown = _release(thanks, two.first, _terms("facilitator", at, facilitator=scene.cast.facilitator, answers=True), at)
    actions.consent_to(release=shown, by=two.second, at=at - timedelta(days=1))
    actions.respond(
        entry=thanks,
        release=shown,
        body=ANSWER,
        form_key=uuid4(),
        by=scene.cast.facilitator,
        at=at - timedelta(hours=5),
    )
    numbers = log.write(two.pair, two.first, "Two numbers for one desk", NUMBERS, Entry.Theme.FIND, at)
    _release(numbers.entry, two.first, _terms("cohort", at, answers=True), at)
    board = log.write(two.pair, two.first, "A Friday from the desk", BOARD, Entry.Theme.EMBED, at)
    linked = _release(board.entry, two.first, _terms("link", at, days=30), at)
    actions.renew_link(release=linked, by=two.first)


def _asked_and_waiting(two: Two, at: datetime) -> None:
    """A sealed moment that one of the two has finished, and a story that waits for the other's yes."""
    voice = _begun(two, "The ward round", ROUND, at - timedelta(days=3))
    log.share(voice, two.first, at - timedelta(days=2))
    porter = Entry.objects.get(pair=two.pair, voices__versions__title="What the porter told us")
    _release(porter, two.first, _terms("public", at, days=365), at)


def _told_to_everybody(two: Two, at: datetime) -> None:
    """A story."""
    card = _joint(two, "The card in the drawer", CARD, CARD_ANSWER, CARD_TOGETHER, at - timedelta(days=30))
    story = _release(card, two.first, _terms("public", at, days=365), at)
    actions.consent_to(release=story, by=two.second, at=at - timedelta(hours=20))


def _begun(two: Two, title: str, answers: tuple[str, ...], at: datetime) -> Voice:
    """One side of a sealed moment, of which the other has been asked to tell."""
    text = EntryText(answers=answers, happened_on=at.date(), title=title, approaches=(Entry.Theme.INVEST,))
    asked = PromptSet.objects.offered().get(key="conversation")
    voice = actions.start_entry(pair=two.pair, text=text, form_key=uuid4(), prompt_set=asked, by=two.first, at=at)
    actions.ask_partner(voice=voice, version=voice.version, is_sealed=True, by=two.first, at=at)
    return voice


def _joint(
    two: Two, title: str, answers: tuple[str, ...], others: tuple[str, ...], together: str, at: datetime
) -> Entry:
    """A moment that both have finished, with what they now see together."""
    voice = _begun(two, title, answers, at)
    log.share(voice, two.first, at + timedelta(days=1))
    entry = Entry.objects.get(pk=voice.entry_id)
    text = EntryText(answers=others, happened_on=at.date(), title=title)
    side = actions.write_side(entry=entry, text=text, by=two.second, at=at + timedelta(days=2))
    log.share(side, two.second, at + timedelta(days=2))
    text = EntryText(answers=(together,), happened_on=at.date(), title=title)
    actions.write_together(entry=entry, text=text, version=0, by=two.second, at=at + timedelta(days=4))
    return entry


def _terms(
    audience: str, at: datetime, *, days: int = 120, facilitator: User | None = None, answers: bool = False
) -> ReleaseTerms:
    is_link = audience == Release.Audience.LINK
    return ReleaseTerms(
        audience=Release.Audience(audience),
        ends_at=at + timedelta(days=days),
        facilitator=facilitator,
        allows_responses=answers,
        recipient="The discharge board" if is_link else "",
        purpose="To show what a Friday is like before the meeting in January" if is_link else "",
    )


def _release(entry: Entry, by: User, terms: ReleaseTerms, at: datetime) -> Release:
    """Every voice of the entry as it stands, put forward two days ago."""
    versions = [(voice.pk, voice.version) for voice in entry.voices.order_by("pk")]
    return actions.propose_release(entry=entry, versions=versions, terms=terms, by=by, at=at - timedelta(days=2))
