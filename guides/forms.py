"""A guide as its managers write it."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from guides.actions import EditionText, SectionText
from guides.models import Edition

MAX_SECTIONS = 40


class EditionForm(forms.Form):
    """Everything of an edition but its sections."""

    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        error_messages={"required": _("Give the guide a title"), "max_length": _("Shorten the title to 120 letters")},
    )
    kicker = forms.CharField(
        label=_("Line above the title"),
        help_text=_("Who it is for. For example: A guide for new pairs"),
        max_length=120,
        required=False,
    )
    lede = forms.CharField(
        label=_("What it is about"),
        help_text=_("One or two sentences, shown under the title and in the list of guides"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    authors = forms.CharField(
        label=_("Written by"), help_text=_("Names, as they should be shown"), max_length=300, required=False
    )
    key_messages = forms.CharField(
        label=_("If people read nothing else"),
        help_text=_("The most important points, one on each line"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    use_required_attribute = False

    def clean_key_messages(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["key_messages"].splitlines() if line.strip()]
        for number, line in enumerate(lines, start=1):
            if len(line) > 300:
                raise forms.ValidationError(_("Shorten line %(number)s to 300 letters or fewer") % {"number": number})
        return lines


class SectionForm(forms.Form):
    """One section. A section left empty is not kept; one that is ticked is removed."""

    heading = forms.CharField(
        label=_("Heading"), max_length=120, error_messages={"required": _("Give this section a heading")}
    )
    body = forms.CharField(
        label=_("Text"),
        help_text=_("An empty line starts a paragraph. Begin lines with - for a list. **Two stars** make bold words."),
        max_length=40_000,
        error_messages={"required": _("Write this section, or tick “Remove this section”")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    place = forms.IntegerField(
        label=_("Place"), required=False, min_value=1, max_value=999, widget=forms.NumberInput(attrs={"size": 3})
    )
    remove = forms.BooleanField(label=_("Remove this section"), required=False)

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("remove"):
            self.errors.clear()
        return cleaned


if TYPE_CHECKING:
    _Sections = forms.BaseFormSet[SectionForm]
else:
    _Sections = forms.BaseFormSet


class BaseSectionFormSet(_Sections):
    def texts(self) -> list[SectionText]:
        """The sections to keep, by place; one without a place follows those before it."""
        kept: list[tuple[int, int, SectionText]] = []
        place = 0
        for order, form in enumerate(self.forms):
            typed = form.cleaned_data if form.has_changed() or form.initial else {}
            place = typed.get("place") or place + 1
            if typed.get("heading") and not typed.get("remove"):
                kept.append((place, order, SectionText(typed["heading"], typed["body"])))
        return [text for _place, _order, text in sorted(kept, key=lambda one: one[:2])]


SectionFormSet = cast(
    type[BaseSectionFormSet],
    forms.formset_factory(
        SectionForm, formset=BaseSectionFormSet, extra=1, max_num=MAX_SECTIONS, absolute_max=MAX_SECTIONS + 10
    ),
)


def edition_initial(edition: Edition) -> dict[str, Any]:
    return {
        "title": edition.title,
        "kicker": edition.kicker,
        "lede": edition.lede,
        "authors": edition.authors,
        "key_messages": "\n".join(edition.key_messages),
    }


def sections_initial(edition: Edition) -> list[dict[str, Any]]:
    return [
        {"heading": section.heading, "body": section.body, "place": section.position}
        for section in edition.sections.all()
    ]


def edition_text(form: EditionForm, sections: BaseSectionFormSet | None = None) -> EditionText:
    """What was typed, as the actions take it."""
    typed = form.cleaned_data
    return EditionText(
        title=typed["title"],
        kicker=typed["kicker"],
        lede=typed["lede"],
        authors=typed["authors"],
        key_messages=typed["key_messages"],
        sections=sections.texts() if sections is not None else (),
    )


class PublishForm(forms.Form):
    """The last look before everybody can read it."""

    change_summary = forms.CharField(
        label=_("What has changed"),
        help_text=_("One sentence for people who read the edition before. Leave empty for a first edition."),
        max_length=300,
        required=False,
    )

    use_required_attribute = False
