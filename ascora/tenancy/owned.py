"""The first wall: a query that does not say whose rows it wants does not run."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from ascora.tenancy.models import Organization

M_co = TypeVar("M_co", bound=models.Model, covariant=True)

_OWNER_LOOKUPS = frozenset(
    {
        "organization",
        "organization_id",
        "organization__exact",
        "organization__pk",
        "organization_id__exact",
    }
)


class UnownedQuery(RuntimeError):
    """A query was about to run without saying whose rows it wants."""


class OwnedQuerySet(models.QuerySet[M_co]):
    """Remembers whether it was pinned to an owner; evaluating one that was not raises UnownedQuery.

    Pinned by `owned_by(organization)`, by `filter(organization=...)` with a value, by coming from
    an instance
    (`customer.jobs`), or by the deliberate `across_organizations()`. Not covered: raw SQL, the
    second arm of a
    union and inserts; row-level security and SameOrganization stand behind.
    """

    _pinned: bool = False

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._pinned = self._pinned
        return clone  # type: ignore[no-any-return]

    def owned_by(self, organization: "Organization | None") -> Self:
        """Only this organization's rows."""
        if organization is None:
            raise UnownedQuery("organization is None")
        return self.filter(organization=organization)

    def across_organizations(self) -> Self:
        """Everyone's rows, on purpose. Callers are listed in tests/house."""
        clone: Self = self._chain()  # type: ignore[attr-defined]
        clone._pinned = True
        return clone

    def none(self) -> Self:
        """No rows; needs no owner."""
        clone = super().none()
        clone._pinned = True
        return clone

    def _filter_or_exclude(self, negate: bool, args: Any, kwargs: Any) -> Self:
        clone: Self = super()._filter_or_exclude(negate, args, kwargs)  # type: ignore[misc]
        if not negate and any(
            kwargs.get(key) is not None for key in _OWNER_LOOKUPS & kwargs.keys()
        ):
            clone._pinned = True
        return clone

    def _guard(self) -> None:
        came_from_an_instance = (
            self._hints.get("instance") is not None or self._known_related_objects  # type: ignore[attr-defined]
        )
        if not (self._pinned or came_from_an_instance):
            raise UnownedQuery(
                f"{self.model.__name__}: say whose (owned_by) or everyone's (across_organizations)"
            )

    def _fetch_all(self) -> None:
        self._guard()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[M_co]:
        """As Django's, guarded."""
        self._guard()
        return super().iterator(chunk_size) if chunk_size else super().iterator()

    def count(self) -> int:
        """As Django's, guarded."""
        self._guard()
        return super().count()

    def exists(self) -> bool:
        """As Django's, guarded."""
        self._guard()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """As Django's, guarded."""
        self._guard()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """As Django's, guarded."""
        self._guard()
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        """As Django's, guarded."""
        self._guard()
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]
