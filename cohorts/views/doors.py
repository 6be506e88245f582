"""What the pages of this app share."""

from uuid import UUID, uuid4

from django.http import HttpRequest, QueryDict
from django.views.decorators.http import require_http_methods

from accounts import returning

get_and_post = require_http_methods(["GET", "HEAD", "POST"])

ARCHIVED_TEXT = "This cohort is archived. Its records are kept as they are."


def made_key(request: HttpRequest) -> UUID:
    """The key of the page something is made on, so that one page makes one, however often it is sent.

    It stands in the form, and in the address, so that a page that is loaded anew or come back to is the same page.
    """
    fields = request.POST or returning.data(request) or QueryDict()
    try:
        return UUID(fields.get("made_key") or request.GET.get("made_key", ""))
    except ValueError:
        return uuid4()
