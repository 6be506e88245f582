"""What the first two pairs of the demo have written. Every word is invented."""

from datetime import datetime, timedelta
from uuid import uuid4

import learning_log.actions
from accounts.models import User
from learning_log.actions import EntryText
from learning_log.models import Entry, Voice
from pairs.models import Pair
from portal.demo.cohorts import Scene

FRIDAY = (
    "I signed four people out before lunch and felt good about it. Every form was done, every bag was checked. I told "
    "the team it had been a clean day.\n\nIt was Desmond who asked what each of them would eat that night, and I could "
    "not answer for one."
)
FRIDAY_ANSWER = (
    "They gave us a bag and a leaflet and the lift down. Nobody was unkind. But it was ten to five, the chemist "
    "shut at five, and I remember thinking: from here on it is only me."
)
PORTER = (
    "Stood by the lift for an hour with the porter. He knows who will be back by Tuesday. Nobody has ever asked "
    "him.\n\n"
    "**Next time:** ask him whether he would come to our coaching."
)
SIGNS = "Three signatures on the bag, and not one of them is from somebody who will pick up the telephone."


def build(*, scene: Scene, at: datetime) -> None:
    imogen, desmond = scene.people["professional@demo.test"], scene.people["partner@demo.test"]
    lucan, theodora = scene.people["professional2@demo.test"], scene.people["partner2@demo.test"]
    friday = write(scene.first, imogen, "The same Friday", FRIDAY, Entry.Theme.LEARN, at - timedelta(days=12))
    share(friday, imogen, at - timedelta(days=11))
    learning_log.actions.respond(
        entry=friday.entry, body=FRIDAY_ANSWER, form_key=uuid4(), by=desmond, at=at - timedelta(days=10)
    )
    porter = write(scene.first, desmond, "What the porter told us", PORTER, Entry.Theme.ENERGY, at - timedelta(days=6))
    share(porter, desmond, at - timedelta(days=5))
    write(scene.first, imogen, "Who signs the bag?", SIGNS, Entry.Theme.EMBED, at - timedelta(days=2))
    write(scene.first, desmond, "", "Not sure about the Marrowby day. Too tired to say why yet.", "", at)
    called = write(
        scene.second,
        lucan,
        "Ringing our own number",
        "I rang the number on the card from the car park. Nine minutes, then a fax tone.",
        Entry.Theme.FIND,
        at - timedelta(days=4),
    )
    share(called, lucan, at - timedelta(days=3))
    write(scene.second, theodora, "What I did not say", "That I stopped ringing in March.", "", at - timedelta(days=1))


def write(pair: Pair, author: User, title: str, body: str, theme: str, at: datetime) -> Voice:
    """A draft, written freely."""
    text = EntryText(answers=(body,), happened_on=at.date(), title=title, approaches=(theme,) if theme else ())
    return learning_log.actions.start_entry(pair=pair, text=text, form_key=uuid4(), by=author, at=at)


def share(voice: Voice, author: User, at: datetime) -> None:
    """Shared with the pair, as it stands."""
    learning_log.actions.share_with_pair(voice=voice, version=voice.version, by=author, at=at)
