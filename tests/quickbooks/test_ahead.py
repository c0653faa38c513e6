"""Pages come in order while others are on their way."""

import threading
from collections.abc import Sequence

import pytest

from integrations.quickbooks.ahead import AT_ONCE, pages_ahead

SIZE = 10


class Books:
    """So many rows; it remembers what was asked for, and when asked holds every answer back."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.asked: list[int] = []
        self.on_their_way = 0
        self.most_at_once = 0
        self.lock = threading.Lock()
        self.may_answer = threading.Event()
        self.may_answer.set()

    def read(self, first: int) -> Sequence[int]:
        with self.lock:
            self.asked.append(first)
            self.on_their_way += 1
            self.most_at_once = max(self.most_at_once, self.on_their_way)
        assert self.may_answer.wait(10)
        with self.lock:
            self.on_their_way -= 1
        return range(first, min(first + SIZE, self.rows + 1))

    def pages(self, *, expected: int | None = None, start: int = 1, wanted: int = 1000):
        left = iter(range(wanted))
        return pages_ahead(
            self.read,
            start=start,
            size=SIZE,
            expected=self.rows if expected is None else expected,
            is_wanted=lambda: next(left, None) is not None,
        )


@pytest.mark.parametrize("rows", [0, 5, 10, 40, 47, 100])
@pytest.mark.parametrize("off_by", [0, -7, -20, 12])
def test_every_row_comes_once_and_in_order_whatever_was_expected(rows: int, off_by: int) -> None:
    books = Books(rows)
    pages = list(books.pages(expected=max(0, rows + off_by)))
    assert [row for page in pages for row in page] == list(range(1, rows + 1))
    assert all(len(page) == SIZE for page in pages[:-1])
    assert len(pages[-1]) < SIZE


def test_one_read_is_made_behind_a_last_page_that_is_full() -> None:
    books = Books(40)
    list(books.pages())
    assert sorted(books.asked) == [1, 11, 21, 31, 41]


def test_no_read_is_made_behind_a_last_page_that_is_short() -> None:
    books = Books(35)
    list(books.pages())
    assert sorted(books.asked) == [1, 11, 21, 31]


def test_while_one_page_is_worked_on_as_many_as_ever_are_on_their_way() -> None:
    books = Books(200)
    pages = books.pages()
    first = next(pages)
    books.may_answer.clear()
    next(pages)
    assert first == tuple(range(1, 11))
    for _ in range(1000):
        if len(books.asked) == AT_ONCE + 2:
            break
        threading.Event().wait(0.005)
    assert len(books.asked) == AT_ONCE + 2
    books.may_answer.set()
    assert len(list(pages)) == 19
    assert books.most_at_once <= AT_ONCE


def test_it_ends_with_what_is_on_its_way_when_no_more_is_wanted() -> None:
    books = Books(200)
    pages = list(books.pages(wanted=6))
    assert len(pages) == 6
    assert [page[0] for page in pages] == [1, 11, 21, 31, 41, 51]


def test_it_goes_on_at_any_page() -> None:
    books = Books(35)
    assert [page[0] for page in books.pages(start=21)] == [21, 31]
