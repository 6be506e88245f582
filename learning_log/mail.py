"""The one mail of this app: a reminder on the days its reader chose. It tells nothing that was or was not written."""

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from config.links import absolute
from learning_log import nudges
from notifications import reasons, reminders
from notifications.kinds import Category, MailKind, register
from notifications.models import LedgerRow
from pairs.quiet import wants_quiet


def nudge_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    """Not to somebody who chose other days or another hour since, wants quiet, or has no pair and no log any more."""
    if row.recipient is None:
        return reasons.INACTIVE
    is_due = nudges.is_due(row.recipient, date.fromisoformat(str(row.ids["day"])), row.due_at)
    if is_due and not wants_quiet(row.recipient, at):
        return None
    return _("The reader chose otherwise since.")


def render_nudge(row: LedgerRow) -> dict[str, Any]:
    """The same for everybody but the name they are greeted by."""
    return {
        "user": row.recipient,
        "link": absolute(reverse("learning_log:list")),
        "days_link": absolute(reverse("learning_log:nudges")),
    }


register(
    MailKind(
        name=nudges.KIND,
        title="Reminder somebody set for themselves",
        category=Category.NUDGE,
        # Who wants to be reminded of writing, and when, is theirs (DESIGN §2): staff see that all is well, not who.
        is_private=True,
        template="mail/learning_log/nudge",
        late_after=timedelta(hours=12),
        still_wanted=nudge_still_wanted,
        render=render_nudge,
    )
)
reminders.register("learning_log.nudges", nudges.plan)
