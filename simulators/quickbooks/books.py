"""One company's books: what entity rules may ask of the store and of each other."""

import sqlite3
from decimal import Decimal

from simulators.quickbooks import faults, posting
from simulators.quickbooks.clock import stamp
from simulators.quickbooks.company import Company
from simulators.quickbooks.entities.registry import ENTITIES
from simulators.quickbooks.entries import entered
from simulators.quickbooks.serialise import cents, money, read, write
from simulators.quickbooks.store import Document

FIRST_NUMBER = 1000
OWNERS = ("CustomerRef", "VendorRef", "EntityRef")
NUMBERED = ("Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt")
SHOWN_AS = {"BillPayment": "BillPaymentCheck"}
SAID = ("DocNumber", "PrivateNote", "Note", "Notes", "TotalAmt")
KIND_OF = dict.fromkeys(("Expense", "Check", "CreditCardCredit"), "Purchase")


class Books(Company):
    """A view of one realm during one request."""

    def rows_of(self, entity: str) -> list[sqlite3.Row]:
        """All rows of an entity that still exist."""
        return self.store.rows(
            "SELECT * FROM objects WHERE realm = ? AND entity = ? AND status = 'live' "
            "ORDER BY number",
            self.realm,
            entity,
        )

    def live_rows(self, entity: str) -> list[Document]:
        """All documents of an entity as stored."""
        return [read(row["body"]) for row in self.rows_of(entity)]

    def all_documents(self, entity: str) -> list[Document]:
        """All documents of an entity as reading shows them."""
        documents = self.live_rows(entity)
        ENTITIES[entity].overlay(self, documents)
        return documents

    def row(self, entity: str, identifier: str) -> sqlite3.Row | None:
        """The row of one object, if it was not deleted."""
        return self.store.row(
            "SELECT * FROM objects WHERE realm = ? AND entity = ? AND id = ? AND status = 'live'",
            self.realm,
            entity,
            identifier,
        )

    def find(self, entity: str, identifier: str) -> Document | None:
        """One object as stored, or None."""
        row = self.row(entity, identifier)
        return read(row["body"]) if row else None

    def get(self, entity: str, identifier: str) -> Document:
        """One object that a reference names: 2500 if missing, 610 if inactive."""
        row = self.row(entity, str(identifier))
        if row is None:
            raise faults.bad_reference(ENTITIES[entity].words or entity, str(identifier))
        if not row["active"]:
            raise faults.not_found()
        document: Document = read(row["body"])
        return document

    def by_name(self, entity: str, name: str) -> sqlite3.Row | None:
        """The object that holds a name, whatever its case."""
        return self.store.row(
            "SELECT * FROM objects WHERE realm = ? AND entity = ? AND name_key = ? "
            "AND status = 'live'",
            self.realm,
            entity,
            name.lower(),
        )

    def by_number(self, entity: str, number: str) -> sqlite3.Row | None:
        """The object that holds a document or account number."""
        return self.store.row(
            "SELECT * FROM objects WHERE realm = ? AND entity = ? AND doc_number = ? "
            "AND status = 'live'",
            self.realm,
            entity,
            str(number),
        )

    def account(self, number: str) -> str:
        """The id of the account with a number."""
        row = self.by_number("Account", number)
        if row is None:
            raise faults.bad_reference("Accounts", number)
        return str(row["id"])

    def account_of_subtype(self, subtype: str) -> str:
        """The id of the account of a subtype that there is one of."""
        found = [each for each in self.live_rows("Account") if each["AccountSubType"] == subtype]
        return str(found[0]["Id"])

    def account_number(self, identifier: str) -> str:
        """The number of an account, by its id."""
        row = self.row("Account", identifier)
        return str(row["doc_number"]) if row else ""

    def balances(self) -> dict[str, int]:
        """Cents per account, debit positive."""
        return posting.balances(self)

    def sales_rates(self, code: str) -> list[tuple[str, Decimal]]:
        """The sales rates of a tax code; a code without any is not valid for sales."""
        return self._rates(code, "Sales")

    def purchase_rates(self, code: str) -> list[tuple[str, Decimal]]:
        """The purchase rates of a tax code; a code without any is not valid for purchases."""
        return self._rates(code, "Purchase")

    def _rates(self, code: str, side: str) -> list[tuple[str, Decimal]]:
        row = self.row("TaxCode", code)
        if row is None:
            raise faults.bad_reference("Tax codes", code)
        if not row["active"]:
            raise faults.not_found()
        details = read(row["body"]).get(f"{side}TaxRateList", {}).get("TaxRateDetail", [])
        if not details:
            detail = f"The tax code has no {side.lower()} tax rate."
            raise faults.rule("6470", "Tax rate missing", detail)
        identifiers = [detail["TaxRateRef"]["value"] for detail in details]
        return [(each, self._rate(each)) for each in identifiers]

    def _rate(self, identifier: str) -> Decimal:
        return Decimal(str((self.find("TaxRate", identifier) or {}).get("RateValue", 0)))

    def line_tax_us(self, detail: Document) -> str:
        """TAX or NON for a line that names none, from its item (field guide 9.3)."""
        item = self.find("Item", detail["ItemRef"]["value"])
        return "TAX" if item and item.get("Taxable") else "NON"

    def sales_item(self, reference: Document | None) -> Document:
        """The item of a line; without one the company's default item."""
        identifier = str((reference or {}).get("value") or self.facts["default_item"])
        item = self.get("Item", identifier)
        if item["Type"] == "Category":
            raise faults.category_on_line(item["Name"])
        return item

    def next_document_number(self) -> str:
        """The next number of the series that sales documents share."""
        while True:
            number = str(FIRST_NUMBER + self.store.next_number(self.realm, "document"))
            if not any(self.by_number(kind, number) for kind in NUMBERED):
                return number

    def refuse_closed(self, draft: Document, previous: Document | None) -> None:
        """6210 where the old or the new date lies in a closed period."""
        closed = self.facts.get("close_date")
        dates = (draft.get("TxnDate") or self.today(), (previous or {}).get("TxnDate"))
        if closed and any(each and each <= closed for each in dates):
            raise faults.books_closed()

    def same_payer(self, owner: str, payer: str) -> bool:
        """Whether a payment of one customer may pay another's invoice: itself or its jobs."""
        if owner == payer:
            return True
        parent = (self.find("Customer", owner) or {}).get("ParentRef", {}).get("value")
        return bool(parent) and self.same_payer(parent, payer)

    def own_link(self, kind: str, identifier: str, to_kind: str, to_id: str) -> int:
        """What a document has already laid on another."""
        row = self.store.row(
            "SELECT coalesce(sum(cents), 0) AS cents FROM links WHERE realm = ? AND from_kind = ? "
            "AND from_id = ? AND to_kind = ? AND to_id = ?",
            self.realm,
            kind,
            identifier,
            to_kind,
            to_id,
        )
        return int(row["cents"]) if row else 0

    def applied_to(self, kind: str, identifier: str) -> int:
        """What has been laid on a document."""
        rows = self.links_to(kind, identifier)
        return sum(int(row["cents"]) for row in rows)

    def open_of(self, kind: str, document: Document) -> int:
        """How much can still be laid on a document."""
        return ENTITIES[kind].open_amount(self, document)

    def links_to(self, kind: str, identifier: str) -> list[sqlite3.Row]:
        """Who is laid on a document."""
        return self.store.rows(
            "SELECT * FROM links WHERE realm = ? AND to_kind = ? AND to_id = ? ORDER BY rowid",
            self.realm,
            kind,
            identifier,
        )

    def payments_of(self, kind: str, identifier: str) -> list[Document]:
        """LinkedTxn of a document."""
        return [
            {"TxnId": row["from_id"], "TxnType": SHOWN_AS.get(row["from_kind"], row["from_kind"])}
            for row in self.links_to(kind, identifier)
        ]

    def deposit_of(self, identifier: str, kind: str = "Payment") -> str:
        """The deposit a payment or sales receipt lies in, or nothing."""
        rows = self.links_to(kind, identifier)
        return str(rows[0]["from_id"]) if rows else ""

    def relink(
        self, kind: str, identifier: str, lines: list[Document], *, untouched: str = ""
    ) -> None:
        """Replace what a document is laid on, and let every other target see it."""
        before = self.store.rows(
            "SELECT to_kind, to_id, cents FROM links WHERE realm = ? AND from_kind = ? "
            "AND from_id = ?",
            self.realm,
            kind,
            identifier,
        )
        old = {(row["to_kind"], row["to_id"]): int(row["cents"]) for row in before}
        new = _targets(lines)
        self.store.execute(
            "DELETE FROM links WHERE realm = ? AND from_kind = ? AND from_id = ?",
            (self.realm, kind, identifier),
        )
        for (to_kind, to_id), amount in new.items():
            self.store.execute(
                "INSERT INTO links VALUES (?, ?, ?, ?, ?, ?)",
                (self.realm, kind, identifier, to_kind, to_id, amount),
            )
        for target in {**old, **new}:
            if old.get(target) != new.get(target) and target[1] != untouched:
                self._refresh_target(*target)

    def _refresh_target(self, kind: str, identifier: str) -> None:
        """A payment moves the Balance, LinkedTxn and SyncToken of what it is laid on."""
        document = self.find(kind, identifier)
        if document is None:
            return
        definition = ENTITIES[kind]
        definition.relinked(self, document)
        self.write(kind, document, bump=True)
        definition.settle_links(self, document)

    def refresh_customer(self, identifier: str) -> None:
        """Balances of a customer and those above it; the SyncToken does not move."""
        document = self.find("Customer", identifier)
        if document is None:
            return
        row = self.store.row(
            "SELECT coalesce(sum(CASE entity WHEN 'Invoice' THEN json_extract(body, '$.Balance') "
            "WHEN 'CreditMemo' THEN -json_extract(body, '$.Balance') "
            "ELSE -json_extract(body, '$.UnappliedAmt') END), 0) AS open FROM objects "
            "INDEXED BY objects_customer "
            "WHERE realm = ? AND entity IN ('Invoice', 'CreditMemo', 'Payment') "
            "AND status = 'live' "
            "AND customer_id = ?",
            self.realm,
            identifier,
        )
        own = cents(row["open"]) if row else 0
        own += self._refunds(identifier) + entered(self, "Customer", identifier)
        self._set_balance(document, own)

    def _refunds(self, customer: str) -> int:
        """What was paid out to a customer and is not yet laid on a credit of theirs."""
        rows = self.store.rows(
            "SELECT body FROM objects INDEXED BY objects_customer WHERE realm = ? "
            "AND entity = 'Purchase' AND status = 'live' AND customer_id = ?",
            self.realm,
            customer,
        )
        purchase = ENTITIES["Purchase"]
        return sum(purchase.open_amount(self, read(row["body"])) for row in rows)

    def _set_balance(self, document: Document, own: int) -> None:
        before = write([document["Balance"], document["BalanceWithJobs"]])
        children = self.store.rows(
            "SELECT body FROM objects INDEXED BY objects_customer "
            "WHERE realm = ? AND entity = 'Customer' AND status = 'live' AND customer_id = ?",
            self.realm,
            document["Id"],
        )
        below = sum(cents(read(row["body"])["BalanceWithJobs"]) for row in children)
        document.update(Balance=money(own), BalanceWithJobs=money(own + below))
        if write([document["Balance"], document["BalanceWithJobs"]]) != before:
            self.write("Customer", document, bump=False)
        parent = document.get("ParentRef", {}).get("value")
        if parent:
            self.refresh_customer(parent)

    def write(self, entity: str, document: Document, *, bump: bool) -> None:
        """Store an existing object again with a new time and, on bump, a new SyncToken."""
        if bump:
            document["SyncToken"] = str(int(document["SyncToken"]) + 1)
            self.note(entity, document["Id"], "Update")
        document["MetaData"]["LastUpdatedTime"] = stamp(self.moment)
        self.put(entity, document)

    def put(self, entity: str, document: Document) -> None:
        """Write the row of an object."""
        definition = ENTITIES[entity]
        name = document.get("FullyQualifiedName") or document.get(definition.name_field) or ""
        if definition.name_field == "DisplayName":
            name = document["DisplayName"]
        owners = ("ParentRef",) if entity == "Customer" else OWNERS
        owner: Document = next((document[each] for each in owners if document.get(each)), {})
        self.store.execute(
            "INSERT INTO objects (realm, entity, id, number, sync_token, status, active, name_key,"
            " doc_number, customer_id, created, updated, body) "
            "VALUES (?, ?, ?, ?, ?, 'live', ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (realm, entity, id) DO UPDATE SET sync_token = excluded.sync_token, "
            "active = excluded.active, name_key = excluded.name_key, "
            "doc_number = excluded.doc_number, customer_id = excluded.customer_id, "
            "updated = excluded.updated, body = excluded.body",
            (
                self.realm,
                entity,
                document["Id"],
                int(document["Id"]) if document["Id"].isdigit() else 0,
                int(document["SyncToken"]),
                int(document.get("Active", True)),
                str(name).lower(),
                str(document.get("DocNumber") or document.get("AcctNum") or ""),
                owner.get("value", ""),
                self.moment,
                self.moment,
                write(document),
            ),
        )

    def remember_origin(self, entity: str, document: Document) -> None:
        """Who made an object, under which request id, and what it said of itself then."""
        said = {name: document[name] for name in SAID if name in document}
        self.store.execute(
            "INSERT OR REPLACE INTO origins VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                self.realm,
                entity,
                document["Id"],
                self.request_id,
                self.by,
                self.clock.now(),
                write(said),
            ),
        )

    def kind_named(self, name: str) -> str:
        """The kind of a name in whatever case; an unknown one stays as it is."""
        known = {each.lower(): each for each in ENTITIES}
        return known.get(name.lower(), name)

    def note(self, entity: str, identifier: str, operation: str, gone: str = "") -> None:
        """Remember a change for the webhooks, if they tell of this kind at all."""
        if ENTITIES[entity].notifies:
            self.events.append((entity, identifier, operation, gone))


def _targets(lines: list[Document]) -> dict[tuple[str, str], int]:
    targets: dict[tuple[str, str], int] = {}
    for line in lines:
        link = line["LinkedTxn"][0]
        target = (KIND_OF.get(link["TxnType"], link["TxnType"]), link["TxnId"])
        targets[target] = targets.get(target, 0) + cents(line["Amount"])
    return targets
