"""The console: programmes."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import returning
from accounts.models import Role
from accounts.permissions import current_user, staff_only
from cohorts import actions
from cohorts.forms import ProgrammeForm
from cohorts.models import Cohort, Programme
from cohorts.views.doors import get_and_post


@require_safe
@staff_only(Role.MANAGER)
def staff_programmes(request: HttpRequest) -> HttpResponse:
    programmes = Programme.objects.visible_to(request.user).annotate(
        cohort_count=Count("cohorts"), running_count=Count("cohorts", filter=Q(cohorts__state=Cohort.State.RUNNING))
    )
    return render(request, "cohorts/staff_programme_list.html", {"programmes": programmes})


@get_and_post
@staff_only(Role.MANAGER)
def staff_programme_new(request: HttpRequest) -> HttpResponse:
    form = ProgrammeForm(request.POST or returning.data(request))
    if request.method == "POST" and form.is_valid():
        programme = actions.create_programme(by=current_user(request), **form.cleaned_data)
        messages.success(request, _("“%(name)s” is here. Now add its first cohort.") % {"name": programme.name})
        return redirect("cohorts:staff_programmes")
    return render(request, "cohorts/staff_programme_form.html", {"form": form})


@get_and_post
@staff_only(Role.MANAGER)
def staff_programme_edit(request: HttpRequest, slug: str) -> HttpResponse:
    programme = get_object_or_404(Programme.objects.visible_to(request.user), slug=slug)
    form = ProgrammeForm(request.POST or returning.data(request), initial=ProgrammeForm.of(programme))
    if request.method == "POST" and form.is_valid():
        actions.edit_programme(programme=programme, by=current_user(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("cohorts:staff_programmes")
    return render(request, "cohorts/staff_programme_form.html", {"form": form, "programme": programme})
