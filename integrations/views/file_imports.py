"""Customers, suppliers and supplies from a file: choose, look through, import, take back."""

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.common.htmx import dialog, saved
from ascora.common.listing import Filter, Listing
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from integrations.file_imports import (
    Unreadable,
    begin_import,
    begin_undo,
    choose_columns,
    open_file,
)
from integrations.forms.file_imports import ColumnsForm, FileForm
from integrations.models import FileImport, FileImportState, Verdict
from integrations.reports.spreadsheet import CSV, csv_of
from integrations.reports.tables import Report
from integrations.selectors.file_imports import (
    file_import_for,
    refused_rows_of,
    rows_judged,
    rows_of,
    samples_of,
    verdicts_of,
)
from integrations.tasks import ring_for_file_import

_VERDICTS = [("", "All rows"), *((v.value, v.label) for v in Verdict if v)]


@office_only
@require_http_methods(["GET", "POST"])
def file_import_new(request: MemberRequest) -> HttpResponse:
    """Choose a file. One that cannot be read is refused with the reason; nothing is kept of it."""
    chosen = {"kind": request.GET.get("kind", "")}
    form = FileForm(request.POST or None, request.FILES or None, initial=chosen)
    if request.method == "POST" and form.is_valid():
        run = _opened(request, form)
        if run is not None:
            return redirect("integrations:file_import_columns", run.public_id)
    return render(request, "integrations/file_import_new.html", {"form": form})


def _opened(request: MemberRequest, form: FileForm) -> FileImport | None:
    file: UploadedFile[bytes] = form.cleaned_data["file"]
    try:
        return open_file(
            organization=request.organization,
            kind=form.cleaned_data["kind"],
            file_name=file.name or "file",
            content=file.read(),
            by=request.user,
        )
    except Unreadable as refused:
        form.add_error("file", str(refused))
        return None


@office_only
@require_http_methods(["GET", "POST"])
def file_import_columns(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Which column fills which field; then the file is looked through."""
    run = file_import_for(request.organization, public_id)
    if run.state not in {FileImportState.MAPPING, FileImportState.READY}:
        return redirect("integrations:file_import_detail", run.public_id)
    form = ColumnsForm(request.POST or None, run=run)
    if request.method == "POST" and form.is_valid():
        return _work_on(request, choose_columns(run=run, mapping=form.mapping))
    columns = list(zip(run.headers, samples_of(run), strict=True))
    context = {"run": run, "form": form, "columns": columns}
    return render(request, "integrations/file_import_columns.html", context)


@members_only
@require_GET
def file_import_detail(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """What the rows would do, or did; while a worker is at it, how far it is."""
    run = file_import_for(request.organization, public_id)
    if run.state == FileImportState.MAPPING:
        return redirect("integrations:file_import_columns", run.public_id)
    context = {"run": run, "counts": verdicts_of(run), "listing": _listing(request, run)}
    return render(request, "integrations/file_import_detail.html", context)


@members_only
@require_GET
def file_import_progress(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The bar that refreshes itself; when the work is done it loads the page anew."""
    run = file_import_for(request.organization, public_id)
    answer = render(request, "integrations/_file_import_progress.html", {"run": run})
    if not run.is_at_work:
        answer["HX-Refresh"] = "true"
    return answer


@office_only
@require_POST
def file_import_begin(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Import what was looked through."""
    run = file_import_for(request.organization, public_id)
    return _work_on(request, begin_import(run=run))


@office_only
@require_http_methods(["GET", "POST"])
def file_import_undo(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then take an import back."""
    run = file_import_for(request.organization, public_id)
    if request.method == "GET":
        context = {"run": run, "counts": verdicts_of(run)}
        return dialog(request, "integrations/file_import_undo.html", context)
    _ring(request)
    begin_undo(run=run)
    page = reverse("integrations:file_import_detail", args=[run.public_id])
    return saved(request, to=page, message="The import is being taken back.")


@members_only
@require_GET
def file_import_left_out(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The rows that were left out as a file, with the reason in the last column: mend it there and
    import it again.
    """
    run = file_import_for(request.organization, public_id)
    rows = [[*row.cells, row.reason] for row in refused_rows_of(run)]
    answer = HttpResponse(csv_of(Report([*run.headers, "Why left out"], rows)), content_type=CSV)
    answer["Content-Disposition"] = 'attachment; filename="left-out.csv"'
    return answer


def _work_on(request: MemberRequest, run: FileImport) -> HttpResponse:
    _ring(request)
    return redirect("integrations:file_import_detail", run.public_id)


def _ring(request: MemberRequest) -> None:
    organization = request.organization.pk.hex
    transaction.on_commit(lambda: ring_for_file_import(organization, somebody_waits=True))


def _listing(request: HttpRequest, run: FileImport) -> Listing[Any]:
    return Listing(
        request,
        rows_of(run),
        filters=[Filter("verdict", "Rows", _VERDICTS, rows_judged)],
        sorts={"number": "number"},
        default_sort="number",
    )
