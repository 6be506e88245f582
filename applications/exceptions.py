"""Why something could not be done with an application."""


class ApplicationError(Exception):
    """Something about applications that the person can be told."""


class ApplicationMoved(ApplicationError):
    """Somebody else was first: the application is no longer where the caller saw it."""


class AlreadyTold(ApplicationError):
    """Somebody has told them, or a mail does."""


class AlreadyApplying(ApplicationError):
    """One of its people is counted in another application to this cohort."""


class ApplicationsClosed(ApplicationError):
    """The cohort takes no new applications now."""


class QuestionLeftOut(ApplicationError):
    """Somebody has left it out of the next questions."""


class MeaningTaken(ApplicationError):
    """Another question has this meaning already."""


class QuestionsMissing(ApplicationError):
    """A required answer, or one of the two confirmations, is missing."""


class ChangedElsewhere(ApplicationError):
    """The answer was saved elsewhere since this page was opened; `theirs` is what stands there now."""

    def __init__(self, theirs: object = None) -> None:
        super().__init__()
        self.theirs = theirs


class NotTheirs(ApplicationError):
    """It belongs to somebody else."""


class InvitationClosed(ApplicationError):
    """The invitation was answered, withdrawn or replaced, or has run out."""


class InvitedTooOften(ApplicationError):
    """So many invitations from one person within a day are refused."""


class HelperUnknown(ApplicationError):
    """Nobody has signed in with this address yet, so nobody can be let help."""


class AlreadyDecided(ApplicationError):
    """There is a prepared or released decision already."""


class PreviewOutdated(ApplicationError):
    """What would be sent is no longer what was shown; look again."""


class OfferClosed(ApplicationError):
    """The offer was answered, has run out or was withdrawn."""


class NotAReviewer(ApplicationError):
    """They hold neither the reviewer's nor the manager's role, or do not review this cohort."""


class ConflictOfInterest(ApplicationError):
    """It is their own, they help with it, or they said that they should not read it."""


class ScoresMissing(ApplicationError):
    """A review is handed in with a score for each criterion."""


class ReviewClosed(ApplicationError):
    """A decision has been released: what was reviewed stays as it is."""


class CriterionScored(ApplicationError):
    """Somebody has scored against it: it can be retired, never changed."""


class NeedsPartner(ApplicationError):
    """Somebody who looks for a partner cannot be offered a place alone: a place is for two."""


class OffersClosed(ApplicationError):
    """The cohort makes no offers any more: it has ended or is archived."""


class AnswerDayPassed(ApplicationError):
    """The last day to answer an offer must be to come."""


class UnknownPlaceholder(ApplicationError):
    """A letter's text names something in braces that no letter has."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(names)
        self.names = names


class NothingToLeave(ApplicationError):
    """It has come to nothing before, or what follows is under way and ends another way."""
