"""What a person of a pair is called where others read: by their name, else by their side; never by their address."""

from django.utils.translation import gettext as _

from accounts.models import User
from learning_log.models import Voice
from pairs.models import Membership


def called(person: User, side: str) -> str:
    """Somebody whose side of the pair is known (empty: they are not of it)."""
    if person.name:
        return person.name
    return str(Membership.Side(side).label) if side else _("Somebody new")


def author_of(voice: Voice) -> str:
    """Whose voice it is; empty for what the two wrote together. One query for those who gave no name: nearly nobody."""
    if voice.author is None:
        return ""
    return voice.author.name or called(voice.author, _side_of(voice))


def _side_of(voice: Voice) -> str:
    members = Membership.objects.filter(pair=voice.entry.pair_id, participant__user=voice.author_id)
    return members.order_by("-joined_at").values_list("side", flat=True).first() or ""
