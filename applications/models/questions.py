"""The questions of a cohort. A set that somebody has begun to answer is never changed: staff edit the next one."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cohorts.models import Cohort


class QuestionSet(models.Model):
    """One numbered state of a cohort's questions; an application keeps the set it was begun with."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="question_sets")
    number = models.PositiveIntegerField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["cohort", "number"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="question_sets_are_numbered"),
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(published_at=None), name="one_unpublished_question_set_per_cohort"
            ),
        ]

    def __str__(self) -> str:
        return f"questions {self.number} of cohort {self.cohort_id}"


class Question(models.Model):
    """One question on a page of its own."""

    class AskedOf(models.TextChoices):
        EACH = "each", _("Each person, for themselves")
        PROFESSIONAL = "professional", _("The professional")
        PARTNER = "partner", _("The patient partner")
        TOGETHER = "together", _("The two together")

    class AskedWhen(models.TextChoices):
        ALWAYS = "always", _("Always")
        PAIR = "pair", _("When two apply together")
        SEEKING = "seeking", _("When somebody looks for a partner")

    class Kind(models.TextChoices):
        SHORT = "short", _("A line")
        LONG = "long", _("A few sentences")
        YES_NO = "yes_no", _("Yes or no")
        ONE_OF = "one_of", _("One of a list")
        SOME_OF = "some_of", _("Any of a list")
        TIMES = "times", _("Times of the week")

    class SeenBy(models.TextChoices):
        TEAM = "team", _("The programme team")
        REVIEWERS = "reviewers", _("The programme team and the reviewers")
        PARTNER = "partner", _("The team, the reviewers, and the partner")

    class Meaning(models.TextChoices):
        """What the programme itself does with an answer. A question of the staff's own has none."""

        NONE = "", _("Nothing more")
        ABOUT = "about", _("About the person")
        BRINGS = "brings", _("What they bring")
        ACCESS = "access", _("Access needs")
        TRAVEL = "travel", _("How far they can travel")
        LANGUAGE = "language", _("Languages")
        REACH = "reach", _("How to reach them")
        INTERESTS = "interests", _("What they would like to work on")
        TIMES = "times", _("When they can meet")
        CARE = "care", _("Whether one treats the other")
        NEVER_WITH = "never_with", _("People never to be paired with")
        CHALLENGE = "challenge", _("The shared challenge")
        CHALLENGE_MORE = "challenge_more", _("More about the challenge")
        LOCAL_SYSTEM = "local_system", _("The local health system")
        FUNDING = "funding", _("Funding")
        SPONSOR = "sponsor", _("A sponsor")

    question_set = models.ForeignKey(QuestionSet, on_delete=models.PROTECT, related_name="questions")
    key = models.SlugField(max_length=40, help_text=_("The same in each next set, so that answers can be compared."))
    position = models.PositiveIntegerField()
    text = models.CharField(max_length=300)
    hint = models.CharField(max_length=600, blank=True)
    asked_of = models.CharField(max_length=12, choices=AskedOf)
    asked_when = models.CharField(max_length=10, choices=AskedWhen, default=AskedWhen.ALWAYS)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.LONG)
    choices = models.JSONField(default=list, blank=True, help_text=_("A list of strings, for a list to choose from."))
    seen_by = models.CharField(max_length=10, choices=SeenBy, default=SeenBy.TEAM)
    meaning = models.CharField(max_length=16, choices=Meaning, blank=True, default=Meaning.NONE)
    is_required = models.BooleanField(default=True)

    class Meta:
        ordering = ["question_set", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["question_set", "key"], name="one_question_per_key"),
            models.UniqueConstraint(
                fields=["question_set", "meaning"],
                condition=~Q(meaning=""),
                name="one_question_per_meaning",
            ),
        ]

    def __str__(self) -> str:
        return self.text
