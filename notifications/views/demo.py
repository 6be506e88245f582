"""/demo/mail/: every mail the local catcher received, as its reader would see it. Only in DEMO."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from notifications import mailbox
from notifications.mailbox import Kept

View = Callable[..., HttpResponse]

_WITH_FRAME: dict[str, Any] = settings.SECURE_CSP | {"frame-src": [CSP.SELF]}
_MAIL: dict[str, Any] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": ["data:"],
    "base-uri": [CSP.SELF],
    "form-action": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
}


def only_in_demo(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def folder() -> Path:
    return Path(settings.DATA_DIR) / "mail"


@login_not_required
@never_cache
@require_safe
@only_in_demo
def demo_mail(request: HttpRequest) -> HttpResponse:
    address = request.GET.get("to", "").strip()
    kept, before = mailbox.page(folder(), address=address, before=request.GET.get("before", ""))
    older = urlencode({"to": address, "before": before}) if before else ""
    return render(request, "notifications/demo_mail.html", {"kept": kept, "address": address, "older": older})


@login_not_required
@never_cache
@require_safe
@csp_override(_WITH_FRAME)
@only_in_demo
def demo_message(request: HttpRequest, name: str) -> HttpResponse:
    kept = _kept(name)
    return render(request, "notifications/demo_message.html", {"kept": kept, "text": kept.body("plain")})


@login_not_required
@never_cache
@require_safe
@xframe_options_sameorigin
@csp_override(_MAIL)
@only_in_demo
def demo_message_html(request: HttpRequest, name: str) -> HttpResponse:
    """The mail's own HTML with its own styles, for the frame only; its links open in the whole window."""
    html = _kept(name).body("html").replace("<head>", '<head><base target="_top">', 1)
    return HttpResponse(html)


def _kept(name: str) -> Kept:
    kept = mailbox.open_kept(folder(), name)
    if kept is None:
        raise Http404
    return kept
