"""Customers, suppliers and supplies as a file that can be changed and imported again."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from ascora.tenancy.audit import note_file
from ascora.tenancy.decorators import MemberRequest, members_only
from integrations.file_imports.kinds import KINDS
from integrations.reports.spreadsheet import CSV, XLSX, csv_of, workbook_of
from integrations.reports.tables import Report


@members_only
@require_GET
def file_export(request: MemberRequest, kind: str, form: str) -> HttpResponse:
    """Every current row, under the headings that an import recognises."""
    if kind not in KINDS or form not in {"csv", "xlsx"}:
        raise Http404
    found = KINDS[kind]
    report = Report([field.label for field in found.fields], [*found.cells(request.organization)])
    subject = kind.capitalize()
    note_file(
        request.organization, subject=subject, form=form, rows=len(report.rows), by=request.user
    )
    if form == "csv":
        answer = HttpResponse(csv_of(report), content_type=CSV)
    else:
        answer = HttpResponse(workbook_of(report, title=subject), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{kind}.{form}"'
    return answer
