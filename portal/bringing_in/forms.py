"""Sending a table."""

import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cohorts.forms.fields import PlainForm
from learning_log.forms import FormKeyField
from portal.bringing_in import reading
from portal.bringing_in.models import Import
from portal.bringing_in.rows import NotATable


class TableForm(PlainForm):
    what = forms.ChoiceField(
        label=_("What is in the table?"),
        choices=Import.What.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is in the table: people, pairs or sessions.")},
    )
    file = forms.FileField(
        label=_("The table"),
        help_text=_("An Excel workbook (.xlsx) or a CSV file, up to 20 MB."),
        max_length=200,
        error_messages={
            "required": _("Choose the file with the table."),
            "missing": _("Choose the file with the table."),
            "empty": _("The file is empty. Choose it again, or another one."),
            "max_length": _("Give the file a shorter name."),
        },
        widget=forms.FileInput({"class": "form-control", "accept": ".xlsx,.csv,.tsv,.txt,text/csv"}),
    )
    form_key = FormKeyField()

    @property
    def key(self) -> uuid.UUID:
        key: uuid.UUID = self.cleaned_data["form_key"]
        return key

    def clean_file(self) -> Any:
        """What can be said at once is said at once; row by row it is read in the background."""
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            if upload.file is not None:
                reading.examine(upload.file)
        except NotATable as error:
            raise forms.ValidationError(str(error)) from error
        return upload
