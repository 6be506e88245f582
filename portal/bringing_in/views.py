"""Bringing in a table: the template, sending it, what was found in it, and the last word."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import returning
from accounts.models import Role
from accounts.permissions import current_user, staff_only
from cohorts.exceptions import CohortArchived
from cohorts.models import Cohort
from config import tables
from portal.bringing_in import actions, files, starting, working
from portal.bringing_in.columns import SHEETS
from portal.bringing_in.exceptions import ImportGone, NotRight, TooManyImports
from portal.bringing_in.forms import TableForm
from portal.bringing_in.models import Import

get_and_post = require_http_methods(["GET", "HEAD", "POST"])
LOOK_AGAIN_SECONDS = 3
PROBLEMS_SHOWN, DIFFERENCES_SHOWN, DONE_SHOWN = 100, 20, 20


@get_and_post
@staff_only(Role.MANAGER)
def import_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Templates, the form, and the tables of this cohort that were sent before."""
    cohort = get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)
    if cohort.is_archived:
        messages.info(request, _("This cohort is archived. Its records are kept as they are."))
        return redirect("cohorts:staff_detail", slug=slug)
    files_sent = request.FILES if request.method == "POST" else None
    start = {"form_key": uuid.uuid4(), "what": request.GET.get("what")}
    form = TableForm(request.POST if request.method == "POST" else returning.data(request), files_sent, initial=start)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            one = actions.send_table(
                cohort=cohort,
                what=cleaned["what"],
                upload=cleaned["file"],
                form_key=form.key,
                by=current_user(request),
            )
        except TooManyImports:
            form.add_error(None, _("Ten tables of this cohort wait already. Bring one in, or throw it away first."))
        except CohortArchived:
            form.add_error(None, _("This cohort is archived. Its records are kept as they are."))
        else:
            return redirect("portal:import_detail", import_id=one.pk)
    sent = Import.objects.visible_to(request.user).filter(cohort=cohort).select_related("owner")
    context = {
        "cohort": cohort,
        "form": form,
        "sheets": SHEETS.values(),
        "waiting": sent.exclude(state=Import.State.DONE),
        "done": sent.filter(state=Import.State.DONE)[:DONE_SHOWN],
    }
    return render(request, "portal/bringing_in/import_new.html", context)


@require_safe
@staff_only(Role.MANAGER)
def import_template(request: HttpRequest, slug: str, what: str, kind: str) -> HttpResponseBase:
    """A table to start from: with an example row, and as XLSX with a sheet that explains each column."""
    cohort = get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)
    sheet = SHEETS.get(what)
    if sheet is None or kind not in tables.FORMATS:
        raise Http404
    name = f"{cohort.name} {sheet.title}"
    if kind == "csv":
        return tables.response([starting.example_of(sheet)], heads=starting.heads_of(sheet), name=name, kind=kind)
    book, filename = starting.workbook_of(sheet), f"{tables.slug_of(name)}.xlsx"
    return FileResponse(book, as_attachment=True, filename=filename, content_type=tables.XLSX_TYPE)


@require_safe
@staff_only(Role.MANAGER)
def import_detail(request: HttpRequest, import_id: int) -> HttpResponse:
    """Where a table stands. While it is on its way the page looks again by itself, unless `?still`."""
    one = _import_of(request, import_id)
    looks_again = one.is_on_its_way and "still" not in request.GET
    context = {"import": one, "cohort": one.cohort, "looks_again": LOOK_AGAIN_SECONDS if looks_again else 0}
    if one.is_on_its_way:
        context["done"], context["total"] = working.progress_of(one)
    elif one.state == Import.State.READ:
        context |= _found(request, one)
    return render(request, "portal/bringing_in/import_detail.html", context)


def _found(request: HttpRequest, one: Import) -> dict[str, Any]:
    """What was found in a table that was read; of many problems, one page of them."""
    page = int(found) if (found := request.GET.get("page", "")).isdecimal() and len(found) < 6 else 1
    page = max(1, page)
    problems = files.found(one, "problem", first=(page - 1) * PROBLEMS_SHOWN, most=PROBLEMS_SHOWN + 1)
    differences = files.found(one, "difference", most=DIFFERENCES_SHOWN + 1)
    return {
        "problems": problems[:PROBLEMS_SHOWN],
        "first_problem": (page - 1) * PROBLEMS_SHOWN + 1,
        "last_problem": (page - 1) * PROBLEMS_SHOWN + len(problems[:PROBLEMS_SHOWN]),
        "page_before": page - 1,
        "page_after": page + 1 if len(problems) > PROBLEMS_SHOWN else 0,
        "differences": differences[:DIFFERENCES_SHOWN],
        "more_differ": len(differences) > DIFFERENCES_SHOWN,
        "said": files.found(one, "said"),
        "samples": files.found(one, "sample"),
    }


@require_safe
@staff_only(Role.MANAGER)
def import_problems(request: HttpRequest, import_id: int, kind: str) -> HttpResponseBase:
    """Every problem and every difference as a table to work along."""
    one = _import_of(request, import_id)
    if one.state != Import.State.READ or kind not in tables.FORMATS:
        raise Http404

    def rows() -> Iterator[tables.Row]:
        for found in files.found(one, "problem"):
            yield [found["row"] or None, found["column"], found["value"], found["text"]]
        for found in files.found(one, "difference"):
            yield [found["row"], None, None, found["text"]]

    heads = [_("Row"), _("Column"), _("What stands there"), _("How to put it right")]
    return tables.response(rows(), heads=heads, name=f"{one.cohort.name} {_('what was found')}", kind=kind)


@require_POST
@staff_only(Role.MANAGER)
def import_agree(request: HttpRequest, import_id: int) -> HttpResponse:
    one = _import_of(request, import_id)
    letters = request.POST.get("letters") == "right"
    try:
        actions.agree(one=one, by=current_user(request), letters_are_right=letters)
    except NotRight:
        if one.letters and not letters:
            messages.error(request, _("Look at the letters first, and say that they are right."))
        else:
            messages.warning(request, _("This can't be brought in as it stands. Nothing was saved."))
    except ImportGone:
        return redirect("portal:import", slug=one.cohort.slug)
    return redirect("portal:import_detail", import_id=import_id)


@require_POST
@staff_only(Role.MANAGER)
def import_again(request: HttpRequest, import_id: int) -> HttpResponse:
    """Take up what failed, or read it anew."""
    one = _import_of(request, import_id)
    actions.try_again(one=one, by=current_user(request))
    return redirect("portal:import_detail", import_id=import_id)


@require_POST
@staff_only(Role.MANAGER)
def import_throw_away(request: HttpRequest, import_id: int) -> HttpResponse:
    """Delete a table that is not brought in; a second click ends in the same place."""
    one = Import.objects.visible_to(request.user).select_related("cohort").filter(pk=import_id).first()
    if one is None:
        return redirect("cohorts:staff_list")
    if actions.throw_away(one=one, by=current_user(request)):
        messages.success(request, _("The table is thrown away. Nothing of it was saved."))
        return redirect("portal:import", slug=one.cohort.slug)
    return redirect("portal:import_detail", import_id=import_id)


def _import_of(request: HttpRequest, import_id: int) -> Import:
    imports = Import.objects.visible_to(request.user).select_related("cohort", "owner")
    return get_object_or_404(imports, pk=import_id)
