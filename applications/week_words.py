"""The times of the week (applications.starter) in words."""

from django.utils.translation import gettext_lazy as _

from applications.starter import DAYS, PARTS_OF_DAY

DAY_NAMES = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}
PART_NAMES = {"morning": _("morning"), "afternoon": _("afternoon"), "evening": _("evening")}


def in_words(time: str) -> str:
    """`mon-morning` reads “Monday morning”."""
    day, part = time.split("-")
    return f"{DAY_NAMES[day]} {PART_NAMES[part]}"


def week_in_words(values: list[str]) -> list[str]:
    """`["mon-morning", "mon-evening"]` reads “Monday: morning, evening”: a line for each day, in the week's order."""
    lines = []
    for day in DAYS:
        parts = [str(PART_NAMES[part]) for part in PARTS_OF_DAY if f"{day}-{part}" in values]
        if parts:
            lines.append(f"{DAY_NAMES[day]}: {', '.join(parts)}")
    return lines
