"""The file, and which column fills which field."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from integrations.file_imports.kinds import KINDS
from integrations.file_imports.reading import LARGEST_FILE
from integrations.models import FileImport, FileKind


class FileForm(forms.Form):
    """What the file holds, and the file."""

    kind = forms.ChoiceField(
        label="What it holds",
        choices=[(kind.value, kind.label) for kind in FileKind if kind in KINDS],
    )
    file = forms.FileField(
        label="File",
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,.xlsx"}),
        help_text="CSV or Excel (.xlsx), the first row with headings, at most 10 MB.",
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """Not larger than can be read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError("The file is larger than 10 MB. Split it into parts.")
        return file


class ColumnsForm(forms.Form):
    """A drop-down of the file's columns for each of our fields."""

    def __init__(self, *args: Any, run: FileImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kind = KINDS[run.kind]
        columns = [
            (str(place), header or f"Column {place + 1}")
            for place, header in enumerate(run.headers)
        ]
        for field in self._kind.fields:
            self.fields[field.name] = forms.ChoiceField(
                label=field.label,
                required=field.is_needed,
                choices=[("", "Not in the file"), *columns],
                initial=str(run.mapping.get(field.name, "")),
                error_messages={"required": f"Say which column holds {field.label.lower()}."},
            )

    def clean(self) -> dict[str, Any]:
        """One column fills one field."""
        cleaned: dict[str, Any] = super().clean() or {}
        taken: dict[str, str] = {}
        for name, column in list(cleaned.items()):
            if column and column in taken:
                label = self.fields[taken[column]].label
                self.add_error(name, f"This column fills {label} already.")
            elif column:
                taken[column] = name
        return cleaned

    @property
    def mapping(self) -> dict[str, int]:
        """Field to column, from 0."""
        return {name: int(column) for name, column in self.cleaned_data.items() if column}
