"""Where somebody chooses when to be reminded of their log, if at all."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import returning
from accounts.permissions import current_user
from learning_log import actions
from learning_log.models import Nudge
from learning_log.nudge_forms import NudgeForm
from learning_log.views.doors import form_page
from notifications.kinds import Category
from notifications.models import Subscription


@form_page
def nudges(request: HttpRequest) -> HttpResponse:
    user = current_user(request)
    chosen = Nudge.objects.filter(user=user).first()
    form = NudgeForm(request.POST or returning.data(request), initial=NudgeForm.of(chosen))
    if request.method == "POST" and form.is_valid():
        actions.choose_nudges(weekdays=form.days, hour=form.cleaned_data["hour"], by=user)
        messages.success(request, _("Saved. It holds from the next message on."))
        return redirect("learning_log:nudges")
    is_off = Subscription.objects.filter(user=user, category=Category.NUDGE, is_on=False).exists()
    return render(request, "learning_log/nudges.html", {"form": form, "is_off": is_off})
