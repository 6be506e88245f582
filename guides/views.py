"""The list of guides, and the pages where managers write them. The guide page itself joins comments: portal/."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role
from accounts.permissions import current_user, staff_only
from guides import actions
from guides.forms import (
    EditionForm,
    PublishForm,
    SectionFormSet,
    edition_initial,
    edition_text,
    sections_initial,
)
from guides.models import Edition, Guide


@login_not_required
@require_safe
def guide_list(request: HttpRequest) -> HttpResponse:
    """Every published guide."""
    guides = Guide.objects.published().select_related("current_edition").prefetch_related("current_edition__sections")
    return render(request, "guides/guide_list.html", {"guides": guides})


def _guide(request: HttpRequest, slug: str) -> Guide:
    return get_object_or_404(Guide.objects.visible_to(request.user), slug=slug)


def _draft(guide: Guide) -> Edition:
    draft = guide.editions.draft().with_sections().first()
    if draft is None:
        raise Http404("no edition is being written")
    return draft


@staff_only(Role.MANAGER)
@require_safe
def staff_list(request: HttpRequest) -> HttpResponse:
    """Guides and the editions being written."""
    drafts = Prefetch("editions", Edition.objects.draft(), to_attr="drafts")
    guides = Guide.objects.visible_to(request.user).select_related("current_edition").prefetch_related(drafts)
    return render(request, "guides/staff_list.html", {"guides": guides})


@staff_only(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_new(request: HttpRequest) -> HttpResponse:
    form = EditionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        guide = actions.create_guide(text=edition_text(form), by=current_user(request))
        return redirect("guides:staff_edit", slug=guide.slug)
    return render(request, "guides/staff_new.html", {"form": form})


@staff_only(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the draft edition. The page always ends with one empty section; saving brings the next."""
    guide = _guide(request, slug)
    edition = _draft(guide)
    data = request.POST if request.method == "POST" else None
    form = EditionForm(data, initial=edition_initial(edition))
    sections = SectionFormSet(data, initial=sections_initial(edition), prefix="section")
    version = request.POST.get("version", "") if data else str(edition.version)
    saved = None
    if data and form.is_valid() and sections.is_valid():
        try:
            actions.save_edition(
                edition=edition,
                version=int(version) if version.isdecimal() and len(version) < 9 else 0,
                text=edition_text(form, sections),
                by=current_user(request),
            )
            messages.success(request, "Saved. Only the team can read this draft.")
            return redirect(_after_saving(request, guide))
        except actions.StaleEdition as stale:
            saved = stale.saved
            version = str(saved.version)
    context = {
        "guide": guide,
        "edition": edition,
        "form": form,
        "sections": sections,
        "all_forms": [form, *sections.forms],
        "version": version,
    }
    return render(request, "guides/staff_edit.html", {**context, "saved": saved}, status=409 if saved else 200)


def _after_saving(request: HttpRequest, guide: Guide) -> str:
    """Back to the page, at its new empty section when that was asked for; or on to the preview."""
    if "preview" in request.POST:
        return reverse("guides:staff_preview", kwargs={"slug": guide.slug})
    anchor = "#new-section" if "add" in request.POST else ""
    return reverse("guides:staff_edit", kwargs={"slug": guide.slug}) + anchor


@staff_only(Role.MANAGER)
@require_safe
def staff_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft edition exactly as readers would see it, without comments."""
    guide = _guide(request, slug)
    return render(request, "guides/staff_preview.html", {"guide": guide, "edition": _draft(guide)})


@staff_only(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm, then let everybody read the draft edition."""
    guide = _guide(request, slug)
    edition = _draft(guide)
    form = PublishForm(request.POST if request.method == "POST" else None)
    version = request.POST.get("version", "")
    if form.is_bound and form.is_valid():
        try:
            actions.publish_edition(
                edition=edition,
                version=int(version) if version.isdecimal() and len(version) < 9 else 0,
                change_summary=form.cleaned_data["change_summary"],
                by=current_user(request),
                at=timezone.now(),
            )
            messages.success(request, f"Published. Anybody can read “{edition.title}” now.")
            return redirect("guides:staff_list")
        except actions.NotReady:
            form.add_error(None, "Write at least one section first")
        except actions.StaleEdition:
            form.add_error(None, "Somebody changed this edition after you opened this page. Look at it again first.")
    return render(request, "guides/staff_publish.html", {"guide": guide, "edition": edition, "form": form})


@staff_only(Role.MANAGER)
@require_POST
def staff_start_edition(request: HttpRequest, slug: str) -> HttpResponse:
    actions.start_edition(guide=_guide(request, slug), by=current_user(request))
    return redirect("guides:staff_edit", slug=slug)


@staff_only(Role.MANAGER)
@require_POST
def staff_open_comments(request: HttpRequest, slug: str) -> HttpResponse:
    guide = _guide(request, slug)
    actions.set_comments(guide=guide, open_now=True, by=current_user(request))
    messages.success(request, f"“{guide.title}” takes comments.")
    return redirect("guides:staff_list")


@staff_only(Role.MANAGER)
@require_POST
def staff_close_comments(request: HttpRequest, slug: str) -> HttpResponse:
    guide = _guide(request, slug)
    actions.set_comments(guide=guide, open_now=False, by=current_user(request))
    messages.success(request, f"“{guide.title}” takes no new comments. Those published stay.")
    return redirect("guides:staff_list")
