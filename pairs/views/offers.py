"""The offer of a place: what it is, until when, and each person's own yes or no."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts import returning
from accounts.permissions import current_user
from applications.actions import offering
from applications.exceptions import NotTheirs, OfferClosed
from applications.forms.deciding import AnswerForm, HeardForm
from applications.models import Applicant, Offer
from applications.views.deciding.doors import for_managers, get_and_post, other_of, own_part_or_404, run_part_or_404
from pairs import actions
from pairs.exceptions import AlreadyInAPair
from pairs.models import Pair

TAKEN_TEXT = gettext_lazy("One of the two is in another pair of this cohort already. Please ring the programme team.")
CLOSED_TEXT = gettext_lazy("The offer was answered, has run out or was taken back in the meantime.")


def _offer_of(person: Applicant) -> Offer:
    offers = Offer.objects.filter(application=person.application_id).select_related("decision", "cohort")
    offer = offers.order_by("-pk").first()
    if offer is None:
        raise Http404
    return offer


def _about(request: HttpRequest, person: Applicant, offer: Offer) -> dict[str, object]:
    said = {yes.applicant_id: yes for yes in offer.yeses.all()}
    other, cohort = other_of(person), person.application.cohort
    pair = Pair.objects.live().filter(application=person.application_id).first() if _is_accepted(offer) else None
    return {
        "offer": offer,
        "is_open": offer.state == Offer.State.OPEN and offer.answer_by > timezone.now() and cohort.takes_pairs,
        "person": person,
        "is_own": person.user_id == current_user(request).pk,
        "other": other,
        "my_yes": said.get(person.pk),
        "other_yes": said.get(other.pk) if other else None,
        "application": person.application,
        "cohort": cohort,
        "programme": cohort.programme,
        "pair": pair,
        "has_next": offering.has_next(cohort, timezone.now()),
    }


def _is_accepted(offer: Offer) -> bool:
    return offer.state == Offer.State.ACCEPTED


@get_and_post
@never_cache
def offer(request: HttpRequest, reference: str) -> HttpResponse:
    """What the place is, and one's own answer; the page after it asks whether it is so."""
    person = own_part_or_404(request, reference)
    offered = _offer_of(person)
    form = AnswerForm(request.POST or returning.data(request))
    if request.method == "POST" and form.is_valid():
        target = "pairs:offer_yes" if form.cleaned_data["answer"] == "yes" else "applications:leave"
        return redirect(target, reference=reference)
    return render(request, "applications/deciding/offer.html", _about(request, person, offered) | {"form": form})


@get_and_post
@never_cache
def offer_yes(request: HttpRequest, reference: str) -> HttpResponse:
    """Check what one's yes means, and say it."""
    person = own_part_or_404(request, reference)
    offered = _offer_of(person)
    about = _about(request, person, offered)
    if request.method == "POST":
        try:
            pair = actions.accept_offer(offer=offered, applicant=person, by=current_user(request))
        except OfferClosed:
            messages.warning(request, CLOSED_TEXT)
        except AlreadyInAPair:
            messages.warning(request, TAKEN_TEXT)
        else:
            if pair is not None and about["is_own"]:
                messages.success(request, _("You have both said yes. You are a pair, and the place is yours."))
                return redirect("portal:pair_detail", pair_id=pair.pk)
            messages.success(request, _("Your yes is noted."))
        return redirect("pairs:offer", reference=reference)
    if about["my_yes"] or not about["is_open"]:
        return redirect("pairs:offer", reference=reference)
    return render(request, "applications/deciding/offer_yes.html", about)


@get_and_post
@never_cache
@for_managers
def staff_offer_yes(request: HttpRequest, reference: str, side: str) -> HttpResponse:
    """A manager writes down the yes that somebody said on the telephone."""
    person = run_part_or_404(request, reference, side)
    offered = _offer_of(person)
    form = HeardForm(request.POST or returning.data(request))
    if request.method == "POST" and form.is_valid():
        try:
            pair = actions.accept_offer(
                offer=offered, applicant=person, by=current_user(request), how=form.cleaned_data["how"]
            )
        except (OfferClosed, NotTheirs):
            form.add_error(None, CLOSED_TEXT)
        except AlreadyInAPair:
            form.add_error(None, TAKEN_TEXT)
        else:
            done = (
                _("Both have said yes: they are a pair.") if pair else _("Written down. The other has yet to answer.")
            )
            messages.success(request, done)
            return redirect("applications:detail", reference=reference)
    return render(
        request, "applications/deciding/offer_yes_for.html", _about(request, person, offered) | {"form": form}
    )
