"""A file as rows of texts: CSV in any usual encoding and with any usual comma, or XLSX. Pure."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

LARGEST_FILE = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 60
LONGEST_CELL = 5_000
_LARGEST_UNPACKED = 200 * 1024 * 1024
_ENCODINGS = ("utf-8-sig", "cp1252")
_COMMAS = ",;\t|"
_FORMULA = frozenset("=+-@")
_ZIP = b"PK\x03\x04"


class Unreadable(Exception):
    """The file cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The headings, and every row that says something with its number in the file (from 1)."""

    headers: list[str]
    rows: list[tuple[int, list[str]]]


def sheet_of(content: bytes) -> Sheet:
    """The first sheet of a file. Raises Unreadable."""
    if len(content) > LARGEST_FILE:
        raise Unreadable("The file is larger than 10 MB. Split it, and import the parts.")
    raw = _workbook_rows(content) if content.startswith(_ZIP) else _text_rows(content)
    numbered = [(number, [_clean(cell) for cell in row]) for number, row in enumerate(raw, start=1)]
    filled = [(number, cells) for number, cells in numbered if any(cells)]
    if not filled:
        raise Unreadable("The file is empty.")
    headers, rows = filled[0][1], filled[1:]
    _check(headers, rows)
    width = len(headers)
    return Sheet(headers, [(n, (cells + [""] * width)[:width]) for n, cells in rows])


def _check(headers: list[str], rows: list[tuple[int, list[str]]]) -> None:
    if len(headers) > MOST_COLUMNS:
        raise Unreadable(f"The file has more than {MOST_COLUMNS} columns.")
    if not rows:
        raise Unreadable("The file has headings but no rows below them.")
    if len(rows) > MOST_ROWS:
        raise Unreadable(
            f"The file has {len(rows):,} rows; at most {MOST_ROWS:,} go at once. Split it, and"
            " import the parts."
        )


def _text_rows(content: bytes) -> Iterator[list[str]]:
    if b"\0" in content:
        raise Unreadable("This is no CSV or Excel file. Save it as .csv or .xlsx and try again.")
    text = _decoded(content)
    commas = [line for line in text.splitlines()[:20] if line.strip()]
    comma = max(_COMMAS, key=lambda each: sum(line.count(each) for line in commas))
    try:
        yield from csv.reader(io.StringIO(text), delimiter=comma)
    except csv.Error as error:
        raise Unreadable(f"The file cannot be read as CSV: {error}.") from error


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _workbook_rows(content: bytes) -> Iterator[list[str]]:
    """What the cells show: formulas by their last result; nothing in the workbook is run."""
    try:
        _check_unpacked(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(values_only=True):
            yield [_shown(value) for value in row[: MOST_COLUMNS + 1]]
    except Unreadable:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError) as error:
        raise Unreadable("The workbook cannot be read. Save it again as .xlsx or .csv.") from error


def _check_unpacked(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > _LARGEST_UNPACKED:
        raise Unreadable("The workbook is too large. Save the sheet as CSV and try again.")


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)


def _clean(cell: str) -> str:
    """Without the quote that kept a spreadsheet from running it (see reports.spreadsheet)."""
    text = cell.replace("\0", "").strip()
    if text[:1] == "'" and text[1:2] in _FORMULA:
        text = text[1:]
    return text[:LONGEST_CELL]


def folded(texts: Iterable[str]) -> list[str]:
    """Headings compared: letters and digits only, small."""
    return ["".join(c for c in text.casefold() if c.isalnum()) for text in texts]
