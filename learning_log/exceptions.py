"""What can stand in the way of a verb in the log. Each is named as what happened."""

from learning_log.models import Voice


class StaleVersion(Exception):
    """The voice was saved or shared elsewhere after it was opened here. `saved` is the voice as it stands."""

    def __init__(self, saved: Voice) -> None:
        super().__init__(f"voice {saved.pk} is at version {saved.version}")
        self.saved = saved


class NotAMember(Exception):
    """The person is not in this pair now."""


class NobodyToShareWith(Exception):
    """Nobody else is in the pair now."""


class NotShared(Exception):
    """Only its author can read the entry now, so there is nobody to answer, and nothing to build on."""


class NothingWritten(Exception):
    """There is no word in it, and no file."""


class NoRoomLeft(Exception):
    """This person's files hold as much as we can keep for one."""


class FileWithoutWords(Exception):
    """A sound, film or picture has no transcript or description yet."""


class NotReadByBoth(Exception):
    """What needs both members must first be read by both: the words as they stand are not shared with the pair."""


class StillReleased(Exception):
    """Somebody beyond the pair reads it now: that is stopped first, in the open."""


class ReleaseOver(Exception):
    """It was refused, withdrawn or has run out in the meantime."""


class NotTheirs(Exception):
    """This person's word is not what the release waits for, or not theirs to take back."""


class AlreadyTold(Exception):
    """A side, or the question for one, is there already."""


class StaleEdition(Exception):
    """Somebody of the team has saved a newer edition of these questions since the page was opened."""


class TooManyCopies(Exception):
    """There are as many copies as one person may have at a time: one must be thrown away first."""


class CopyGone(Exception):
    """It was thrown away, has expired, or is being made by now."""
