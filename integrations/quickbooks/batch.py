"""Several writes in one request: its body, and what its answer says of each. Pure.

QuickBooks carries them out one by one, without a transaction; each has its own document or its own
fault inside an answer of 200 (field guide 5).
"""

from collections.abc import Mapping, Sequence

from integrations.contracts import Kind, Piece, Written
from integrations.errors import OutcomeUnknown
from integrations.quickbooks.entities import ENTITIES
from integrations.quickbooks.faults import Answer, error_of, fault_of
from integrations.quickbooks.mapping.encoding import Json, encode, plain, rows_at, text_at

MOST_ITEMS = 30
OK = 200


def batch_body(pieces: Sequence[Piece]) -> bytes:
    """The pieces in this order, each with the very bytes that it would be sent with alone."""
    if len(pieces) > MOST_ITEMS:
        raise ValueError(f"QuickBooks takes {MOST_ITEMS} at once")
    return b'{"BatchItemRequest":[' + b",".join(_item(piece) for piece in pieces) + b"]}"


def _item(piece: Piece) -> bytes:
    told = encode({"bId": piece.mark, "operation": piece.operation})
    name = encode(ENTITIES[piece.kind].name)
    return told[:-1] + b"," + name + b":" + piece.payload + b"}"


def answers_in(
    answer: Json, kinds: Mapping[str, Kind], *, trace_id: str
) -> dict[str, Written | Exception]:
    """By mark, what became of each piece; of one that is not spoken of nobody knows."""
    rows = rows_at(answer, "BatchItemResponse")
    if not rows:
        message = "QuickBooks answered without the documents."
        raise OutcomeUnknown(message, trace_id=trace_id)
    told = {text_at(row, "bId"): row for row in rows}
    return {mark: _answer_of(told.get(mark, {}), kind, trace_id) for mark, kind in kinds.items()}


def _answer_of(row: Json, kind: Kind, trace_id: str) -> Written | Exception:
    if fault_of(row) is not None:
        refused = Answer(status=OK, body=encode(row).decode(), trace_id=trace_id)
        return error_of(refused, is_write=True)
    document = row.get(ENTITIES[kind].name)
    if not isinstance(document, Mapping):
        return OutcomeUnknown("QuickBooks answered without the document.", trace_id=trace_id)
    try:
        record = ENTITIES[kind].record(document)
    except Exception as error:  # noqa: BLE001 - one unreadable document says nothing of the others
        return error
    return Written(record, trace_id, {"status": OK, "answer": plain(document)})
