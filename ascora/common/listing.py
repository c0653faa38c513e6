"""Long lists: search, filters, sorting; paged by key, so that page 900 costs what page 1 does."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest

from ascora.common.htmx import htmx_of

M = TypeVar("M", bound=Model)
PAGE_SIZE = 50
# Beyond this the count says "10,000+": counting further costs more than it tells.
COUNTED_UP_TO = 10_000


@dataclass(frozen=True)
class Filter:
    """A drop-down above the list. `narrow` gets the queryset and the chosen value.

    The empty value narrows nothing; an unknown one counts as the default.
    """

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    narrow: Callable[[Any, str], Any]
    default: str = ""


@dataclass(frozen=True)
class ChosenFilter:
    """A filter with what the person chose."""

    filter: Filter
    value: str

    @property
    def is_default(self) -> bool:
        """The person has not touched it."""
        return self.value == self.filter.default


class Listing(Generic[M]):
    """One page of a list, as the address asks for it.

    Query parameters: `q`, `sort` (a key of `sorts`, with a minus for descending), one per filter,
    and `after` or `before` with the public id of a row. Rows need a `public_id`. At most three
    queries, however many rows there are: the row to go on from, the page, and the capped count.

    `sorts` maps a key to a column ("name", "customer__name"); rows without a value come last.
    """

    def __init__(
        self,
        request: HttpRequest,
        queryset: QuerySet[M],
        *,
        sorts: Mapping[str, str],
        default_sort: str,
        search: Callable[[Any, str], Any] | None = None,
        filters: Sequence[Filter] = (),
    ) -> None:
        self.request = request
        self.is_searchable = search is not None
        self._all = queryset
        self._sorts = sorts
        self._default_sort = default_sort
        self.query = " ".join(request.GET.get("q", "").replace("\0", "").split())
        self.filters = [ChosenFilter(one, self._choice_of(one)) for one in filters]
        self.sort = self._asked_sort()
        self._narrowed = self._narrow(queryset, search)

    def _choice_of(self, one: Filter) -> str:
        asked = self.request.GET.get(one.name, one.default)
        return asked if asked in {value for value, _ in one.choices} else one.default

    def _asked_sort(self) -> str:
        asked = self.request.GET.get("sort", "")
        return asked if asked.removeprefix("-") in self._sorts else self._default_sort

    def _narrow(
        self, queryset: QuerySet[M], search: Callable[[Any, str], Any] | None
    ) -> QuerySet[M]:
        for chosen in self.filters:
            if chosen.value:
                queryset = chosen.filter.narrow(queryset, chosen.value)
        if search is not None and self.query:
            queryset = search(queryset, self.query)
        return queryset

    # What the templates ask.

    @property
    def frame(self) -> str:
        """What the page extends: the whole frame, or only its content when htmx asks."""
        return "components/bare.html" if htmx_of(self.request) else "base.html"

    @property
    def is_narrowed(self) -> bool:
        """Whether an empty list means "nothing found" rather than "nothing yet"."""
        return bool(self.query) or not all(chosen.is_default for chosen in self.filters)

    @property
    def rows(self) -> list[M]:
        """The rows of this page."""
        return self._page.rows

    @property
    def is_empty(self) -> bool:
        """Nothing to show."""
        return not self.rows

    def __iter__(self) -> Iterator[M]:
        return iter(self.rows)

    @cached_property
    def _counted(self) -> int:
        return self._narrowed.order_by()[: COUNTED_UP_TO + 1].count()

    @property
    def count(self) -> str:
        """How many there are in all, in words: "1 customer", "10,000+ customers"."""
        model = self._all.model
        names = (model._meta.verbose_name, model._meta.verbose_name_plural)
        one, many = getattr(model, "COUNTED_AS", names)
        noun = one if self._counted == 1 else many
        more = "+" if self._counted > COUNTED_UP_TO else ""
        return f"{min(self._counted, COUNTED_UP_TO):,}{more} {noun}"

    @property
    def previous_address(self) -> str:
        """The page before, or nothing."""
        return self._address(before=self._public_id_of(0)) if self._page.has_previous else ""

    @property
    def next_address(self) -> str:
        """The page after, or nothing."""
        return self._address(after=self._public_id_of(-1)) if self._page.has_next else ""

    def direction_of(self, key: str) -> str:
        """As aria-sort says it."""
        return {key: "ascending", f"-{key}": "descending"}.get(self.sort, "none")

    def address_sorted_by(self, key: str) -> str:
        """The list by another column, from its first page; descending if it is ascending."""
        return self._address(sort=f"-{key}" if self.sort == key else key)

    @property
    def cleared_address(self) -> str:
        """The list without search and filters."""
        return self.request.path

    def _public_id_of(self, position: int) -> str:
        return str(self.rows[position].public_id)  # type: ignore[attr-defined]

    def _address(self, **changes: str) -> str:
        parameters = self.request.GET.copy()
        for stale in ("after", "before"):
            parameters.pop(stale, None)
        for name, value in changes.items():
            parameters[name] = value
        return f"{self.request.path}?{parameters.urlencode()}"

    # How a page is read.

    @cached_property
    def _page(self) -> "_Page[M]":
        order = _Order(
            self._all.model, self._sorts[self.sort.removeprefix("-")], self.sort.startswith("-")
        )
        after, before = self._anchor("after", order), self._anchor("before", order)
        if before is not None:
            page = self._page_before(order, before)
            if page.is_full:
                return page
        return self._page_from(order, after if before is None else None)

    def _anchor(self, parameter: str, order: "_Order") -> tuple[Any, Any] | None:
        try:
            public_id = UUID(self.request.GET.get(parameter, ""))
        except ValueError:
            return None
        return (
            self._all.filter(public_id=public_id).order_by().values_list(order.column, "pk").first()
        )

    def _page_from(self, order: "_Order", anchor: tuple[Any, Any] | None) -> "_Page[M]":
        queryset = self._narrowed.order_by(*order.forwards())
        if anchor is not None:
            queryset = queryset.filter(order.beyond(*anchor))
        rows = list(queryset[: PAGE_SIZE + 1])
        return _Page(
            rows[:PAGE_SIZE], has_previous=anchor is not None, has_next=len(rows) > PAGE_SIZE
        )

    def _page_before(self, order: "_Order", anchor: tuple[Any, Any]) -> "_Page[M]":
        queryset = self._narrowed.order_by(*order.backwards()).filter(order.short_of(*anchor))
        rows = list(queryset[: PAGE_SIZE + 1])
        return _Page(rows[:PAGE_SIZE][::-1], has_previous=len(rows) > PAGE_SIZE, has_next=True)


@dataclass(frozen=True)
class _Page(Generic[M]):
    rows: list[M]
    has_previous: bool
    has_next: bool

    @property
    def is_full(self) -> bool:
        return len(self.rows) == PAGE_SIZE


class _Order:
    """A column, then the primary key in the same direction; rows without a value last."""

    def __init__(self, model: type[Model], column: str, descending: bool) -> None:  # noqa: FBT001
        self.column = column
        self._descending = descending
        self._has_gaps = _may_be_null(model, column)

    def forwards(self) -> list[OrderBy]:
        last = {"nulls_last": True} if self._has_gaps else {}
        return [
            self._by(F(self.column), self._descending, last),
            self._by(F("pk"), self._descending, {}),
        ]

    def backwards(self) -> list[OrderBy]:
        first = {"nulls_first": True} if self._has_gaps else {}
        other = not self._descending
        return [self._by(F(self.column), other, first), self._by(F("pk"), other, {})]

    @staticmethod
    def _by(column: F, descending: bool, nulls: dict[str, bool]) -> OrderBy:  # noqa: FBT001
        return column.desc(**nulls) if descending else column.asc(**nulls)

    def beyond(self, value: object, pk: object) -> Q:
        """The rows that come after this one."""
        if value is None:
            return Q(**{f"{self.column}__isnull": True}) & self._side(self._descending, "pk", pk)
        further = self._past(self._descending, value, pk)
        return further | Q(**{f"{self.column}__isnull": True}) if self._has_gaps else further

    def short_of(self, value: object, pk: object) -> Q:
        """The rows that come before this one."""
        other = not self._descending
        if value is None:
            in_gap = Q(**{f"{self.column}__isnull": True}) & self._side(other, "pk", pk)
            return in_gap | Q(**{f"{self.column}__isnull": False})
        return self._past(other, value, pk)

    def _past(self, downwards: bool, value: object, pk: object) -> Q:  # noqa: FBT001
        # The implied bound lets PostgreSQL start the index scan at the row, not read up to it.
        bound = Q(**{f"{self.column}__{'lte' if downwards else 'gte'}": value})
        return bound & (self._side(downwards, self.column, value) | self._side(downwards, "pk", pk))

    @staticmethod
    def _side(downwards: bool, column: str, value: object) -> Q:  # noqa: FBT001
        return Q(**{f"{column}__{'lt' if downwards else 'gt'}": value})


def _may_be_null(model: type[Model], column: str) -> bool:
    """Whether any step of the path may be null; an annotation may."""
    here: Any = model
    for step in column.split("__"):
        try:
            found = here._meta.get_field(step)
        except (FieldDoesNotExist, AttributeError):
            return True
        if found.null:
            return True
        here = found.related_model
    return False
