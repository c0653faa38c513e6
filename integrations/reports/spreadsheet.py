"""CSV of a report. A cell that a spreadsheet would run as a formula gets a quote in front."""

import csv
import io
from datetime import date

from integrations.reports.figures import Cell, Report

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


def csv_of(report: Report) -> str:
    """Columns, rows and the total; numbers as numbers, dates as year-month-day."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(report.columns)
    for row in (*report.rows, *([report.total] if report.total else [])):
        writer.writerow([harmless(cell) for cell in row])
    return out.getvalue()


def harmless(cell: Cell) -> str:
    """Text that stays text."""
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA) else text
