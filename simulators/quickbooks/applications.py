"""What a payment lays on charges and takes from credits, and how it shrinks when one does."""

from typing import TYPE_CHECKING, Any

from simulators.quickbooks import faults
from simulators.quickbooks.serialise import cents, money

if TYPE_CHECKING:
    import sqlite3

    from simulators.quickbooks.books import Books

Document = dict[str, Any]
CREDITS = ("CreditMemo",)


def is_credit(line: Document) -> bool:
    """Whether a line uses up a credit instead of paying a charge."""
    return line["LinkedTxn"][0]["TxnType"] in CREDITS


def charged(lines: list[Document]) -> int:
    """What the lines pay, in cents."""
    return sum(cents(line["Amount"]) for line in lines if not is_credit(line))


def credited(lines: list[Document]) -> int:
    """What the lines use of credits, in cents."""
    return sum(cents(line["Amount"]) for line in lines if is_credit(line))


def bare(lines: list[Document]) -> list[Document]:
    """Lines as a request carries them."""
    return [{"Amount": line["Amount"], "LinkedTxn": line["LinkedTxn"]} for line in lines]


def fitting(lines: list[Document], total: int) -> list[Document]:
    """Lines shortened from the last one on, until money and credits cover the charges."""
    charges = _within([line for line in lines if not is_credit(line)], total + credited(lines))
    credits_ = _within([line for line in lines if is_credit(line)], charged(charges))
    return [*charges, *credits_]


def _within(lines: list[Document], room: int) -> list[Document]:
    kept = []
    for line in lines:
        share = min(cents(line["Amount"]), room)
        room -= share
        if share:
            kept.append({**line, "Amount": money(share)})
    return kept


def refuse_stranger(books: "Books", kind: str, identifier: str, owner: str) -> None:
    """What payments are laid on stays with a customer whom those payments may serve."""
    for link in books.links_to(kind, identifier):
        payment = books.find("Payment", link["from_id"])
        if payment and not books.same_payer(owner, payment["CustomerRef"]["value"]):
            raise faults.business("You cannot change the customer of a linked transaction.")


def trim_payments(books: "Books", invoice: Document) -> None:
    """An invoice lowered below what is paid frees the rest of its payments and credits."""
    excess = books.applied_to("Invoice", invoice["Id"]) - cents(invoice["TotalAmt"])
    for link in reversed(books.links_to("Invoice", invoice["Id"])):
        if excess <= 0:
            break
        freed = min(excess, int(link["cents"]))
        excess -= freed
        _free(books, link, freed)
    invoice["LinkedTxn"] = books.payments_of("Invoice", invoice["Id"])
    applied = books.applied_to("Invoice", invoice["Id"])
    invoice["Balance"] = money(cents(invoice["TotalAmt"]) - applied)


def _free(books: "Books", link: "sqlite3.Row", freed: int) -> None:
    payment = books.find(link["from_kind"], link["from_id"])
    if payment is None:
        return
    for line in reversed(payment["Line"]):
        if line["LinkedTxn"][0]["TxnId"] == link["to_id"]:
            part = min(freed, cents(line["Amount"]))
            freed -= part
            line["Amount"] = money(cents(line["Amount"]) - part)
    total = cents(payment["TotalAmt"])
    payment["Line"] = fitting(payment["Line"], total)
    left = total + credited(payment["Line"]) - charged(payment["Line"])
    payment["UnappliedAmt"] = money(left)
    books.write(link["from_kind"], payment, bump=True)
    books.relink("Payment", payment["Id"], payment["Line"], untouched=link["to_id"])
