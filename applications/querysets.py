"""Who may read what of an application. Each docstring is the policy."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Role
from accounts.permissions import Viewer, has_role

if TYPE_CHECKING:
    from applications.models import (  # noqa: F401  (named as strings in the bases below)
        Answer,
        Applicant,
        Application,
        Note,
        Offer,
        Review,
        Reviewer,
    )


class ApplicationQuerySet(models.QuerySet["Application"]):
    def of_applicant(self, user: Viewer) -> Self:
        """Applications this person is one side of now."""
        from applications.models import Applicant

        return self.filter(Exists(Applicant.objects.live().of(user).filter(application=OuterRef("pk"))))

    def close_to(self, user: Viewer) -> Self:
        """Applications this person is one side of now, or helps with: not theirs to judge."""
        from applications.models import Applicant

        theirs = Applicant.objects.live().filter(Q(user_id=user.pk) | Q(helper_id=user.pk))
        return self.filter(Exists(theirs.filter(application=OuterRef("pk"))))

    def not_for(self, user: Viewer) -> Self:
        """Applications close to this person, and those they said they should not read: others judge and decide."""
        from applications.models import Conflict

        barred = Conflict.objects.filter(Q(user_id=user.pk), application=OuterRef("pk"), ended_at=None)
        return self.filter(Q(pk__in=self.close_to(user).values("pk")) | Q(Exists(barred)))

    def helped_by(self, user: Viewer) -> Self:
        """Applications in which somebody agreed to this person's help."""
        from applications.models import Applicant

        helping = Applicant.objects.live().filter(Q(helper_id=user.pk), application=OuterRef("pk"))
        return self.filter(Exists(helping))

    def reviewed_by(self, user: Viewer) -> Self:
        """Sent proposals of two in the cohorts this person reviews, but for their own and those they should not read.

        Somebody who looks for a partner has no proposal yet: what they wrote of themselves is nobody’s to score. Who is
        assigned to a cohort still needs the role: it ends everywhere at once.
        """
        from applications.models import Applicant, Conflict, Reviewer

        if not has_role(user, Role.REVIEWER, Role.MANAGER):
            return self.none()
        reviewing = Reviewer.objects.live().filter(Q(user_id=user.pk), cohort=OuterRef("cohort"))
        barred = Conflict.objects.filter(Q(user_id=user.pk), application=OuterRef("pk"), ended_at=None)
        theirs = Applicant.objects.live().filter(Q(user_id=user.pk) | Q(helper_id=user.pk), application=OuterRef("pk"))
        return self.sent().filter(Exists(reviewing), ~Exists(barred), ~Exists(theirs), kind="pair")

    def run_by(self, user: Viewer) -> Self:
        """Managers: all. That a draft exists they may know, to help on the telephone; its answers are not theirs yet.

        Nobody else of the staff: facilitators meet the pairs, not the applicants.
        """
        return self.all() if has_role(user, Role.MANAGER) else self.none()

    def read_by(self, user: Viewer) -> Self:
        """What the staff's own pages show: managers everything, reviewers what they review."""
        return self.run_by(user) if has_role(user, Role.MANAGER) else self.reviewed_by(user)

    def visible_to(self, user: Viewer) -> Self:
        """Its people, whoever helps them, those who review it, and managers."""
        everything = self.model._default_manager.all()
        return self.filter(
            Q(pk__in=everything.of_applicant(user).values("pk"))
            | Q(pk__in=everything.helped_by(user).values("pk"))
            | Q(pk__in=everything.reviewed_by(user).values("pk"))
            | Q(pk__in=everything.run_by(user).values("pk"))
        )

    def heard(self) -> Self:
        """Drafts that the team writes down, all of them or one person's part: ApplicantQuerySet.written_by."""
        from applications.models import Applicant

        rung = Applicant.objects.live().filter(application=OuterRef("pk"), user=None, joined_at__isnull=False)
        return self.filter(Q(route__in=["telephone", "paper"]) | Exists(rung), state="draft")

    def sent(self) -> Self:
        """Handed in, whatever became of it since."""
        return self.exclude(sent_at=None)

    def on_reserve(self) -> Self:
        """The reserve list in its order."""
        return self.filter(state="reserve").order_by("reserve_rank", "pk")


class ApplicantQuerySet(models.QuerySet["Applicant"]):
    def live(self) -> Self:
        return self.filter(left_at=None)

    def of(self, user: Viewer) -> Self:
        """This person's own parts. An invitation not yet taken up is nobody's."""
        return self.filter(Q(user_id=user.pk), joined_at__isnull=False)

    def written_by(self, user: Viewer) -> Self:
        """Parts this person may fill in: their own, and those they were asked to help with.

        Managers: drafts that they write down for somebody on the telephone or from paper, and of any other draft the
        part of somebody without an address, whom they ring.
        """
        theirs = Q(user_id=user.pk, joined_at__isnull=False) | Q(helper_id=user.pk)
        if has_role(user, Role.MANAGER):
            theirs |= Q(application__route__in=["telephone", "paper"], application__state="draft")
            theirs |= Q(application__state="draft", user=None, joined_at__isnull=False)
        return self.live().filter(theirs)

    def visible_to(self, user: Viewer) -> Self:
        """Whoever may see the application; of the answers, see AnswerQuerySet."""
        from applications.models import Application

        return self.filter(application__in=Application.objects.visible_to(user))


class AnswerQuerySet(models.QuerySet["Answer"]):
    def visible_to(self, user: Viewer) -> Self:
        """A person's own answers: they, whoever helps them, and once sent, as its question says, others.

        Answers of the two together: both of them, whoever helps one of them, and once sent, managers and reviewers.
        Managers read what was sent. Reviewers read of it what is meant for them. The other person of the pair reads
        what is meant for the partner, from the moment both have joined and as long as both are in it, sent or not;
        never how to reach somebody, or whom they would not meet. `seen_in_words` tells all this to who answers.
        """
        from applications.models import Applicant, Application

        mine = Applicant.objects.written_by(user).values("pk")
        ours = Applicant.objects.written_by(user).values("application")
        for_partner = Q(application__in=ours, applicant__left_at=None, question__seen_by="partner") & ~Q(
            question__meaning__in=["reach", "never_with"]
        )
        sent = Application.objects.sent()
        for_team = Q(application__in=sent.run_by(user).values("pk"))
        for_reviewers = Q(application__in=sent.reviewed_by(user).values("pk")) & (
            Q(applicant=None) | ~Q(question__seen_by="team")
        )
        return self.filter(
            Q(applicant__in=mine) | Q(applicant=None, application__in=ours) | for_partner | for_team | for_reviewers
        )

    def shared(self) -> Self:
        """Answers of the two together."""
        return self.filter(applicant=None)


class ReviewerQuerySet(models.QuerySet["Reviewer"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)

    def of(self, user: Viewer) -> Self:
        return self.filter(Q(user_id=user.pk))


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: Viewer) -> Self:
        """One's own always. Others': managers and fellow reviewers, once handed in, and after handing in one's own.

        A manager who does not review the cohort has no own to hand in first. Nobody reads those of an application of
        their own, of one with which they help, or of one they said they should not read.
        """
        from applications.models import Application, Review, Reviewer

        handed_in = Review.objects.filter(
            Q(user_id=user.pk), application=OuterRef("application"), submitted_at__isnull=False
        )
        reviews_it = Reviewer.objects.live().of(user).filter(cohort=OuterRef("application__cohort"))
        may_see = Q(application__in=Application.objects.reviewed_by(user).values("pk"))
        if has_role(user, Role.MANAGER):
            others = Q(Exists(handed_in)) | ~Q(Exists(reviews_it))
        else:
            others = may_see & Q(Exists(handed_in))
        others &= ~Q(application__in=Application.objects.not_for(user).values("pk"))
        return self.filter(Q(user_id=user.pk) | (Q(submitted_at__isnull=False) & others))

    def counted(self) -> Self:
        """Handed in, by somebody who has not said since that they should not read it."""
        from applications.models import Conflict

        barred = Conflict.objects.filter(application=OuterRef("application"), user=OuterRef("user"), ended_at=None)
        return self.filter(~Exists(barred), submitted_at__isnull=False)


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: Viewer) -> Self:
        """Managers, of applications they may read and that are not their own, or one with which they help."""
        from applications.models import Application

        theirs = Application.objects.close_to(user).values("pk")
        return self.filter(application__in=Application.objects.run_by(user)).exclude(application__in=theirs)


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, user: Viewer) -> Self:
        """The people it is made to, whoever helps them, and managers."""
        from applications.models import Application

        everything = Application.objects.all()
        return self.filter(
            Q(application__in=everything.of_applicant(user).values("pk"))
            | Q(application__in=everything.helped_by(user).values("pk"))
            | Q(application__in=everything.run_by(user).values("pk"))
        )

    def open(self) -> Self:
        return self.filter(state="open")

    def overdue(self, at: datetime) -> Self:
        """Open, and past its last day."""
        return self.open().filter(answer_by__lte=at)
