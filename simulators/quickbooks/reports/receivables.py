"""AgedReceivables and CustomerBalance: who owes what on a day, and since when."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from simulators.quickbooks.applications import CREDITS
from simulators.quickbooks.books import KIND_OF, Books
from simulators.quickbooks.entries import touched
from simulators.quickbooks.reports.tables import (
    Document,
    Period,
    cell,
    columns,
    data,
    day_of,
    header,
    money_cell,
    total,
)
from simulators.quickbooks.serialise import cents, read

AGES = (("Current", "current"), ("1 - 30", "0"), ("31 - 60", "1"), ("61 - 90", "2"))
OLDEST = ("91 and over", "3")
Key = tuple[str, str]


def open_items(books: Books, day: str) -> list[tuple[str, str, int]]:
    """Customer, due date and cents of every document that was open at the end of a day."""
    rows = books.store.rows(
        "SELECT j.document_kind, j.document_id, sum(j.cents) AS cents, o.body FROM journal j "
        "JOIN objects o ON o.realm = j.realm AND o.entity = j.document_kind "
        "AND o.id = j.document_id WHERE j.realm = ? AND j.superseded = 0 AND j.account_id = ? "
        "AND j.date <= ? GROUP BY j.document_kind, j.document_id",
        books.realm,
        books.receivable(),
        day,
    )
    left: dict[Key, int] = {}
    documents: dict[Key, Document] = {}
    for row in rows:
        key = (row["document_kind"], row["document_id"])
        left[key], documents[key] = int(row["cents"]), read(row["body"])
    for payment in books.live_rows("Payment"):
        if payment["TxnDate"] <= day:
            documents.setdefault(("Payment", payment["Id"]), payment)
            _apply(payment, left)
    return [
        (_owner(books, documents[key]), _due(documents[key]), amount)
        for key, amount in left.items()
        if amount
    ]


def _apply(payment: Document, left: dict[Key, int]) -> None:
    """Move what a payment lays on documents of that day from it to them."""
    own = ("Payment", payment["Id"])
    for line in payment["Line"]:
        link = line["LinkedTxn"][0]
        target = (KIND_OF.get(link["TxnType"], link["TxnType"]), link["TxnId"])
        if target not in left:
            continue
        moved = cents(line["Amount"]) * (1 if link["TxnType"] in CREDITS else -1)
        left[target] += moved
        left[own] = left.get(own, 0) - moved


def _owner(books: Books, document: Document) -> str:
    reference = document.get("CustomerRef") or document.get("EntityRef") or {}
    return str(reference.get("value") or min(touched(books, document)["Customer"], default=""))


def _due(document: Document) -> str:
    return str(document.get("DueDate") or document["TxnDate"])


def _age(due: str, day: str) -> int:
    """Which column: not due yet, or how many times thirty days it is late."""
    late = (date.fromisoformat(day) - date.fromisoformat(due)).days
    return 0 if late <= 0 else min((late - 1) // 30, len(AGES) - 1) + 1


def _day(books: Books, asked: Mapping[str, str]) -> str:
    text = asked.get("report_date") or asked.get("end_date")
    return day_of("report_date", text) if text else books.today()


def _by_customer(books: Books, asked: Mapping[str, str], day: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for customer, due, amount in open_items(books, day):
        if asked.get("customer", customer) == customer:
            ages = found.setdefault(customer, [0] * (len(AGES) + 1))
            ages[_age(due, day)] += amount
    return found


def aged_receivables(books: Books, asked: Mapping[str, str]) -> Document:
    """What each customer owes, by how late it is."""
    day = _day(books, asked)
    found = _by_customer(books, asked, day)
    titles = [(title, "Money", key) for title, key in (*AGES, OLDEST)]
    named = columns(("", "Customer", "Customer"), *titles, ("Total", "Money", "total"))
    amounts = {customer: [*ages, sum(ages)] for customer, ages in found.items()}
    options = [{"Name": "report_date", "Value": day}]
    return _table(books, "AgedReceivables", day, named, amounts, options=options)


def customer_balance(books: Books, asked: Mapping[str, str]) -> Document:
    """What each customer owes."""
    day = _day(books, asked)
    found = _by_customer(books, asked, day)
    named = columns(("", "Customer", "Customer"), ("Total", "Money", "total"))
    amounts = {customer: [sum(ages)] for customer, ages in found.items() if sum(ages)}
    return _table(books, "CustomerBalance", day, named, amounts)


def _table(
    books: Books,
    name: str,
    day: str,
    named: Document,
    amounts: dict[str, list[int]],
    **more: Any,
) -> Document:
    titles = {who: (books.find("Customer", who) or {}).get("DisplayName", "") for who in amounts}
    rows = [
        data(cell(titles[who], who), *map(money_cell, amounts[who]))
        for who in sorted(amounts, key=lambda each: titles[each].lower())
    ]
    sums = [sum(each) for each in zip(*amounts.values(), strict=True)]
    width = len(named["Column"]) - 1
    closing = [money_cell(each, blank=False) for each in sums or [0] * width]
    period = Period(day, day)
    return {
        "Header": header(books, name, period, empty=not rows, SummarizeColumnsBy="Total", **more),
        "Columns": named,
        "Rows": {"Row": [*rows, total("GrandTotal", cell("TOTAL"), *closing)]},
    }
