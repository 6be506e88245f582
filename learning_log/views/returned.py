"""What was typed for a page that is no longer there, given back to whoever typed it."""

import re
from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

View = Callable[..., HttpResponse]
ANSWER = re.compile(r"answer_\d{1,3}")
BEFORE, AFTER = ("title",), ("body", "words", "names", "next_step", "tags")


def gives_words_back(view: View) -> View:
    """A form sent to what is gone, or was never theirs, comes back as its own words and nothing else.

    The status stays the one that the page without words would have, so that a stranger learns nothing from it.
    """

    @wraps(view)
    def with_words(request: HttpRequest, **kwargs: int) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except (Http404, PermissionDenied) as error:
            if not typed_words(request):
                raise
            return words_returned(request, status=403 if isinstance(error, PermissionDenied) else 404)

    return with_words


def words_returned(request: HttpRequest, *, status: int = 404, is_answer: bool = False) -> HttpResponse:
    """The sender's own words to copy. The same for what was deleted or taken back and for what never was."""
    context = {"words": typed_words(request), "is_answer": is_answer}
    return render(request, "learning_log/words_returned.html", context, status=status)


def typed_words(request: HttpRequest) -> list[str]:
    """What a person typed into any form of the log, in the order of its boxes."""
    answers = sorted(filter(ANSWER.fullmatch, request.POST), key=lambda name: int(name.removeprefix("answer_")))
    return [typed for name in (*BEFORE, *answers, *AFTER) if (typed := request.POST.get(name, "")).strip()]
