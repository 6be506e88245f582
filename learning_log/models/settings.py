"""What a pair and a person choose for their log."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from learning_log.querysets import ListedNameQuerySet
from pairs.models import Pair


class ListedName(models.Model):
    """A name the pair wants to be warned of before it leaves the pair.

    The two who were in it when it was listed see it; who takes a place later does not, nor does anybody else.
    """

    pair = models.ForeignKey(Pair, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    listed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ListedNameQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint("pair", Lower("name"), name="a_name_is_listed_once_per_pair")]

    def __str__(self) -> str:
        return f"listed name {self.pk}"


class Nudge(models.Model):
    """The days on which somebody asked to be reminded of their log, at an hour of their own clock."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), help_text=_("0 is Monday."))
    hour = models.PositiveSmallIntegerField(default=9, validators=[MinValueValidator(0), MaxValueValidator(23)])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=list(range(7))), name="a_weekday_is_one_of_seven"
            ),
            models.CheckConstraint(condition=Q(hour__lte=23), name="an_hour_is_one_of_twenty_four"),
        ]

    def __str__(self) -> str:
        return f"nudge {self.pk}"


class Introduced(models.Model):
    """Somebody has read, before their first entry, who can see what. Only that person's own pages ask."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"introduction {self.pk}"
