"""What anybody can do: preview a comment, send it, find one again, follow them."""

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition, require_http_methods, require_safe

from comments import actions, checks
from comments.forms import DETAIL_WORDS, TICKET, CommentForm, SendForm
from comments.limits import LIMITS
from comments.models import Comment
from comments.templatetags.comment_words import comment_html
from comments.threads import thread_page
from config.limits import TooMany, network_of
from config.links import absolute
from config.plain_text import clean
from config.tickets import Ticket, token_is_wrong
from guides.models import Guide

FEED_ENTRIES = 50


def _published(slug: str) -> Guide:
    return get_object_or_404(Guide.objects.published(), slug=slug)


def _closed(request: HttpRequest, guide: Guide) -> HttpResponse:
    typed = request.POST.get("text", "")
    return render(request, "comments/comment_closed.html", {"guide": guide, "text": typed}, status=403)


def _page(
    request: HttpRequest,
    guide: Guide,
    form: CommentForm,
    *,
    status: int = 200,
    wait_minutes: int = 0,
    asks_again: bool = False,
    ticket: Ticket | None = None,
) -> HttpResponse:
    """The form with what was typed, above it the comment as it will look (once every field can be read)."""
    shown = form.as_comment(guide, timezone.now()) if form.is_bound and form.is_valid() else None
    details = form.details if form.is_bound else []
    context = {
        "guide": guide,
        "form": form,
        "shown": shown,
        "details": details,
        "details_words": [f"{DETAIL_WORDS[detail.kind][0]}: {detail.text}" for detail in details],
        "ticket": ticket or Ticket.new(TICKET),
        "wait_minutes": wait_minutes,
        "asks_again": asks_again,
    }
    response = render(request, "comments/comment_new.html", context, status=status)
    if wait_minutes:
        response["Retry-After"] = str(wait_minutes * 60)
    return response


# The form under a guide carries no token, so that the guide sets no cookie. This step shows and saves nothing.
@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def comment_new(request: HttpRequest, slug: str) -> HttpResponse:
    """The empty form; with POST, what was typed as it will look, to be sent from there."""
    guide = _published(slug)
    if not guide.takes_comments:
        return _closed(request, guide)
    return _page(request, guide, CommentForm(request.POST if request.method == "POST" else None))


@login_not_required
@csrf_exempt  # checked inside, see token_is_wrong
@require_http_methods(["GET", "HEAD", "POST"])
def comment_send(request: HttpRequest, slug: str) -> HttpResponse:
    """Hold the comment. Everything wrong shows the form again with every word in it."""
    if request.method != "POST":
        return redirect("comments:new", slug=slug)
    guide = _published(slug)
    form = SendForm(request.POST)
    ticket = Ticket.read(TICKET, request.POST.get("ticket", ""))
    if not guide.takes_comments:
        return _closed(request, guide)
    if not form.is_valid():
        return _page(request, guide, form, ticket=ticket)
    if ticket is None or token_is_wrong(request):
        return _page(request, guide, form, asks_again=True)
    try:
        LIMITS.count_one(network=network_of(request), person=form.cleaned_data["email"])
        _submit(guide, form, ticket, timezone.now())
    except TooMany as limit:
        if not Comment.objects.filter(submitted_key=ticket.key).exists():  # a second click has been sent already
            return _page(request, guide, form, status=429, wait_minutes=limit.wait_minutes, ticket=ticket)
    except actions.Closed:
        return _closed(request, guide)
    return redirect("comments:thanks", slug=slug)


def _submit(guide: Guide, form: SendForm, ticket: Ticket, at: datetime) -> None:
    words = form.words
    reasons = checks.held_reasons(
        text=words.text,
        name=words.name,
        role=words.role,
        organisation=words.organisation,
        hidden_field=form.cleaned_data["hp"],
        seconds=at.timestamp() - ticket.shown_at,
        at=at,
    )
    actions.submit_comment(guide=guide, words=words, held_reasons=reasons, key=ticket.key, at=at)


@login_not_required
@require_safe
def comment_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next."""
    return render(request, "comments/comment_thanks.html", {"guide": _published(slug)})


@login_not_required
@require_safe
def permalink(request: HttpRequest, slug: str, comment_id: int) -> HttpResponse:
    """Lead to the page of the guide that holds this comment, at its place."""
    comments = Comment.objects.published().select_related("guide", "parent")
    comment = get_object_or_404(comments, guide__slug=slug, pk=comment_id)
    thread = comment.parent or comment
    page = "" if thread_page(comment.guide).holds(thread.pk) else f"?from={thread.pk}"
    return redirect(f"{comment.guide.get_absolute_url()}{page}#c{comment.pk}")


def _feed_tag(request: HttpRequest, slug: str) -> str:
    """Guide and version: the version counts every change to what is public under it."""
    found = Guide.objects.published().filter(slug=slug).values_list("pk", "version").first()
    if found is None:
        raise Http404
    return f'"comments-{found[0]}-{found[1]}"'


def _feed(guide: Guide) -> bytes:
    address = absolute(guide.get_absolute_url())
    feed = Atom1Feed(
        title=f"Comments on {clean(guide.title)}",
        link=address,
        description="",
        language="en-gb",
        feed_url=absolute(reverse("comments:feed", kwargs={"slug": guide.slug})),
        feed_guid=f"{address}#comments",
    )
    newest = Comment.objects.published().filter(guide=guide).order_by("-published_at", "-pk")
    for comment in newest[:FEED_ENTRIES]:
        link = absolute(reverse("comments:permalink", kwargs={"slug": guide.slug, "comment_id": comment.pk}))
        feed.add_item(
            title=f"{clean(comment.name)} on {clean(guide.title)}",
            link=link,
            unique_id=link,
            author_name=clean(comment.name),
            description=comment_html(clean(comment.text)),
            pubdate=comment.published_at,
            updateddate=comment.published_at,
        )
    return feed.writeString("utf-8").encode()


@login_not_required
@require_safe
@cache_control(public=True, no_cache=True)
@condition(etag_func=_feed_tag)
def comment_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest comments as Atom (RFC 4287); written once a change, asked again with an ETag."""
    guide = _published(slug)
    key = f"comments:feed:{guide.pk}:{guide.version}"
    content = cache.get(key)
    if content is None:
        content = _feed(guide)
        cache.set(key, content, timeout=3600)
    return HttpResponse(content, content_type="application/atom+xml; charset=utf-8")


@login_not_required
@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """How we decide what appears under a guide."""
    return render(request, "comments/policy.html")
