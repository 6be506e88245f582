"""What the pages of this app share."""

from django.views.decorators.http import require_http_methods

get_and_post = require_http_methods(["GET", "HEAD", "POST"])

ARCHIVED_TEXT = "This cohort is archived. Its records are kept as they are."
