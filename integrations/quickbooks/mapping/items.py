"""The service items that carry income accounts (field guide 9.2 and 11). Pure."""

from integrations.contracts import ItemDraft, ItemRecord, Kind, RemoteRef
from integrations.quickbooks.mapping.encoding import (
    Json,
    a_name,
    identity_of,
    is_true_at,
    reference,
    text_at,
)

_NOT_FOR_LINES = frozenset({"Category", "Group"})


def item_payload(draft: ItemDraft, *, existing: RemoteRef | None) -> dict[str, object]:
    """A service item; an update points it at its account again and makes it usable."""
    payload: dict[str, object] = {
        "Name": a_name(draft.name),
        "Type": "Service",
        "IncomeAccountRef": reference(draft.income_account_id),
    }
    if existing is None:
        return payload
    return identity_of(existing.id, existing.revision) | payload | {"Active": True}


def item_record(source: Json) -> ItemRecord:
    """An item as it stands there."""
    return ItemRecord(
        ref=RemoteRef(Kind.ITEM, text_at(source, "Id"), text_at(source, "SyncToken")),
        name=text_at(source, "Name"),
        income_account_id=text_at(source, "IncomeAccountRef", "value"),
        is_active=is_true_at(source, "Active", default=True),
        is_sellable=text_at(source, "Type") not in _NOT_FOR_LINES,
    )
