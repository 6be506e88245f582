"""The component gallery: every part that pages are made of, with the parameters each takes."""

from datetime import UTC, datetime

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import is_staff_member
from cohorts.dates import DatePartsField


class ExampleForm(forms.Form):
    """One field of each sort, as the template pack draws it."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As you would like it shown"),
        error_messages={"required": _("Enter your name")},
    )
    role = forms.CharField(label=_("Your role"), required=False)
    email = forms.EmailField(
        label=_("Email address"),
        error_messages={"invalid": _("Enter an email address in the right form, like name@example.org")},
    )
    text = forms.CharField(label=_("Your comment"), widget=forms.Textarea(attrs={"rows": 4}))
    place = forms.ChoiceField(
        label=_("Where you live"),
        choices=[("penhollow", "Penhollow"), ("marrowby", "Marrowby"), ("isles", "The islands")],
    )
    reach = forms.ChoiceField(
        label=_("How we should reach you"),
        choices=[("mail", _("By email")), ("telephone", _("By telephone"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how we should reach you")},
    )
    themes = forms.MultipleChoiceField(
        label=_("Which of these does it touch?"),
        choices=[("time", _("Make time for learning")), ("energy", _("Go where the energy is"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    noticed_on = DatePartsField(label=_("When you first noticed"), what="the day you first noticed")
    agrees = forms.BooleanField(
        label=_("We have both read this"), error_messages={"required": _("Tick the box when you have both read it")}
    )


REFUSED = {
    "name": "",
    "role": "Daughter and carer",
    "email": "winifred.osgathorpe@",
    "text": "Three sentences are no good if the post is wrong.",
    "place": "marrowby",
    "noticed_on_day": "14",
    "noticed_on_month": "September",
    "noticed_on_year": "",
}

ICONS = (
    "check circle-check circle half clock hold lock eye warning cross arrow back file "
    "mail calendar pen two flag moon chat swap refresh info question download up"
)

PROFESSIONAL = User(name="Imogen Achterberg", email="imogen@larkmoor.example")
PARTNER = User(name="Desmond Quill", email="desmond@larkmoor.example")


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component, for those who build pages: staff, or anybody where DEMO is on."""
    if not (settings.DEMO or is_staff_member(request.user)):
        raise Http404
    context = {
        "blank": ExampleForm(auto_id="id_blank_%s"),
        "refused": ExampleForm(REFUSED, auto_id="id_%s"),
        "professional": PROFESSIONAL,
        "partner": PARTNER,
        "icons": ICONS.split(),
        "moment": datetime(2026, 11, 26, 14, 0, tzinfo=UTC),
    }
    return render(request, "portal/gallery.html", context)
