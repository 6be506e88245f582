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
    """Only its author can read the entry now, so there is nobody to answer."""
