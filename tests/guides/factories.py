"""People and guides for the tests of guides and comments."""

from itertools import count

from django.utils import timezone

from accounts.models import Role, RoleAssignment, User
from guides import actions
from guides.actions import EditionText, SectionText
from guides.models import Guide

_number = count(1)

TEXT = EditionText(
    title="Starting as equals",
    kicker="A guide for new pairs",
    lede="The first three meetings between a professional and a patient partner.",
    authors="Hollis Merrow and Petra Vandermolen",
    key_messages=("Meet somewhere that belongs to neither of you.", "Agree how you will stop a meeting."),
    sections=(
        SectionText("Before the first meeting", "Send each other *three sentences* beforehand.\n\n- one\n- two"),
        SectionText("Whose room is it?", "Every room tells people who is at home in it."),
    ),
)


def person(*roles: Role, name: str = "Nerys Ashdown") -> User:
    user = User.objects.create_user(f"person{next(_number)}@alongside.test", name=name)
    for role in roles:
        RoleAssignment.objects.create(user=user, role=role, granted_at=timezone.now())
    return user


def draft_guide(by: User | None = None, text: EditionText = TEXT) -> Guide:
    return actions.create_guide(text=text, by=by or person(Role.MANAGER))


def published_guide(by: User | None = None, text: EditionText = TEXT) -> Guide:
    by = by or person(Role.MANAGER)
    edition = draft_guide(by, text).editions.get()
    return actions.publish_edition(
        edition=edition, version=edition.version, change_summary="", by=by, at=timezone.now()
    )
