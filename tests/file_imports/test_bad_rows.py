"""Rows that no list can take: each is left out with its number and why, the rest is imported, and
nothing of a refused row is kept.
"""

import pytest

from integrations.file_imports import open_file
from integrations.file_imports.reading import LONGEST_CELL, Unreadable
from integrations.models import FileImportRow, FileImportState, Verdict
from inventory.models import Supplier, Supply
from jobs.models import Customer, LeadSource
from tests.file_imports.test_runs import imported, verdicts
from tests.house.rows import owned_models
from tests.house.test_doors import everything

LONG = "x" * LONGEST_CELL

# Per kind: the headings, and bad rows with why; good rows say nothing.
FILES = {
    "supplies": (
        "Description,Part number,Cost price,Sell price,Taxed",
        [
            ("Free,F-1,0,0.00,no", ""),
            ("Wire,W-1,1.005,12.3456,yes", ""),
            ("Dear,D-1,1,9999999.99,yes", ""),
            ("Below,B-1,-1,2,yes", "Cost price: an amount below nothing"),
            ("Huge,H-1,1,10000000,yes", "Sell price: an amount that is too large"),
            ("Huger,H-2,99999999999999999999,1,yes", "Cost price: an amount that is too large"),
            ("Five,V-1,0.00001,1,yes", "Cost price: “0.00001” has more than four decimal places"),
            ("Power,P-1,1e5,1,yes", "Cost price: “1e5” is not an amount"),
            ("Nan,N-1,NaN,1,yes", "Cost price: “NaN” is not an amount"),
            ("Arabic,A-1,١٢,1,yes", "Cost price: “١٢” is not an amount"),
            ("Sum,S-1,=1+1,1,yes", "Cost price: “=1+1” is not an amount"),
            ("Both,B-2,x,-3,yes", "Cost price: “x” is not an amount; Sell price: an amount below"),
            ("Maybe,M-1,1,1,perhaps", "Taxed: “perhaps” is neither yes nor no"),
            (",E-1,1,1,yes", "Description is empty"),
            ("Twin,w-1,1,1,yes", "The same one stands in row 3 already"),
            (f"{LONG},L-1,1,1,yes", "Description: "),
            (f"Long,{LONG},1,1,yes", "Part number: "),
        ],
    ),
    "customers": (
        "Name,E-mail,Phone,Lead source,Tax (GST),Notes",
        [
            ("Zoë 🔧 & Söhne,zoe@x.test,1,Radio,yes,=1+1", ""),
            ("=1+1,,,,,", ""),
            ("Bad mail,not-an-address,1,Television,yes,", "E-mail: Enter a valid email address"),
            (f"{LONG},,,,,", "Name: "),
            (f"Long phone,,{LONG},,,", "Phone: "),
            (f"Long source,,,{LONG},,", "Lead source: at most 31 characters"),
            (f"Long notes,,,,,{LONG}", "Notes: at most 2,000 characters"),
            ("Maybe,,,Newspaper,perhaps,", "Tax: “perhaps” is neither yes nor no"),
            ("ZOË 🔧 & SÖHNE,,,,,", "The same one stands in row 2 already"),
            (",empty@x.test,,,,", "Name is empty"),
        ],
    ),
    "suppliers": (
        "Name,E-mail,ABN,Days to pay,Notes",
        [
            ("Reece 🔧,shop@x.test,,0,@SUM(1)", ""),
            ("Bad mail,@@,,,", "E-mail: Enter a valid email address"),
            ("Late,,,366,", "Days to pay: “366” is not a number of days"),
            ("Never,,,-1,", "Days to pay: “-1” is not a number of days"),
            ("Half,,,1.5,", "Days to pay: “1.5” is not a number of days"),
            (f"{LONG},,,,", "Name: "),
            (f"Long number,,{LONG},,", "ABN: "),
            ("reece 🔧,,,,", "The same one stands in row 2 already"),
        ],
    ),
}
MODELS = {"supplies": Supply, "customers": Customer, "suppliers": Supplier}


@pytest.mark.parametrize("kind", FILES)
def test_a_bad_row_is_left_out_by_its_number_and_the_others_are_imported(at_bright_spark, kind):
    headings, rows = FILES[kind]
    run = imported(at_bright_spark, "\n".join([headings, *(row for row, _ in rows)]), kind=kind)
    assert run.state == FileImportState.DONE
    found = verdicts(run)
    for number, (row, why) in enumerate(rows, start=2):
        verdict, reason = found[number]
        assert verdict == (Verdict.REFUSED if why else Verdict.ADD), (row[:40], reason)
        assert reason.startswith(why), row[:40]
        assert bool(reason) == bool(why), row[:40]
    good = [row for row, why in rows if not why]
    assert MODELS[kind].objects.owned_by(at_bright_spark).count() == len(good)


def test_a_refused_customer_leaves_no_lead_source_behind(at_bright_spark):
    imported(at_bright_spark, "Name,E-mail,Lead source\nJo,nonsense,Television\n")
    assert not LeadSource.objects.owned_by(at_bright_spark).filter(name="Television").exists()


def test_a_file_of_nothing_but_bad_rows_changes_no_list(at_bright_spark):
    before = everything()
    run = imported(at_bright_spark, "Description,Cost\nTape,-1\n,2\n", kind="supplies")
    assert {verdict for verdict, _ in verdicts(run).values()} == {Verdict.REFUSED}
    tables = [model._meta.label for model in owned_models()]
    changed = {tables[place] for place, rows in everything() if (place, rows) not in before}
    assert changed == {
        "integrations.FileImport", "integrations.FileImportRow", "integrations.FileColumns",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["Tab\there", "Line\nbreak", "Smith: Jo", "Bell\x07", "Red\x1b[31m"]
)
def test_a_name_with_control_characters_is_left_out_and_the_next_row_is_not(at_bright_spark, name):
    run = imported(at_bright_spark, f'Name,Phone\n"{name}",1\nGood,2\n')
    (bad, reason), good = verdicts(run).values()
    assert (bad, good) == (Verdict.REFUSED, (Verdict.ADD, ""))
    assert reason.startswith("Leave out colons, tabs and line breaks")
    kept = Customer.objects.owned_by(at_bright_spark).values_list("name", flat=True)
    assert [*kept] == ["Good"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_usual_encodings_are_read_as_they_were_meant(at_bright_spark, encoding):
    content = "Name\nZoë & Söhne\n".encode(encoding)
    run = open_file(
        organization=at_bright_spark, kind="customers", file_name="x.csv", content=content, by=None
    )
    assert [
        row.cells for row in FileImportRow.objects.owned_by(at_bright_spark).filter(run=run)
    ] == [["Zoë & Söhne"]]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_an_encoding_that_is_not_read_is_refused_and_nothing_is_kept(at_bright_spark, encoding):
    content = "Name\nZoë & Söhne\n".encode(encoding)
    before = everything()
    with pytest.raises(Unreadable, match="no CSV or Excel file"):
        open_file(
            organization=at_bright_spark, kind="customers", file_name="x.csv", content=content,
            by=None,
        )  # fmt: skip
    assert everything() == before
