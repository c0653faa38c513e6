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
    """`read` is called with the place of a page's first row, in threads of its own.

    The next page is asked for before one is handed over, so that as many are on their way while
    somebody works on it. Behind the expected ones one more is read: there may be more by now.
    """
    waiting: deque[Future[Sequence[T]]] = deque()
    following = start
    with ThreadPoolExecutor(AT_ONCE) as pool:

        def ask() -> None:
            nonlocal following
            while len(waiting) < AT_ONCE and is_wanted():
                if waiting and following > expected + 1:
                    return
                waiting.append(pool.submit(read, following))
                following += size

        ask()
        while waiting:
            page = tuple(waiting.popleft().result())
            if len(page) < size:
                yield page
                return
            ask()
            yield page
