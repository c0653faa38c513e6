"""Reading pages ahead: several requests at once, their answers in order."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

# Of the ten that a company serves at once: others want some, too.
AT_ONCE = 4


def pages_ahead(
    read: Callable[[int], Sequence[T]],
    *,
    start: int,
    size: int,
    expected: int,
    is_wanted: Callable[[], bool],
) -> Iterator[tuple[T, ...]]:
    """`read` is called with the place of a page's first row, in threads of its own."""
    waiting: deque[Future[Sequence[T]]] = deque()
    following = start
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while True:
            while len(waiting) < AT_ONCE and is_wanted() and (following <= expected or not waiting):
                waiting.append(pool.submit(read, following))
                following += size
            if not waiting:
                return
            page = tuple(waiting.popleft().result())
            yield page
            if len(page) < size:
                return
