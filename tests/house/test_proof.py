"""The proof of the brief and the guarantee name tests that exist, and no letter is missing."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROOF = (ROOT / "docs" / "proof-of-the-brief.md").read_text()
GUARANTEE = (ROOT / "docs" / "guarantee.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py::\w+)`", PROOF + GUARANTEE)))


@pytest.mark.parametrize("node", NAMED)
def test_a_named_test_exists(node):
    path, name = node.split("::")
    tree = ast.parse((ROOT / path).read_text())
    assert name in {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}


def test_every_letter_and_every_row_of_what_goes_where_has_a_proof():
    rows = re.findall(r"^\| ([^|]+) \| `tests/", PROOF, flags=re.MULTILINE)
    letters = {row[0] for row in rows if re.match(r"[A-M] - ", row)}
    assert letters == set("ABCDEFGHIJKLM")
    assert {"Customer", "Supplier", "Invoice", "Credit note", "Supplier credit"} <= set(rows)
