"""Sending a file, and saying in words what is in it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from learning_log import media
from learning_log.forms import WrittenField
from learning_log.media import Medium, NotAMedium, Upload

MOST_LETTERS = 50_000


def _words(label: Any, hint: Any) -> WrittenField:
    return WrittenField(
        label=label,
        help_text=hint,
        max_length=MOST_LETTERS,
        required=False,
        error_messages={"max_length": _("Make this shorter: 50,000 letters at most.")},
        widget=forms.Textarea({"class": "form-control", "rows": 4, "dir": "auto", "autocomplete": "off"}),
    )


class DescribeForm(forms.Form):
    """The transcript or description of a file that is there already."""

    use_required_attribute = False

    words = _words(
        _("Transcript or description"),
        _("What is said, signed or seen. Before anyone else can open it, it needs this."),
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class FileForm(DescribeForm):
    """A new file. What it is, its bytes say: `medium` once the form is valid."""

    file = forms.FileField(
        label=_("Sound, film or picture"),
        help_text=_("From this device, or recorded here. Up to 60 MB of sound, 300 MB of film, 20 MB for a picture."),
        error_messages={
            "required": _("Choose a file first, or record one."),
            "empty": _("The file is empty. Choose it again, or another one."),
            "max_length": _("Give the file a shorter name."),
        },
        widget=forms.FileInput({"class": "form-control", "accept": "audio/*,video/*,image/*"}),
    )
    words = _words(
        _("What is said, signed or seen in it?"),
        _("A transcript or a description. You can add it later; before anyone else can open the file, it needs this."),
    )
    field_order = ("file", "words")
    medium: Medium

    def clean_file(self) -> Upload:
        upload: Upload = self.cleaned_data["file"]
        try:
            self.medium = media.examine(upload)
        except NotAMedium as error:
            raise forms.ValidationError(str(error)) from error
        return upload
