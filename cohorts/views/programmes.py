"""The console: programmes."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import returning
from accounts.models import Role
from accounts.permissions import current_user, staff_only
from cohorts import actions
from cohorts.exceptions import ChangedMeanwhile, MadeBefore
from cohorts.forms import ProgrammeForm
from cohorts.models import Cohort, Programme
from cohorts.views.doors import changed_meanwhile, get_and_post, made_before, made_key, seen_mark


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
    key = made_key(request)
    context = {"form": form, "made_key": key}
    if request.method == "POST" and form.is_valid():
        try:
            programme = actions.create_programme(by=current_user(request), made_key=key, **form.cleaned_data)
        except MadeBefore as error:
            context |= made_before(form, error.row, reverse("cohorts:staff_programme_edit", args=[error.row.slug]))
        else:
            messages.success(request, _("“%(name)s” is here. Now add its first cohort.") % {"name": programme.name})
            return redirect("cohorts:staff_programmes")
    return render(request, "cohorts/staff_programme_form.html", context, status=409 if "made" in context else 200)


@get_and_post
@staff_only(Role.MANAGER)
def staff_programme_edit(request: HttpRequest, slug: str) -> HttpResponse:
    programme = get_object_or_404(Programme.objects.visible_to(request.user), slug=slug)
    form = ProgrammeForm(request.POST or returning.data(request), initial=ProgrammeForm.of(programme))
    seen = seen_mark(request, programme, form.fields)
    context = {"form": form, "programme": programme, "seen": seen}
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_programme(programme=programme, by=current_user(request), seen=seen, **form.cleaned_data)
        except ChangedMeanwhile as error:
            context |= changed_meanwhile(form, error.row, form.fields)
        else:
            messages.success(request, _("Saved."))
            return redirect("cohorts:staff_programmes")
    return render(request, "cohorts/staff_programme_form.html", context, status=409 if "stands" in context else 200)
