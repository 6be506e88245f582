"""The automatic checks. They never publish and never refuse: they say what a moderator should look at."""

import logging
import re
from datetime import datetime

from comments.reasons import Reason
from config import identifying

logger = logging.getLogger(__name__)

MANY_LINKS = 3
FAST_SECONDS = 3
LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|info|biz|shop|ru|uk|example)\b\S*", re.I
)


def held_reasons(
    *, text: str, name: str, role: str, organisation: str, hidden_field: str, seconds: float, at: datetime
) -> list[str]:
    """Codes of `Reason` in a stable order. A check that breaks is itself a reason."""
    found: set[str] = set()
    try:
        lines = "\n".join((name, role, organisation, text))
        links = len(LINK.findall(lines))
        found |= {Reason.MANY_LINKS} if links >= MANY_LINKS else {Reason.LINKS} if links else set()
        found |= {Reason(detail.kind) for detail in identifying.find(lines, this_year=at.year)}
        found |= {Reason.HIDDEN_FIELD} if hidden_field else set()
        found |= {Reason.FAST} if seconds < FAST_SECONDS else set()
    except Exception:
        logger.exception("comments.checks_broke")
        found.add(Reason.NOT_CHECKED)
    return [reason for reason in Reason.values if reason in found]
