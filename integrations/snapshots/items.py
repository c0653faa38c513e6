"""The service item that carries one income account."""

from ascora.chart.models import LedgerAccount
from ascora.outbox.models import OutboxEntry
from integrations.contracts import ItemDraft
from integrations.errors import NeedsMapping
from integrations.snapshots.outcomes import WHERE, Books, Send, Snapshot, clean

_NAME = 100


def item_name(account: LedgerAccount) -> str:
    """The name of our item for this account, for example "Ascora 4100 Labour Income"."""
    return clean(f"Ascora {account.code} {account.name}", limit=_NAME)


def item_snapshot(books: Books, account: LedgerAccount, entry: OutboxEntry) -> Snapshot:  # noqa: ARG001
    """One service item per income account; one of that name is adopted."""
    if not account.is_active:
        raise NeedsMapping(
            f"The account {account} is no longer active in the books: choose another in {WHERE},"
            " or on the job type, supply or payment method that uses it."
        )
    return Send(ItemDraft(name=item_name(account), income_account_id=account.remote_id))
