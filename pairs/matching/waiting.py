"""Introductions that wait for somebody's answer, for the page of their own application."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from applications.waiting import Waiting
from pairs.matching.models import Introduction


def introductions_for(user: User, applications: Sequence[Application]) -> dict[int, Waiting]:
    """By application; nothing once this person has answered. One query, and none for who looks for nobody."""
    looking = [one.pk for one in applications if not one.is_pair]
    if not looking:
        return {}
    about = Q(professional__application__in=looking) | Q(partner__application__in=looking)
    found: dict[int, Waiting] = {}
    for one in Introduction.objects.of(user).published().filter(about).select_related("professional", "partner"):
        for person in (one.professional, one.partner):
            if person.application_id in looking and not one.has_yes_of(person):
                path = reverse("pairs:introduction", args=[one.pk])
                found[person.application_id] = Waiting(
                    _("There is somebody you might like to meet."), _("See who it is"), path
                )
    return found
