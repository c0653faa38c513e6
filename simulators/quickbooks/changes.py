"""Change data capture: what changed since a moment, deletions included (field guide 5)."""

from simulators.quickbooks import faults
from simulators.quickbooks.books import Books
from simulators.quickbooks.clock import parse_moment
from simulators.quickbooks.entities.fields import Entity
from simulators.quickbooks.entities.registry import BY_LOWER
from simulators.quickbooks.serialise import read, write

MOST = 1000
LOOK_BACK = 30 * 86_400


def changes(books: Books, names: str, since: str, lag: float = 0) -> str:
    """The CDCResponse, one element per entity in the order asked."""
    moment = _moment(books, since)
    entities = [_entity(name.strip()) for name in names.split(",") if name.strip()]
    if not entities:
        raise faults.Fault(faults.missing("entities"))
    parts = [_part(books, entity, moment, lag) for entity in entities]
    return f'[{{"QueryResponse":[{",".join(parts)}]}}]'


def _moment(books: Books, since: str) -> float:
    if not since:
        raise faults.Fault(faults.missing("changedSince"))
    try:
        moment = parse_moment(since.replace(" ", "+"))
    except ValueError as error:
        wrong = faults.malformed("2060", "date format", "changedSince", since)
        raise faults.Fault(wrong) from error
    if moment < books.moment - LOOK_BACK:
        raise faults.business("changedSince can be at most 30 days ago.")
    return moment


def _entity(name: str) -> Entity:
    entity = BY_LOWER.get(name.lower())
    if entity is None or not entity.in_changes:
        raise faults.query_invalid(f"invalid context declaration: {name}")
    return entity


def _part(books: Books, entity: Entity, moment: float, lag: float) -> str:
    rows = books.store.rows(
        "SELECT body FROM objects WHERE realm = ? AND entity = ? AND updated >= ? "
        "AND created <= ? ORDER BY updated, number LIMIT ?",
        books.realm,
        entity.name,
        moment,
        books.moment - lag,
        MOST,
    )
    if not rows:
        return "{}"
    texts = [row["body"] for row in rows]
    if type(entity).overlay is not Entity.overlay:
        documents = [read(text) for text in texts]
        entity.overlay(books, documents)
        texts = [write(document) for document in documents]
    total = f',"totalCount":{len(texts)}' if entity.counts_total else ""
    return (
        f'{{"{entity.name}":[{",".join(texts)}],"startPosition":1,'
        f'"maxResults":{len(texts)}{total}}}'
    )
