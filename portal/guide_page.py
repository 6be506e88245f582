"""The public guide page: a guide and what readers say under it.

It is written once a change: everything below the header is kept in the cache under the guide's id and `version`, a
number in the row that every change of guide or comment moves in its own transaction. The number is read from the
database on each request, so that a comment published, edited or taken down is right on the next request, whatever the
cache holds.
"""

import hashlib
import threading
from collections.abc import Callable
from functools import cache as once
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from comments.forms import CommentForm
from comments.models import Comment
from comments.threads import thread_page
from guides.models import Guide

KEEP_SECONDS = 24 * 3600
# Pages this process sent lately, so that the usual one costs no way to the cache. The key holds the version: never old.
RECENT_PAGES = 32
_recent: dict[str, bytes] = {}
_recent_lock = threading.Lock()


@once
def _shape() -> str:
    """Changes with every release that changes templates or static files; part of each cache key."""
    digest = hashlib.sha256(getattr(staticfiles_storage, "manifest_hash", "").encode())
    for template in sorted(Path(settings.BASE_DIR, "templates").rglob("*.html")):
        digest.update(template.read_bytes())
    return digest.hexdigest()[:12]


def _kept(key: str, write: Callable[[], str]) -> str:
    found: str | None = cache.get(key)
    if found is None:
        found = write()
        cache.set(key, found, timeout=KEEP_SECONDS)
    return found


def _whole_page(key: str, write: Callable[[], str]) -> bytes:
    """A visitor's page as bytes: of this process, else of the cache, else written now."""
    page = _recent.get(key)
    if page is None:
        page = _kept(f"guides:whole:{key}", write).encode()
        with _recent_lock:
            while len(_recent) >= RECENT_PAGES:
                del _recent[next(iter(_recent))]
            _recent[key] = page
    return page


def _inner(slug: str, start: Comment | None = None) -> str:
    """The page below its header: the same for every reader, so it holds no token and nothing about a person."""
    guides = Guide.objects.published().select_related("current_edition").prefetch_related("current_edition__sections")
    guide = guides.get(slug=slug)
    context = {
        "guide": guide,
        "edition": guide.current_edition,
        "page": thread_page(guide, start),
        "comment_count": Comment.objects.published().filter(guide=guide).count(),
        "form": CommentForm(),
    }
    return render_to_string("guides/guide_inner.html", context)


def _whole(request: HttpRequest, title: str, slug: str, inner: str) -> HttpResponse:
    safe_inner: SafeString = mark_safe(inner)  # noqa: S308  # rendered by our own template, see _inner
    return render(request, "guides/guide_detail.html", {"title": title, "slug": slug, "inner": safe_inner})


def _first_page(request: HttpRequest, slug: str, key: str, title: str) -> HttpResponseBase:
    """The page at its plain address. A visitor's is kept whole; a signed-in reader gets their own header."""
    inner_key = f"guides:inner:{key}"
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        response = _whole(request, title, slug, _kept(inner_key, lambda: _inner(slug)))
        response["Cache-Control"] = "private, no-cache"
        return response
    tag = f'"{key}"'
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged is None:
        unchanged = HttpResponse(_whole_page(key, lambda: _written_for_visitors(request, title, slug, inner_key)))
    unchanged["ETag"] = tag
    unchanged["Cache-Control"] = "public, no-cache"
    patch_vary_headers(unchanged, ["Cookie"])
    return unchanged


def _written_for_visitors(request: HttpRequest, title: str, slug: str, inner_key: str) -> str:
    inner = _kept(inner_key, lambda: _inner(slug))
    return _whole(request, title, slug, inner).content.decode()


@login_not_required
@require_safe
def guide_page(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A published guide with the newest comments, or with the page of comments that begins at `?from=<id>`."""
    found = Guide.objects.published().filter(slug=slug).values_list("pk", "version", "title", "created_at").first()
    if found is None:
        raise Http404
    pk, version, title, created_at = found
    wished = request.GET.get("from")
    if wished is None:
        return _first_page(request, slug, f"{pk}-{int(created_at.timestamp())}-{version}-{_shape()}", title)
    start = None
    if wished.isdecimal() and len(wished) < 19:
        once_public = Comment.objects.filter(guide=pk, parent=None, published_at__isnull=False)
        start = once_public.filter(pk=int(wished)).first()
    if start is None:
        return redirect("guides:detail", slug=slug)
    return _whole(request, title, slug, _inner(slug, start))
