"""What was answered: one row for each question and person, or for each question and the two together."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from applications.models.application import Applicant, Application
from applications.models.questions import Question
from applications.querysets import AnswerQuerySet


class Answer(models.Model):
    """One answer in its newest version. `value` is text, a boolean, or a list of strings, as its question's kind asks.

    A write names the version it saw (truth 13): a second tab is told, and both texts are kept.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="answers")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    value = models.JSONField(default=str)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["question__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "question"],
                condition=Q(applicant__isnull=False),
                name="one_answer_per_person_and_question",
            ),
            models.UniqueConstraint(
                fields=["application", "question"],
                condition=Q(applicant=None),
                name="one_shared_answer_per_question",
            ),
        ]

    def __str__(self) -> str:
        return f"answer to question {self.question_id} in application {self.application_id}"
