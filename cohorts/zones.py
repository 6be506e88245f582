"""The time zones a person can choose, the United Kingdom's first."""

import zoneinfo
from functools import cache


@cache
def zone_choices() -> list[tuple[str, str]]:
    """(IANA name, words for it), one a place, sorted."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    others = [(name, name.replace("_", " ").replace("/", ": ", 1)) for name in names if name != "Europe/London"]
    return [("Europe/London", "United Kingdom (London)"), *others]
