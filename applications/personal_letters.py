"""How the letters of decisions forget somebody. Letters to the other of the two name them as well."""

from accounts.models import User
from applications.models import Application, Decision, Letter, OfferYes


def forget(user: User) -> None:
    """Empty every letter of an application this person is or was part of; rows and verdicts stay."""
    theirs = Application.objects.filter(applicants__user=user)
    Letter.objects.filter(decision__application__in=theirs).update(subject="", body="")
    Decision.objects.filter(application__in=theirs).update(words="")
    OfferYes.objects.filter(applicant__user=user).update(how="")
