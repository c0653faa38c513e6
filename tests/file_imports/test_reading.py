"""Any usual file is read; any other is refused with what to do."""

import io
from datetime import datetime

import pytest
from openpyxl import Workbook

from integrations.file_imports.reading import LARGEST_FILE, MOST_ROWS, Unreadable, sheet_of

EXPECTED = [(2, ["Zoë & Co", "1,5"]), (4, ["Ölaf", ""])]


@pytest.mark.parametrize(
    "content",
    [
        'Name,Price\nZoë & Co,"1,5"\n\nÖlaf\n'.encode(),
        "\ufeffName;Price\r\nZoë & Co;1,5\r\n;\r\nÖlaf;\r\n".encode(),
        "Name\tPrice\nZoë & Co\t1,5\n\t\nÖlaf\t".encode("cp1252"),
        '"Name"|"Price"\n"Zoë & Co"|"1,5"\n|\n"Ölaf"|'.encode(),
    ],
    ids=["comma", "semicolon with mark", "tab from old Windows", "bar"],
)
def test_a_text_file_is_read_whatever_its_commas_and_letters(content):
    sheet = sheet_of(content)
    assert (sheet.headers, sheet.rows) == (["Name", "Price"], EXPECTED)


def a_workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_shows_numbers_days_and_yes_as_a_person_reads_them():
    sheet = sheet_of(
        a_workbook(["Name", "Price", "On", "Taxed"], ["Tape", 0.1, datetime(2026, 5, 4), True])  # noqa: DTZ001 - a workbook's days have no zone
    )
    assert sheet.rows == [(2, ["Tape", "0.1", "2026-05-04", "yes"])]


def test_a_formula_is_never_run_and_without_a_result_it_is_empty():
    assert sheet_of(a_workbook(["Name", "Price"], ["Tape", "=1+1"])).rows == [(2, ["Tape", ""])]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"Name,Price\n", "no rows"),
        (b"\x00\x01\x02", "no CSV or Excel"),
        (b"PK\x03\x04 broken", "cannot be read"),
        (b"Name\n" + b"x\n" * (MOST_ROWS + 1), "at most 20,000"),
        (b",".join([b"c"] * 61) + b"\nx", "more than 60 columns"),
        (b"x" * (LARGEST_FILE + 1), "larger than 10 MB"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(content, reason):
    with pytest.raises(Unreadable, match=reason):
        sheet_of(content)
