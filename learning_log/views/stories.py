"""The stories that pairs have released to the public.

No copy is kept anywhere without asking again (`no-cache`), and the answer "unchanged" is given only after the page was
read anew: whoever asks for a withdrawn story with the ETag they have gets 404.
"""

from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from learning_log import media_files, stories
from learning_log.serving import serve


@login_not_required
@require_safe
@cache_control(no_cache=True)
@conditional_page
def story_list(request: HttpRequest) -> HttpResponse:
    page = stories.page(request.GET.get("before", ""))
    context = {"page": page, "is_first_page": "before" not in request.GET}
    return render(request, "learning_log/story_list.html", context)


@login_not_required
@require_safe
@cache_control(no_cache=True)
@conditional_page
def story_detail(request: HttpRequest, release_id: int) -> HttpResponse:
    """One story. The address of words since released anew leads to the new ones."""
    story = stories.story(release_id)
    if story is None:
        raise Http404
    if story.release.pk != release_id:
        return redirect(story)
    return render(request, "learning_log/story_detail.html", {"story": story})


@login_not_required
@require_safe
def story_file(request: HttpRequest, release_id: int, attachment_id: int) -> HttpResponseBase:
    """A file in a story, under a name of ours: what its author called it may say more than they meant to."""
    file = stories.file_of(release_id, attachment_id)
    if file is None:
        raise Http404
    place = media_files.place_of(file.path)
    name = f"story-{release_id}-{file.kind}{Path(file.path).suffix}"
    return serve(
        request, place, content_type=file.content_type, download_name=name, etag=f"{file.pk}-{file.size_bytes}"
    )
