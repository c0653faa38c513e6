"""How often Python looks for objects that only hold each other."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_MANY = 50_000


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Within it, the search for cycles runs once in so many new objects, for the whole process.

    For work that makes masses of plain values (a page of customers is a hundred thousand): they go
    with their last reference, and looking for cycles among them took a quarter of the processor.
    """
    before = gc.get_threshold()
    gc.set_threshold(_MANY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
