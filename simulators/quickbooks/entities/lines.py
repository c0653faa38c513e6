"""Documents with lines of a quantity, a price and an amount: what sales and purchases share."""

from simulators.quickbooks import faults
from simulators.quickbooks.entities.fields import Document, Entity
from simulators.quickbooks.serialise import cents, decimal, plain

LINE_ORDER = ("Id", "LineNum", "Description", "Amount", "LinkedTxn", "DetailType")


class Lined(Entity):
    """A transaction with lines."""

    family = "transactions"
    is_transaction = True
    numbers_lines = True

    def detail_before(self, line: Document, previous: Document | None) -> Document:
        """The detail of a kept line as it was."""
        for old in (previous or {}).get("Line", []):
            if line.get("Id") and old.get("Id") == line["Id"]:
                detail: Document = old.get(old["DetailType"], {})
                return detail
        return {}

    def amount_of(self, line: Document, detail: Document) -> int:
        """Amount, which must be Qty times UnitPrice where both are given (6070)."""
        quantity, price = detail.get("Qty"), detail.get("UnitPrice")
        for key in ("Qty", "UnitPrice"):
            if detail.get(key) is not None:
                detail[key] = plain(detail[key])
        product = None
        if quantity is not None and price is not None:
            product = cents(decimal(quantity) * decimal(price))
        if line.get("Amount") is None:
            if product is None:
                raise faults.Fault(faults.missing("Amount"))
            return product
        amount = cents(line["Amount"])
        gross = cents(detail["TaxInclusiveAmt"]) if "TaxInclusiveAmt" in detail else amount
        if product is not None and product not in (amount, gross):
            raise faults.amount_mismatch()
        return amount

    def number_lines(self, draft: Document, taken: set[str]) -> None:
        """Keep the ids of kept lines; a line without one gets the next free id."""
        kept = {line["Id"] for line in draft["Line"] if line.get("Id") in taken}
        highest = max([int(identifier) for identifier in taken | {"0"} if identifier.isdigit()])
        for place, line in enumerate(draft["Line"], start=1):
            if line.get("Id") not in kept:
                highest += 1
                line["Id"] = str(highest)
            kept.discard(line["Id"])
            if self.numbers_lines:
                line["LineNum"] = place
            rest = {key: value for key, value in line.items() if key not in LINE_ORDER}
            ordered = {key: line[key] for key in LINE_ORDER if key in line}
            line.clear()
            line.update(ordered)
            line.update(rest)
