"""Forms about a person's own account and about roles."""

import zoneinfo
from itertools import groupby
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.addresses import AddressField
from accounts.models import Role, User

WORDS_FOR_PEOPLE = ("patient", "carer", "unpaid carer", "service user", "citizen", "community member", "professional")
NEAR_ZONES = ("Europe/London", "Europe/Dublin", "UTC")


def time_zone_choices() -> list[tuple[str, Any]]:
    """IANA zones by continent, the likely ones first; only names people know (Europe/Paris, not Etc/GMT+1)."""
    areas = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    names = sorted(name for name in zoneinfo.available_timezones() if name.startswith(tuple(f"{a}/" for a in areas)))
    near = (str(_("Most used here")), [(name, _place(name)) for name in NEAR_ZONES])
    by_area = groupby(names, key=lambda name: name.partition("/")[0])
    return [near, *((area, [(name, _place(name)) for name in group]) for area, group in by_area)]


def _place(name: str) -> str:
    """`America/Argentina/Salta` reads Salta, Argentina."""
    parts = name.replace("_", " ").split("/")[1:] or [name]
    return ", ".join(reversed(parts))


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """What the person says about themselves."""

    class Meta:
        model = User
        fields = ("name", "called", "role_title", "organisation", "time_zone", "large_text")
        labels = {
            "name": _("Your name"),
            "called": _("The word that describes you"),
            "role_title": _("Your role"),
            "organisation": _("Your organisation"),
            "time_zone": _("Your time zone"),
            "large_text": _("Show larger text on every page"),
        }
        help_texts = {
            "name": _("As your partner and the team should see it."),
            "called": _("For example patient, carer or community member. Choose your own word; our pages will use it."),
            "role_title": _("For example ward nurse. Leave it empty if it does not fit."),
            "organisation": _("Where you work, or a group you belong to. You can leave it empty."),
            "time_zone": _("We show times as they are where you live."),
        }
        widgets = {
            "name": forms.TextInput({"autocomplete": "name"}),
            "called": forms.TextInput({"list": "words-for-people", "autocomplete": "off"}),
            "role_title": forms.TextInput({"autocomplete": "organization-title"}),
            "organisation": forms.TextInput({"autocomplete": "organization"}),
            "time_zone": forms.Select(),
        }
        error_messages = {"name": {"required": _("Enter your name.")}}

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        zones = cast(forms.Select, self.fields["time_zone"].widget)
        zones.choices = time_zone_choices()


class GrantRoleForm(forms.Form):
    """One person, one role."""

    email = AddressField(
        label=_("Email address"),
        help_text=_("If they have no account yet, we make one. They sign in with a code that we send to this address."),
        error_messages={
            "required": _("Enter their email address."),
            "invalid": _("Enter an email address like name@example.org."),
        },
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        error_messages={"required": _("Choose a role.")},
        widget=forms.RadioSelect,
    )

    use_required_attribute = False
