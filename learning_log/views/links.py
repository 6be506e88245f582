"""What somebody outside opens by a link. Unknown, run out and stopped are one answer, byte for byte."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from learning_log import actions, media_files, rehearsing
from learning_log.models import Attachment, Release
from learning_log.serving import serve
from learning_log.views.doors import form_page


# Under no-referrer browsers send `Origin: null`, which the check refuses. Opening needs the token alone, and no cookie.
@csrf_exempt
@login_not_required
@never_cache
@form_page
def shared_link(request: HttpRequest, token: str) -> HttpResponse:
    """A cover first, which tells that opening is noted; the words after a click, so that no scanner opens them."""
    opened = request.method == "POST"
    release = actions.open_link(token=token) if opened else actions.find_link(token=token)
    if release is None:
        return _private(render(request, "learning_log/link_gone.html", status=404))
    context = {"release": release, "programme": release.entry.pair.cohort.programme, "token": token}
    if not opened:
        return _private(render(request, "learning_log/link_cover.html", context))
    context["rehearsal"] = rehearsing.of_release(release, at=timezone.now())
    return _private(render(request, "learning_log/link_opened.html", context))


@login_not_required
@never_cache
def link_file(request: HttpRequest, token: str, attachment_id: int) -> HttpResponseBase:
    """A file of the released words, for whoever holds the link. 404 for any other file, and once the link is over."""
    release = actions.find_link(token=token)
    file = _held(release, attachment_id) if release else None
    if file is None:
        raise Http404
    place = media_files.place_of(file.path)
    answer = serve(
        request,
        place,
        content_type=file.content_type,
        download_name=f"shared-{file.kind}{place.suffix}",
        etag=str(file.pk),
    )
    return _private(answer)


def _held(release: Release, attachment_id: int) -> Attachment | None:
    return Attachment.objects.filter(pk=attachment_id, in_versions__version__released_in__release=release).first()


def _private[Answer: HttpResponseBase](answer: Answer) -> Answer:
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "private, no-store"
    return answer
