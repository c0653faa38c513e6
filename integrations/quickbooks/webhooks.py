"""Webhooks: the signature over the raw body, then hints from both forms (field guide 12)."""

import base64
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from integrations.contracts import BadSignature, Hint
from integrations.quickbooks.mapping.encoding import Json, rows_at, text_at

HEADER = "intuit-signature"
_TYPE_PARTS = 4


def hints_from(
    body: bytes, headers: Mapping[str, str], verifiers: Sequence[str]
) -> tuple[Hint, ...]:
    """Hints of a signed body; an event that cannot be read is left out. Raises BadSignature."""
    given = next((value for name, value in headers.items() if name.lower() == HEADER), "")
    if not any(hmac.compare_digest(signature_of(body, each), given) for each in verifiers if each):
        raise BadSignature
    try:
        told = json.loads(body)
    except ValueError:
        return ()
    if isinstance(told, list):
        return tuple(_cloud_events(row for row in told if isinstance(row, Mapping)))
    return tuple(_legacy(told)) if isinstance(told, Mapping) else ()


def signature_of(body: bytes, verifier: str) -> str:
    """base64 of HMAC-SHA256 of the raw body."""
    return base64.b64encode(hmac.new(verifier.encode(), body, sha256).digest()).decode()


def _cloud_events(events: Iterable[Json]) -> Iterable[Hint]:
    for event in events:
        parts = text_at(event, "type").split(".")
        if len(parts) >= _TYPE_PARTS and parts[0] == "qbo":
            yield Hint(
                event_id=text_at(event, "id"),
                realm=text_at(event, "intuitaccountid"),
                kind=parts[1],
                remote_id=text_at(event, "intuitentityid"),
                operation=parts[2],
            )


def _legacy(told: Json) -> Iterable[Hint]:
    """The old form has no ids: what it says is its identity."""
    for notification in rows_at(told, "eventNotifications"):
        realm = text_at(notification, "realmId")
        for entity in rows_at(notification, "dataChangeEvent", "entities"):
            kind, remote_id = text_at(entity, "name").lower(), text_at(entity, "id")
            operation, changed = (
                text_at(entity, "operation").lower(),
                text_at(entity, "lastUpdated"),
            )
            yield Hint(
                event_id=f"{kind}-{remote_id}-{operation}-{changed}"[:100],
                realm=realm,
                kind=kind,
                remote_id=remote_id,
                operation=operation,
            )
