"""What in an enquiry looks as if a machine had sent it. It is kept and read all the same."""

import re

from cohorts.enquiries.models import Enquiry

MANY_LINKS = 3
FAST_SECONDS = 3
_LINK = re.compile(r"https?://|\bwww\.", re.I)


def signs_of(*, text: str, hidden_field: str, seconds: float) -> list[str]:
    """Values of `Enquiry.Sign`, in its order. `seconds` since the form was first shown."""
    found = {
        Enquiry.Sign.HIDDEN_FIELD: bool(hidden_field),
        Enquiry.Sign.FAST: seconds < FAST_SECONDS,
        Enquiry.Sign.LINKS: len(_LINK.findall(text)) >= MANY_LINKS,
    }
    return [sign.value for sign, is_there in found.items() if is_there]
