"""What search engines may know of: every page that a visitor may read now, and nothing else."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from cohorts.models import Programme
from config.links import absolute
from guides.models import Guide
from learning_log import stories

MOST_STORIES = 10_000  # a sitemap may name 50,000 addresses (sitemaps.org)
STANDING = ("portal:home", "guides:list", "learning_log:stories", "portal:accessibility", "portal:privacy")


def addresses() -> Iterator[str]:
    """Paths, asked of the same querysets as the pages themselves."""
    yield from (reverse(name) for name in STANDING)
    yield from (guide.get_absolute_url() for guide in Guide.objects.published())
    for slug in Programme.objects.public().values_list("slug", flat=True):
        yield reverse("cohorts:programme_detail", kwargs={"slug": slug})
    for pk in stories.public().values_list("pk", flat=True)[:MOST_STORIES]:
        yield reverse("learning_log:story", kwargs={"release_id": pk})


@login_not_required
@require_safe
@cache_control(no_cache=True)
@conditional_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Written anew for each request: what was taken back is gone from it at once."""
    content = render_to_string("portal/sitemap.xml", {"addresses": [absolute(path) for path in addresses()]})
    return HttpResponse(content, content_type="application/xml; charset=utf-8")


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Doors are not worth a visit. Shared links are not named here: their own pages say noindex (RFC 9309)."""
    lines = [
        "User-agent: *",
        "Disallow: /accounts/",
        "Disallow: /staff/",
        f"Sitemap: {absolute(reverse('portal:sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
