"""Queries carried out: conditions become SQL over the stored JSON, rows come out as stored."""

from dataclasses import dataclass
from typing import Any

from simulators.quickbooks import faults
from simulators.quickbooks.books import Books
from simulators.quickbooks.clock import parse_moment
from simulators.quickbooks.documents import require_id
from simulators.quickbooks.entities.fields import Document, Entity, Field
from simulators.quickbooks.entities.registry import BY_LOWER
from simulators.quickbooks.query import Condition, Query, parse
from simulators.quickbooks.serialise import read, write

TIMES = {"metadata.createtime": "created", "metadata.lastupdatedtime": "updated"}

NUMBERS = ("money", "number")


@dataclass
class Plan:
    """The SQL of a query, in pieces."""

    where: list[str]
    values: list[Any]
    asks_active: bool = False


def answer(books: Books, statement: str, lag: float = 0) -> str:
    """The QueryResponse of a statement, as JSON text."""
    query = parse(statement)
    entity = BY_LOWER.get(query.entity.lower())
    if entity is None:
        raise faults.query_invalid(f"invalid context declaration: {query.entity}")
    plan = _plan(books, entity, query, lag)
    if query.count:
        row = books.store.row(_sql("SELECT count(*) AS n FROM objects", plan), *plan.values)
        return write({"totalCount": row["n"] if row else 0})
    order = _order(entity, query)
    statement = _sql("SELECT body FROM objects", plan, order, "LIMIT ? OFFSET ?")
    found = books.store.rows(statement, *plan.values, query.limit, query.start - 1)
    texts = [row["body"] for row in found]
    return _page(entity, query, _rendered(books, entity, query, texts))


def _sql(head: str, plan: Plan, *tail: str) -> str:
    return " ".join([head, "WHERE", " AND ".join(plan.where), *tail])


def _plan(books: Books, entity: Entity, query: Query, lag: float) -> Plan:
    plan = Plan(["realm = ?", "entity = ?", "status = 'live'"], [books.realm, entity.name])
    for condition in query.conditions:
        _add(entity, condition, plan)
    if not plan.asks_active and "Active" in entity.by_name:
        plan.where.append("active = 1")
    if lag:
        plan.where.append("created <= ?")
        plan.values.append(books.moment - lag)
    return plan


def _add(entity: Entity, condition: Condition, plan: Plan) -> None:
    name = condition.field.lower()
    if name in TIMES:
        _times(f"cast({TIMES[name]} AS INTEGER)", condition, plan)
    elif name == "id":
        values = [require_id(value) for value in condition.values]
        numeric = condition.operator in ("<", ">", "<=", ">=", "between")
        _compare("number" if numeric else "id", condition, plan, values)
    elif name == "active":
        plan.asks_active = True
        flags = [int(value.lower() == "true") for value in condition.values]
        _compare("active", condition, plan, flags)
    elif name in entity.conditions:
        plan.where.append(entity.conditions[name])
        plan.values.append(condition.values[0])
    else:
        _field(_property(entity, condition.field), condition, plan)


def _property(entity: Entity, name: str) -> Field:
    field = entity.by_lower.get(name.lower())
    if field is None:
        raise faults.query_invalid(f"Property {name} not found for Entity {entity.name}")
    if not field.filterable:
        raise faults.query_invalid(f"property '{field.name}' is not queryable")
    return field


def _times(column: str, condition: Condition, plan: Plan) -> None:
    try:
        values = [int(parse_moment(value)) for value in condition.values]
    except ValueError as error:
        raise faults.query_invalid(f"invalid date-time {condition.values[0]}") from error
    _compare(column, condition, plan, values)


def _field(field: Field, condition: Condition, plan: Plan) -> None:
    if field.name in ("DocNumber", "AcctNum") and condition.operator == "=":
        _compare("doc_number", condition, plan, list(condition.values))
        return
    if field.name in ("DisplayName", "Name") and condition.operator == "=":
        last = (
            "(name_key = ? OR name_key LIKE '%:' || ?)" if field.name == "Name" else "name_key = ?"
        )
        plan.where.append(last)
        plan.values.extend([condition.values[0].lower()] * last.count("?"))
        return
    column = f"json_extract(body, '$.{_path(field)}')"
    if field.kind in NUMBERS:
        numbers = [float(value) for value in condition.values]
        _compare(f"coalesce({column}, 0)", condition, plan, numbers)
    elif field.kind == "boolean":
        _compare(column, condition, plan, [int(value == "true") for value in condition.values])
    else:
        _compare(f"{column} COLLATE NOCASE", condition, plan, list(condition.values))


def _path(field: Field) -> str:
    inner = {"email": ".Address", "ref": ".value", "phone": ".FreeFormNumber", "web": ".URI"}
    return field.name + inner.get(field.kind, "")


def _compare(column: str, condition: Condition, plan: Plan, values: list[Any]) -> None:
    operator = condition.operator
    if operator == "in":
        marks = ", ".join("?" * len(values))
        plan.where.append(f"{column} IN ({marks})")
    elif operator == "between":
        plan.where.append(f"{column} BETWEEN ? AND ?")
    elif operator == "like":
        plan.where.append(f"{column} LIKE ?")
    else:
        plan.where.append(f"{column} {operator} ?")
    plan.values.extend(values)


def _order(entity: Entity, query: Query) -> str:
    """Without ORDERBY names come by name and transactions newest first, as recorded."""
    keys = [_sort_key(entity, name) + (" DESC" if down else "") for name, down in query.order]
    if not keys:
        keys = ["number DESC"] if entity.is_transaction else [_full_name(entity)]
    return "ORDER BY " + ", ".join([*keys, "number"])


def _full_name(entity: Entity) -> str:
    has_tree = "FullyQualifiedName" in entity.by_name
    name = "json_extract(body, '$.FullyQualifiedName')" if has_tree else "name_key"
    return f"{name} COLLATE NOCASE"


def _sort_key(entity: Entity, name: str) -> str:
    lower = name.lower()
    if lower in TIMES:
        return TIMES[lower]
    if lower == "id":
        return "number"
    field = _property(entity, name)
    return f"json_extract(body, '$.{_path(field)}') COLLATE NOCASE"


def _rendered(books: Books, entity: Entity, query: Query, texts: list[str]) -> list[str]:
    has_overlay = type(entity).overlay is not Entity.overlay
    if not (query.fields or has_overlay):
        return texts
    documents = [read(text) for text in texts]
    entity.overlay(books, documents)
    if query.fields:
        names = [_projected(entity, name) for name in query.fields]
        documents = [_project(document, names, entity) for document in documents]
    return [write(document) for document in documents]


def _projected(entity: Entity, name: str) -> str:
    if name.lower() in ("id", "synctoken", "domain"):
        return {"id": "Id", "synctoken": "SyncToken", "domain": "domain"}[name.lower()]
    if name.lower().startswith("metadata"):
        return "MetaData" + {".createtime": ".CreateTime"}.get(name.lower()[8:], ".LastUpdatedTime")
    head = name.split(".", maxsplit=1)[0]
    field = entity.by_lower.get(head.lower())
    if field is None:
        raise faults.query_invalid(f"Property {name} not found for Entity {entity.name}")
    return field.name


def _project(document: Document, names: list[str], entity: Entity) -> Document:
    row: Document = {"sparse": True, "Id": document["Id"]}
    for name in names:
        head, _dot, inner = name.partition(".")
        if head not in document:
            continue
        row[head] = {inner: document[head].get(inner)} if inner else document[head]
    return dict(sorted(row.items(), key=lambda pair: entity.order.get(pair[0], 0)))


def _page(entity: Entity, query: Query, texts: list[str]) -> str:
    if not texts:
        return "{}"
    total = f',"totalCount":{len(texts)}' if entity.counts_total else ""
    if entity.name in ("Preferences", "CompanyInfo"):
        return f'{{"{entity.name}":[{",".join(texts)}],"maxResults":{len(texts)}}}'
    return (
        f'{{"{entity.name}":[{",".join(texts)}],"startPosition":{query.start},'
        f'"maxResults":{len(texts)}{total}}}'
    )
