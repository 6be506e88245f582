"""Why an action of this app refuses; views turn each into words beside the right field."""


class PairsError(Exception):
    """Something the rules about pairs do not allow."""


class SameAddressTwice(PairsError):
    """A pair is two people."""


class AlreadyInCohort(PairsError):
    """Somebody with this address is in a pair of the cohort, or has been invited to one."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.side = side


class CohortClosed(PairsError):
    """The cohort takes no new people: it has ended or is archived."""


class SideTaken(PairsError):
    """That side of the pair has a member, or somebody is invited to it."""


class InvitationClosed(PairsError):
    """Accepted, withdrawn, run out or replaced: this link opens nothing any more."""


class NotYourInvitation(PairsError):
    """It was sent to another address."""


class AlreadyInAPair(PairsError):
    """The person is in another pair of this cohort."""


class NotInThisPair(PairsError):
    """Only the two people who are in the pair now may do this."""


class NeedsTheOther(PairsError):
    """Whoever asked cannot also say yes."""


class ReviewOutOfReach(PairsError):
    """The review date is to come, and within a year."""


class AlreadyEnded(PairsError):
    """It had ended before; nothing changed."""


class CannotBeTogether(PairsError):
    """These two are not to be put together; `why` says it in words for staff."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotLooking(PairsError):
    """One of the two no longer looks for a partner, or is asked about somebody else at the moment."""


class IntroductionClosed(PairsError):
    """It was answered, called off, or has lapsed."""


class TableChanged(PairsError):
    """What would be published is no longer what was shown; look again."""
