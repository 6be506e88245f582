"""How the letters of decisions forget somebody. Letters to the other of the two name them as well."""

from django.db.models import Q

from accounts.actions import addresses_of
from accounts.models import User
from applications.models import Applicant, Application, Decision, Letter, OfferYes


def forget(user: User) -> None:
    """Empty every letter of an application this person is or was part of; rows and verdicts stay.

    Registered before what empties their address, by which those without an account of the time are found.
    """
    mine = Applicant.objects.filter(Q(user=user) | Q(email__in=addresses_of(user)))
    theirs = Application.objects.filter(applicants__in=mine)
    Letter.objects.filter(decision__application__in=theirs).update(subject="", body="")
    Decision.objects.filter(application__in=theirs).update(words="")
    OfferYes.objects.filter(applicant__in=mine).update(how="")
