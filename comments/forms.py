"""What people type about comments, cleaned."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import AddressField
from comments.actions import Words
from comments.models import Comment, Decision
from config import identifying
from config.identifying import Found, Kind
from config.plain_text import PlainLine, PlainText
from guides.models import Guide

DETAIL_WORDS = {
    Kind.EMAIL: (_("an email address"), _("the email address")),
    Kind.PHONE: (_("a phone number"), _("the phone number")),
    Kind.NHS_NUMBER: (_("an NHS number"), _("the NHS number")),
    Kind.POSTCODE: (_("a postcode"), _("the postcode")),
    Kind.BIRTH_DATE: (_("someone’s date of birth"), _("the date of birth")),
}
TICKET = "comments"


class CommentForm(forms.Form):
    """A comment by the public. It has no field for anything that the sender may not set."""

    name = PlainLine(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "width-m"}),
        error_messages={"required": _("Enter your name"), "max_length": _("Shorten your name to 100 letters or fewer")},
    )
    role = PlainLine(
        label=_("Your role"),
        help_text=_("In your own words: carer, nurse, patient partner, researcher"),
        max_length=120,
        widget=forms.TextInput(attrs={"class": "width-m"}),
        error_messages={
            "required": _("Enter your role, in your own words"),
            "max_length": _("Shorten your role to 120 letters or fewer"),
        },
    )
    organisation = PlainLine(
        label=_("Organisation"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"max_length": _("Shorten the organisation to 120 letters or fewer")},
    )
    email = AddressField(
        label=_("Email address"),
        help_text=_("So that we can tell you what we decided. We will not show it or pass it on."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Enter your email address, so that we can tell you what we decided"),
            "invalid": _("Enter an email address in the right form, like name@example.org"),
        },
    )
    text = PlainText(
        label=_("Your comment"),
        help_text=_("Plain text. Please leave out anything that could point to a patient or a colleague."),
        max_length=4000,
        error_messages={
            "required": _("Write your comment"),
            "max_length": _("Shorten your comment to 4,000 letters or fewer. It has %(show_value)s now."),
        },
    )
    keep = forms.BooleanField(label=_("This does not point to a real person. Keep it in."), required=False)
    hp = forms.CharField(label=_("Leave this empty"), required=False)

    use_required_attribute = False

    @property
    def details(self) -> list[Found]:
        """What in the text typed looks like a personal detail."""
        text = self.cleaned_data.get("text") or "" if self.is_bound and hasattr(self, "cleaned_data") else ""
        return identifying.find(text, this_year=timezone.now().year)

    @property
    def words(self) -> Words:
        typed = self.cleaned_data
        return Words(
            name=typed["name"],
            role=typed["role"],
            organisation=typed["organisation"],
            email=typed["email"],
            text=typed["text"],
            keeps_details=bool(typed["keep"] and self.details),
        )

    def as_comment(self, guide: Guide, at: datetime) -> Comment:
        """The comment as the page would show it; not saved."""
        typed = self.cleaned_data
        shown = {name: typed[name] for name in ("name", "role", "organisation", "text")}
        return Comment(guide=guide, created_at=at, published_at=at, **shown)


class SendForm(CommentForm):
    """The same, when it is sent: personal details are taken out, or kept on purpose."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        details = self.details
        if details and not cleaned.get("keep"):
            what = DETAIL_WORDS[details[0].kind][1]
            self.add_error("text", _("Take out %(what)s, or tick the box to say it may stay") % {"what": what})
        return cleaned


class RefuseForm(forms.Form):
    """Why a comment is not published, in words its writer reads."""

    reason = forms.ChoiceField(
        label=_("Why it is not published"),
        choices=Decision.RefusalReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why it is not published")},
    )
    note = PlainText(
        label=_("In your own words"),
        help_text=_("The writer gets these words by email. Say what could be changed so that it can be published."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": _("Shorten this to 1,000 letters or fewer")},
    )

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("reason") == Decision.RefusalReason.OTHER and not cleaned.get("note"):
            self.add_error("note", _("Say in your own words why it is not published"))
        return cleaned


class AnswerForm(forms.Form):
    """The team's public answer."""

    answer = PlainText(
        label=_("Your answer"),
        help_text=_("Plain text, shown under the comment with your name and “For the Alongside team”."),
        max_length=4000,
        error_messages={"required": _("Write your answer"), "max_length": _("Shorten it to 4,000 letters or fewer")},
    )

    use_required_attribute = False


class WithdrawForm(forms.Form):
    """Why a published comment is taken down; read by the team only."""

    note = PlainLine(
        label=_("Why it is taken down"),
        help_text=_("For example: the writer asked us to. Only the team can read this."),
        max_length=300,
        error_messages={"required": _("Say why it is taken down"), "max_length": _("Shorten it to 300 letters")},
    )

    use_required_attribute = False
