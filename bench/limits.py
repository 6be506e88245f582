"""The limits of DESIGN §7 as Django views: as little as a view can do that sends as many bytes, or writes one row.

`bench.limits` is a URL list of its own, beside all of ours, so that both run in the same processes behind the same
middleware.
"""

import uuid
from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from comments.models import Comment
from config import urls
from guides.models import Guide


@login_not_required
def bare_page(request: HttpRequest, size: int) -> HttpResponse:
    """One query and `size` bytes."""
    Guide.objects.values_list("pk", "version").get(slug="bench")
    return HttpResponse(b"x" * size)


@login_not_required
@csrf_exempt
def bare_insert(request: HttpRequest) -> HttpResponse:
    """One INSERT and a redirect."""
    Comment.objects.create(
        guide_id=int(request.POST["guide"]),
        edition_id=int(request.POST["edition"]),
        name=request.POST["name"],
        role=request.POST["role"],
        email=request.POST["email"],
        text=request.POST["text"],
        submitted_key=uuid.uuid4(),
        created_at=timezone.now(),
    )
    return HttpResponseRedirect("/guides/bench/comment/thanks/")


urlpatterns: list[URLPattern | URLResolver] = [
    path("bench/page/<int:size>/", bare_page),
    path("bench/insert/", bare_insert),
    *cast("list[URLPattern | URLResolver]", urls.urlpatterns),
]
