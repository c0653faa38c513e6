"""Webhooks: the signature over the raw body, then hints from both forms (field guide 12)."""

import base64
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from integrations.contracts import BadSignature, Hint
from integrations.quickbooks.entities import ENTITIES
from integrations.quickbooks.mapping.encoding import UNREADABLE, Json, rows_at, text_at

HEADER = "intuit-signature"
_KINDS = {entity.name.lower(): str(kind) for kind, entity in ENTITIES.items()}
_TYPE_PARTS = 4
_LONGEST_EVENT, _LONGEST = 100, 40
# The old form says "Create" where the new one says "created".
_PAST = {
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    "merge": "merged",
    "void": "voided",
}


def hints_from(
    body: bytes, headers: Mapping[str, str], verifiers: Sequence[str]
) -> tuple[Hint, ...]:
    """Hints of a signed body; an event that cannot be read is left out. Raises BadSignature."""
    given = next((value for name, value in headers.items() if name.lower() == HEADER), "")
    known = [signature_of(body, each).encode() for each in verifiers if each]
    if not any(hmac.compare_digest(each, given.encode()) for each in known):
        raise BadSignature
    try:
        told = json.loads(body)
    except ValueError:
        return ()
    if isinstance(told, list):
        hints = _cloud_events(row for row in told if isinstance(row, Mapping))
    else:
        hints = _legacy(told) if isinstance(told, Mapping) else ()
    return tuple(hint for hint in hints if _is_sound(hint))


def _is_sound(hint: Hint) -> bool:
    """Names an event, a company and a document, at lengths that can be kept."""
    names = (hint.realm, hint.kind, hint.remote_id)
    is_known = _can_be_kept(hint.event_id, _LONGEST_EVENT)
    return is_known and all(_can_be_kept(name, _LONGEST) for name in names)


def _can_be_kept(name: str, longest: int) -> bool:
    return 0 < len(name) <= longest and name.isprintable() and UNREADABLE not in name


def _kind_of(name: str) -> str:
    """Our name of what it is about; theirs for what we do not keep, such as accounts."""
    return _KINDS.get(name, name)


def _gone_in(told: str) -> str:
    return told if _can_be_kept(told, _LONGEST) else ""


def _short(event_id: str) -> str:
    """The event's own id; its fingerprint when that is longer than can be kept."""
    is_long = len(event_id) > _LONGEST_EVENT
    whole = event_id.encode("utf-8", "surrogatepass")
    return sha256(whole).hexdigest() if is_long else event_id


def signature_of(body: bytes, verifier: str) -> str:
    """base64 of HMAC-SHA256 of the raw body."""
    return base64.b64encode(hmac.new(verifier.encode(), body, sha256).digest()).decode()


def _cloud_events(events: Iterable[Json]) -> Iterable[Hint]:
    for event in events:
        parts = text_at(event, "type").split(".")
        if len(parts) >= _TYPE_PARTS and parts[0] == "qbo":
            yield Hint(
                event_id=_short(text_at(event, "id")),
                realm=text_at(event, "intuitaccountid"),
                kind=_kind_of(parts[1]),
                remote_id=text_at(event, "intuitentityid"),
                operation=parts[2],
                gone_id=_gone_in(text_at(event, "data", "deletedid")),
            )


def _legacy(told: Json) -> Iterable[Hint]:
    """The old form has no ids: what it says is its identity."""
    for notification in rows_at(told, "eventNotifications"):
        realm = text_at(notification, "realmId")
        for entity in rows_at(notification, "dataChangeEvent", "entities"):
            name, remote_id = text_at(entity, "name").lower(), text_at(entity, "id")
            changed = text_at(entity, "lastUpdated")
            said = text_at(entity, "operation").lower()
            operation = _PAST.get(said, said)
            gone = _gone_in(text_at(entity, "deletedId"))
            parts = (name, remote_id, operation, changed, gone)
            yield Hint(
                event_id="-".join(filter(None, parts)),
                realm=realm,
                kind=_kind_of(name),
                remote_id=remote_id,
                operation=operation,
                gone_id=gone,
            )
