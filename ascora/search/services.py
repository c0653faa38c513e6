"""Keeping the words of an object, and narrowing a query by what a person typed."""

from typing import TypeVar

from django.db import connection

from ascora.search.models import SearchWord
from ascora.search.words import beginnings_in, following, rows_for
from ascora.tenancy.models import Organization, OwnedModel
from ascora.tenancy.owned import OwnedQuerySet

M = TypeVar("M", bound=OwnedModel)

# A customer has a dozen words: as rows of Django's they took half the time of an import.
_KEEP = """
    INSERT INTO search_searchword (organization_id, public_id, label, object_pk, word)
    SELECT %s, gen_random_uuid(), %s, kept.pk, kept.word
    FROM unnest(%s::bigint[], %s::text[]) AS kept (pk, word)
"""


def index_for_search(*objects: OwnedModel) -> None:
    """Replace the words of these objects (same model, same organization). Idempotent; called by
    services.
    """
    if not objects:
        return
    first = objects[0]
    label = first._meta.label_lower
    mine = SearchWord.objects.filter(organization=first.organization, label=label)
    mine.filter(object_pk__in=[o.pk for o in objects]).delete()
    words = [(o.pk, word) for o in objects for word in rows_for(o.search_texts())]  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [first.organization_id, label, *_columns(words)])


def _columns(words: list[tuple[int, str]]) -> tuple[list[int], list[str]]:
    return [pk for pk, _ in words], [word for _, word in words]


def matching(
    queryset: OwnedQuerySet[M], organization: Organization, query: str
) -> OwnedQuerySet[M]:
    """The rows in which every typed word is the beginning of some word. An empty query narrows
    nothing.
    """
    label = queryset.model._meta.label_lower
    for beginning in beginnings_in(query):
        hits = SearchWord.objects.filter(
            organization=organization,
            label=label,
            word__gte=beginning,
            word__lt=following(beginning),
        )
        queryset = queryset.filter(pk__in=hits.values("object_pk"))
    return queryset
