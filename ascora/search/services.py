"""Keeping the words of an object, and narrowing a query by what a person typed."""

from collections.abc import Iterable, Mapping
from typing import TypeVar
from uuid import UUID

from django.db import connection

from ascora.search.models import SearchWord
from ascora.search.words import beginnings_in, following, rows_for
from ascora.tenancy.models import Organization, OwnedModel
from ascora.tenancy.owned import OwnedQuerySet

M = TypeVar("M", bound=OwnedModel)

# A customer has a dozen words: as rows of Django's they took half the time of an import.
_KEEP = """
    INSERT INTO search_searchword (organization_id, public_id, label, object_pk, word)
    SELECT %s, found.id, %s, found.pk, unnest(string_to_array(found.words, ' '))
    FROM (
        SELECT pk, words, gen_random_uuid() AS id
        FROM unnest(%s::bigint[], %s::text[]) AS kept (pk, words)
    ) AS found
"""


def index_for_search(*objects: OwnedModel) -> None:
    """Replace the words of these objects (same model, same organization). Idempotent; called by
    services.
    """
    if not objects:
        return
    first = objects[0]
    mine = SearchWord.objects.filter(
        organization=first.organization_id, label=first._meta.label_lower
    )
    mine.filter(object_pk__in=[o.pk for o in objects]).delete()
    texts = {o.pk: o.search_texts() for o in objects}  # type: ignore[attr-defined]
    index_new_for_search(model=type(first), organization_id=first.organization_id, texts=texts)


def index_new_for_search(
    *, model: type[OwnedModel], organization_id: UUID, texts: Mapping[int, Iterable[str]]
) -> None:
    """Keep the words of objects that have none yet, given by their keys with their texts."""
    if texts:
        words = [" ".join(rows_for(each)) for each in texts.values()]
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [organization_id, model._meta.label_lower, list(texts), words])


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
