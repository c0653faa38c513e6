"""Exact decimals, texts that QuickBooks accepts, and what may be absent from an answer."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from integrations.quickbooks.mapping import encoding

D = Decimal
DAY = date(2026, 11, 23)


def test_decimals_keep_exactly_their_digits():
    value = {
        "a": D("0.9090889"),
        "b": D("100.00"),
        "c": D("1E+2"),
        "d": [True, None, "é'"],
        "e": DAY,
    }
    body = encoding.encode(value)
    assert (
        body.decode() == '{"a":0.9090889,"b":100.00,"c":100,"d":[true,null,"é\'"],"e":"2026-11-23"}'
    )
    read = encoding.decode(body.decode())
    assert (read["a"], str(read["b"])) == (D("0.9090889"), "100.00")


def test_a_float_is_never_sent():
    with pytest.raises(TypeError):
        encoding.encode({"Amount": 0.1})


def test_a_log_holds_texts_instead_of_decimals():
    value = {"a": D("100.00"), "b": (D("0.10"), 1), "c": [D(2)], "d": "x"}
    assert encoding.plain(value) == {"a": "100.00", "b": ["0.10", 1], "c": ["2"], "d": "x"}
    json.dumps(encoding.plain(value))


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Amy's Bird: Sanctuary", "Amy's Bird - Sanctuary"), ("  Tab\tand\nline ", "Tab and line"),
        ("Bob 🔧 Builder", "Bob  Builder"), ("x" * 101, "x" * 100), ("Zoë Müller", "Zoë Müller"),
    ],
)  # fmt: skip
def test_names_lose_what_the_name_lists_refuse(given, name):
    assert encoding.a_name(given) == name


def test_texts_are_cut_and_keep_their_lines_where_they_may():
    assert encoding.a_line("a\r\nb", 10) == "a b"
    assert encoding.some_lines("a\nb\x07c", 10) == "a\nb c"
    assert encoding.some_lines("abcdef", 3) == "abc"


@pytest.mark.parametrize("told", ["\x00", "\ud83d"])
def test_what_is_no_character_is_read_as_one_that_can_be_kept(told):
    source = encoding.decode(json.dumps({"DisplayName": f"Jo{told} Smith", "Notes": "a\nb 👷"}))
    assert encoding.text_at(source, "DisplayName") == "Jo\ufffd Smith"
    assert encoding.text_at(source, "Notes") == "a\nb 👷"


@pytest.mark.parametrize("source", [{}, {"a": None}, {"a": "x"}, {"a": {"b": None}}, {"a": []}])
def test_what_is_absent_is_nothing(source):
    assert encoding.text_at(source, "a", "b") == ""
    assert encoding.amount_at(source, "a", "b") == 0
    assert encoding.rows_at(source, "a", "b") == []
    assert encoding.is_true_at(source, "a", "b") is False
    assert encoding.is_true_at(source, "a", "b", default=True) is True
    assert encoding.moment_at(source, "a", "b") == datetime(1970, 1, 1, tzinfo=UTC)
    assert encoding.day_at(source, "a", "b") == date(1970, 1, 1)


def test_what_is_there_is_read():
    source = {"n": D("1.50"), "t": "True", "m": "2026-05-05T02:08:54-07:00",
              "u": "2026-05-05T02:08:54", "d": "2026-05-05T00:00:00Z",
              "rows": [{"x": 1}, "odd", None]}  # fmt: skip
    assert encoding.amount_at(source, "n") == D("1.50")
    assert encoding.is_true_at(source, "t")
    assert encoding.moment_at(source, "m") == datetime(2026, 5, 5, 9, 8, 54, tzinfo=UTC)
    assert encoding.moment_at(source, "u") == datetime(2026, 5, 5, 2, 8, 54, tzinfo=UTC)
    assert encoding.day_at(source, "d") == date(2026, 5, 5)
    assert encoding.rows_at(source, "rows") == [{"x": 1}]
