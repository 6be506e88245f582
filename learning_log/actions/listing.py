"""The names a pair lists."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from learning_log import permissions
from learning_log.exceptions import NotAMember
from learning_log.models import ListedName
from pairs.models import Pair


@transaction.atomic
def list_names(*, pair: Pair, names: Sequence[str], by: User) -> None:
    """Make `names` the whole list of the pair. Called by either of the two. Raises NotAMember."""
    Pair.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    if not permissions.is_live_member(by, pair.pk):
        raise NotAMember
    ListedName.objects.filter(pair=pair).delete()
    ListedName.objects.bulk_create(ListedName(pair=pair, name=name) for name in names)
