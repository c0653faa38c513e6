"""Where an invoice, a credit memo or a payment stands, in one word."""

from simulators.quickbooks.store import Document


def is_void(document: Document) -> bool:
    """Voiding leaves a note and no amount."""
    return not document["TotalAmt"] and document.get("PrivateNote", "").startswith("Voided")


def standing(document: Document, today: str) -> str:
    """Deleted, void, paid, part paid, overdue or open."""
    if document.get("status") == "deleted":
        return "deleted"
    if is_void(document):
        return "void"
    balance = document["Balance"]
    if not balance:
        return "paid"
    if balance < document["TotalAmt"]:
        return "part paid"
    return "overdue" if document.get("DueDate", today) < today else "open"


def credit_standing(document: Document) -> str:
    """Deleted, void, open, part used or used."""
    if document.get("status") == "deleted":
        return "deleted"
    if is_void(document):
        return "void"
    if not document["Balance"]:
        return "used"
    return "open" if document["Balance"] == document["TotalAmt"] else "part used"


def payment_standing(document: Document) -> str:
    """Deleted, void, deposited, or received with or without something left to apply."""
    if document.get("status") == "deleted":
        return "deleted"
    if is_void(document):
        return "void"
    if document.get("LinkedTxn"):
        return "deposited"
    return "part applied" if document["UnappliedAmt"] else "received"
