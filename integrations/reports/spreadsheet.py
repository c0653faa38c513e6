"""A report as CSV or as a workbook. A cell that a spreadsheet would run as a formula stays text."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from integrations.reports.tables import Cell, Linked, Report

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
_LONGEST_TITLE = 31
_NOT_IN_A_TITLE = str.maketrans(dict.fromkeys(r"[]:*?/\\", " "))
_WIDEST, _NARROWEST = 48, 12
_BOLD = Font(bold=True)
_FORMATS: tuple[tuple[type, str], ...] = ((Decimal, "#,##0.00"), (date, "d mmm yyyy"))


def csv_of(report: Report) -> str:
    """Columns, rows and the total; numbers as numbers, dates as year-month-day."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(report.columns)
    for row in _rows(report):
        writer.writerow([harmless(cell) for cell in row])
    return out.getvalue()


def workbook_of(report: Report, *, title: str) -> bytes:
    """One sheet with a frozen head; amounts are numbers, days are days, texts are only texts."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title.translate(_NOT_IN_A_TITLE)[:_LONGEST_TITLE])
    sheet.freeze_panes = "A2"
    for place, head in enumerate(report.columns):
        column = [head, *(str(row[place]) for row in report.rows)]
        width = min(max(map(len, column)) + 2, _WIDEST)
        sheet.column_dimensions[chr(ord("A") + place)].width = max(width, _NARROWEST)
    sheet.append([_cell(sheet, head, is_bold=True) for head in report.columns])
    for row in report.rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    if report.total:
        sheet.append([_cell(sheet, cell, is_bold=True) for cell in report.total])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def harmless(cell: Cell) -> str:
    """Text that stays text."""
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell)
    is_text = isinstance(cell, str | Linked)
    return f"'{text}" if is_text and text.startswith(_FORMULA) else text


def _rows(report: Report) -> Iterator[Sequence[Cell]]:
    yield from report.rows
    if report.total:
        yield report.total


def _cell(sheet: Worksheet, value: Cell, *, is_bold: bool = False) -> SheetCell:
    """Texts are written as texts: a workbook runs nothing that is not marked as a formula."""
    cell: SheetCell = WriteOnlyCell(sheet)
    cell.value = harmless(value) if isinstance(value, str | Linked) else value
    for kind, wanted in _FORMATS:
        if isinstance(value, kind):
            cell.number_format = wanted
    if is_bold:
        cell.font = _BOLD
    return cell
