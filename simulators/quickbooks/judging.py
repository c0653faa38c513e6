"""What a judge asks: every object ever written, as made and as it is now, and the balances."""

import json
import sqlite3
from collections import defaultdict
from typing import Any

from simulators.quickbooks import posting
from simulators.quickbooks.clock import utc_text
from simulators.quickbooks.serialise import amount_text
from simulators.quickbooks.simulator import Simulator
from simulators.quickbooks.store import Document

NOTES = "coalesce({0} ->> '$.PrivateNote', {0} ->> '$.Note', {0} ->> '$.Notes', '')"
OBJECTS = f"""
SELECT o.sequence, o.entity, o.id, o.sync_token, o.status, o.active, o.doc_number, o.customer_id,
    o.updated, coalesce(b.committed, o.created) AS committed,
    coalesce(b.made_by, 'seed') AS made_by, coalesce(b.request_id, '') AS request_id,
    {NOTES.format("o.said")} AS note,
    {NOTES.format("b.body")} AS marker, o.said ->> '$.TotalAmt' AS total,
    b.body ->> '$.TotalAmt' AS first_total, coalesce(b.body ->> '$.DocNumber', '') AS first_number,
    coalesce(o.said ->> '$.DisplayName', o.said ->> '$.FullyQualifiedName', '') AS name,
    coalesce(o.said ->> '$.TxnDate', '') AS date, o.said ->> '$.Balance' AS balance
FROM (SELECT rowid AS sequence, *, CASE status WHEN 'deleted' THEN last_body ELSE body END AS said
    FROM objects) o
LEFT JOIN origins b ON b.realm = o.realm AND b.entity = o.entity AND b.id = o.id
WHERE o.realm = ? AND o.sequence > ? {{kinds}} ORDER BY o.sequence LIMIT ?
"""  # noqa: S608
Links = dict[tuple[str, str], list[Document]]


def evidence(simulator: Simulator, asked: dict[str, str]) -> str:
    """The answer as JSON text: by realm its objects, its trial balance, and where to go on.

    `asked` narrows it: realm, kind (several with commas), after and limit for pages of objects.
    """
    after, limit = int(asked.get("after", 0)), int(asked.get("limit", -1))
    kinds = [kind for kind in asked.get("kind", "").split(",") if kind]
    realms, last = {}, None
    for company in simulator.companies():
        if asked.get("realm") in (None, "", company["realm"]):
            objects = _objects(simulator, company["realm"], kinds, (after, limit))
            balance = posting.trial_balance(simulator.books(company["realm"]))
            realms[company["realm"]] = {**company, "objects": objects, "trial_balance": balance}
            if 0 < limit <= len(objects):
                last = objects[-1]["sequence"]
    return json.dumps({"realms": realms, "next": last}, ensure_ascii=False)


def _objects(
    simulator: Simulator, realm: str, kinds: list[str], page: tuple[int, int]
) -> list[Document]:
    marks = ", ".join("?" * len(kinds))
    statement = OBJECTS.format(kinds=f"AND o.entity IN ({marks})" if kinds else "")
    rows = simulator.store.rows(statement, realm, page[0], *kinds, page[1])
    links = _links(simulator, realm)
    return [_object(row, links) for row in rows]


def _links(simulator: Simulator, realm: str) -> Links:
    links: Links = defaultdict(list)
    for row in simulator.store.rows("SELECT * FROM links WHERE realm = ?", realm):
        target = {"kind": row["to_kind"], "id": row["to_id"], "amount": amount_text(row["cents"])}
        links[row["from_kind"], row["from_id"]].append(target)
    return links


def _object(row: sqlite3.Row, links: Links) -> Document:
    return {
        "sequence": row["sequence"],
        "kind": row["entity"],
        "id": row["id"],
        "sync_token": row["sync_token"],
        "state": _state(row),
        "active": bool(row["active"]),
        "doc_number": row["doc_number"],
        "name": row["name"],
        "name_id": row["customer_id"],
        "date": row["date"],
        "note": row["note"],
        "total": _amount(row["total"]),
        "balance": _amount(row["balance"]),
        "links": links.get((row["entity"], row["id"]), []),
        "request_id": row["request_id"],
        "made_by": row["made_by"],
        "committed": utc_text(row["committed"]),
        "updated": utc_text(row["updated"]),
        "marker": row["marker"],
        "first_number": row["first_number"],
        "first_total": _amount(row["first_total"]),
    }


def _state(row: sqlite3.Row) -> str:
    if row["status"] == "deleted":
        return "deleted"
    return "voided" if row["note"].startswith("Voided") and not row["total"] else "live"


def _amount(value: Any) -> str | None:
    """A number as SQLite reads it out of JSON, to the cent."""
    return None if value is None else amount_text(round(float(value) * 100))


def sightings(simulator: Simulator, text: str) -> Document:
    """The objects and the requests that hold a text, by company."""
    realms: dict[str, dict[str, list[Any]]] = {}
    objects = simulator.store.rows(
        "SELECT realm, entity, id FROM objects WHERE instr(body, ?) > 0 "
        "OR instr(coalesce(last_body, ''), ?) > 0 ORDER BY rowid",
        text,
        text,
    )
    for row in objects:
        found = realms.setdefault(row["realm"], {"objects": [], "requests": []})
        found["objects"].append({"kind": row["entity"], "id": row["id"]})
    requests = simulator.store.rows(
        "SELECT realm, sequence FROM requests WHERE instr(body, ?) > 0 OR instr(query, ?) > 0 "
        "OR instr(request_id, ?) > 0 ORDER BY sequence",
        text,
        text,
        text,
    )
    for row in requests:
        found = realms.setdefault(row["realm"], {"objects": [], "requests": []})
        found["requests"].append(row["sequence"])
    return {"text": text, "realms": realms}
