"""The stories as Atom (RFC 4287): title, names and programme with a link, never the words.

A reader's program keeps what a feed once said; what a pair takes back must not stay there.
"""

from datetime import UTC, datetime, time

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from config.links import absolute
from learning_log import stories

FEED_ENTRIES = 50
CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])  # what XML 1.0 cannot hold


@login_not_required
@require_safe
@cache_control(no_cache=True)
@conditional_page
def story_feed(request: HttpRequest) -> HttpResponse:
    """The newest stories, read anew for each request."""
    address = absolute(reverse("learning_log:stories"))
    feed = Atom1Feed(
        title=_("Stories from Alongside"),
        link=address,
        description="",
        language="en-gb",
        feed_url=absolute(reverse("learning_log:story_feed")),
        feed_guid=address,
    )
    for story in stories.newest(FEED_ENTRIES):
        link = absolute(story.get_absolute_url())
        moment = datetime.combine(story.released_on, time(), tzinfo=UTC)
        feed.add_item(
            title=story.title.translate(CONTROLS),
            link=link,
            unique_id=link,
            author_name=" · ".join(story.names).translate(CONTROLS) or None,
            description=story.programme,
            pubdate=moment,
            updateddate=moment,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
