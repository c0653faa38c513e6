"""Folding text to words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascora.search.words import LONGEST_WORD, beginnings_in, fold, following, words_of


@pytest.mark.parametrize(
    "name", ["O'Neil", "O\N{RIGHT SINGLE QUOTATION MARK}NEIL", "Oneil", "\u00d3neil"]
)
def test_apostrophes_accents_and_capitals_make_no_difference(name):
    assert fold(name) == "oneil"


def test_an_address_gives_its_parts():
    assert words_of("kim.lee@example.test", "INV-1042") == {
        "kim",
        "lee",
        "example",
        "test",
        "inv",
        "1042",
    }


def test_typing_order_does_not_matter():
    assert beginnings_in("  smith JO ") == beginnings_in("jo smith") == ["jo", "smith"]


def test_long_words_are_cut():
    assert words_of("x" * 90) == {"x" * LONGEST_WORD}


@given(st.text(max_size=60))
def test_every_word_is_short_and_plain(text):
    for word in words_of(text):
        assert word.isascii()
        assert 0 < len(word) <= LONGEST_WORD


@given(
    st.from_regex(r"[a-z0-9]{1,10}", fullmatch=True),
    st.from_regex(r"[a-z0-9]{0,10}", fullmatch=True),
)
def test_what_begins_so_lies_before_what_follows(beginning, rest):
    assert beginning <= beginning + rest < following(beginning)
