"""Which optional mail a person gets: by choice on a page, or by one click in the mail itself (RFC 8058)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.permissions import current_user
from notifications import actions, kinds
from notifications.forms import PreferencesForm
from notifications.models import Subscription


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """The signed-in person's own choices."""
    reader = current_user(request)
    if request.method == "POST":
        form = PreferencesForm(request.POST)
        if form.is_valid():
            actions.choose_mail(by=reader, is_on=form.choices)
            messages.success(request, _("Saved. Your choice holds from the next message on."))
            return redirect("notifications:preferences")
    else:
        off = set(Subscription.objects.filter(user=reader, is_on=False).values_list("category", flat=True))
        form = PreferencesForm(initial={category.value: category.value not in off for category in kinds.OPTIONAL})
    return render(request, "notifications/preferences.html", {"form": form})


@login_not_required
@csrf_exempt  # a mailbox's own button sends no cookie and no token (RFC 8058 §3.2)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks and changes nothing, for mail scanners follow every link; POST switches the category off."""
    if request.method == "POST":
        try:
            subscription = actions.switch_off(token=token)
        except actions.UnknownToken:
            return render(request, "notifications/unsubscribe_unknown.html", status=404)
        return render(request, "notifications/unsubscribe_done.html", {"subscription": subscription})
    found = Subscription.objects.filter(token=token).first()
    if found is None:
        return render(request, "notifications/unsubscribe_unknown.html", status=404)
    return render(request, "notifications/unsubscribe.html", {"subscription": found})
