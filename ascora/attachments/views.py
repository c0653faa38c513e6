"""Downloading a file, and taking it off its document."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from ascora.attachments.models import Attachment
from ascora.attachments.selectors import attachment_for
from ascora.attachments.services import detach
from ascora.common.htmx import dialog, saved
from ascora.tenancy.decorators import MemberRequest, members_only, office_only


def file_response(name: str, content_type: str, content: bytes) -> HttpResponse:
    """A file that a browser saves and never runs."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=600"
    return response


@members_only
@require_GET
def attachment_download(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The file itself."""
    found: Attachment = attachment_for(request.organization, public_id)
    return file_response(found.name, found.content_type, bytes(found.content))


@office_only
@require_http_methods(["GET", "POST"])
def attachment_remove(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Take it off, after a question. Comes back to the page that asked."""
    found = attachment_for(request.organization, public_id)
    if request.method == "POST":
        detach(attachment=found, by=request.user)
        back = request.htmx.current_url_abs_path or "/"
        return saved(request, to=back, message=f"{found.name} removed.")
    context = {
        "confirm_title": f"Remove {found.name}?",
        "confirm_words": "The file is taken off this document and cannot be brought back.",
        "confirm_label": "Remove",
    }
    return dialog(request, "components/confirm.html", context)
