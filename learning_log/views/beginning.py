"""Who can see what, in plain words: shown once before somebody's first entry, and there to be read again."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import returning
from accounts.models import User
from accounts.permissions import current_user
from learning_log import actions
from learning_log.models import Introduced, Voice
from learning_log.views.doors import form_page


@form_page
def before_you_begin(request: HttpRequest) -> HttpResponse:
    user = current_user(request)
    if request.method == "POST":
        actions.read_introduction(by=user)
        return redirect(_next(request.POST.get("next", "")))
    returning.data(request)
    context = {"next": _next(request.GET.get("next", "")), "is_introduced": is_introduced(user)}
    return render(request, "learning_log/before_you_begin.html", context)


def is_introduced(user: User) -> bool:
    """This person has read the page, or has written before there was one."""
    return Introduced.objects.filter(user=user).exists() or Voice.objects.by(user).exists()


def to_introduction(request: HttpRequest) -> HttpResponse:
    """To the page of who can see what, and from there back here."""
    return redirect(f"{reverse('learning_log:before')}?{urlencode({'next': request.get_full_path()})}")


def _next(address: str) -> str:
    """A page of the log; whatever else somebody wrote into the address is the form of a new entry."""
    is_ours = address.startswith("/log/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours else reverse("learning_log:new")
