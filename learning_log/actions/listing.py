"""The names a pair lists."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models.functions import Lower

from accounts.models import User
from learning_log import permissions
from learning_log.exceptions import NotAMember
from learning_log.models import ListedName
from pairs.models import Pair


@transaction.atomic
def list_names(*, pair: Pair, names: Sequence[str], by: User) -> None:
    """Make `names` the whole of the list that this person sees. Called by either of the two. Raises NotAMember.

    What was listed before they came stays: it still points out names, and they are not shown whose.
    """
    Pair.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    if not permissions.is_live_member(by, pair.pk):
        raise NotAMember
    standing = ListedName.objects.filter(pair=pair)
    seen = standing.visible_to(by)
    kept = list(seen.filter(name__in=names).values_list("name", flat=True))
    seen.exclude(name__in=kept).delete()
    new = [name for name in names if name not in kept]
    standing.alias(small=Lower("name")).filter(small__in=[name.lower() for name in new]).delete()
    ListedName.objects.bulk_create(ListedName(pair=pair, name=name) for name in new)
