"""The form field of an upload: what it gives is a file that may be kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from ascora.attachments.files import ACCEPTED, MOST_BYTES, CheckedFile, FileRefused, checked_file


class AttachmentField(forms.FileField):
    """`cleaned_data` holds a CheckedFile, or None. The form needs `enctype="multipart/form-data"`
    and is made with `request.FILES`.
    """

    widget = forms.FileInput

    def __init__(self, *, accept: str = ACCEPTED, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "A photo or a PDF, at most 10 MB.")
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": accept}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> CheckedFile | None:  # noqa: ANN401, ARG002
        """Checked by its content."""
        if not isinstance(data, UploadedFile):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if (data.size or 0) > MOST_BYTES:
            raise ValidationError("A file has at most 10 MB.")
        try:
            return checked_file(data.name or "", data.read())
        except FileRefused as refused:
            raise ValidationError(str(refused)) from refused
