"""Why something cannot be done with an enquiry."""

from accounts.models import User
from cohorts.enquiries.models import EnquiryEvent
from cohorts.exceptions import CohortsError


class AlreadyTaken(CohortsError):
    """Somebody else has it; `owner` says who."""

    def __init__(self, owner: User) -> None:
        super().__init__("somebody else has it")
        self.owner = owner


class EnquiryClosed(CohortsError):
    """It is closed; open it again first."""


class EnquiryOpen(CohortsError):
    """It is open already."""


class StepChanged(CohortsError):
    """The next step is not the one the page showed; `event` says what was done last."""

    def __init__(self, event: EnquiryEvent | None) -> None:
        super().__init__("the next step changed")
        self.event = event


class AnsweredMeanwhile(CohortsError):
    """Somebody answered while this was written; `event` is their answer."""

    def __init__(self, event: EnquiryEvent) -> None:
        super().__init__("somebody answered meanwhile")
        self.event = event


class WrittenBefore(CohortsError):
    """Something was written from this very form already, in other words; `event` is that."""

    def __init__(self, event: EnquiryEvent) -> None:
        super().__init__("written before, in other words")
        self.event = event


class AnswerChanged(CohortsError):
    """What would be sent is not what was looked at."""


class NoAddress(CohortsError):
    """There is no address to write to: tell them by telephone."""


class NotAManager(CohortsError):
    """Only somebody with the manager's role can own an enquiry."""


class EnquirerForgotten(CohortsError):
    """Everything they told us is gone; only the row is left."""
