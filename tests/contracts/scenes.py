"""Brings a simulated company into the state in which an exchange was recorded."""

from decimal import Decimal

from simulators.quickbooks.entities.registry import BY_LOWER, ENTITIES
from tests.contracts.booked_scenes import Booked
from tests.contracts.purchase_scenes import Purchases
from tests.simulator.client import Company

INCOME, EXPENSE, STOCK, BANK = "4200", "5100", "1300", "1000"
ACCOUNT_OF = {"IncomeAccountRef": INCOME, "ExpenseAccountRef": EXPENSE, "AssetAccountRef": STOCK}
SERVER_LINES = ("SubTotalLineDetail",)
SALES = ("Invoice", "CreditMemo", "SalesReceipt")


class Scene:
    """A company of the country of a recording, and what has been put into it."""

    def __init__(self, running, recording):
        self.recording = recording
        australian = recording.name.startswith("au-sandbox")
        new = recording.name.startswith("nango")
        wish = {"country": "AU" if australian else "US", "account_numbers": False}
        wish["sales_field"] = "" if new else "Crew #"
        own = australian or bool(recording.statement)
        self.company = Company(running, own_transaction_numbers=own, **wish)
        self.accounts = {
            row["number"]: row["id"] for row in self.company.control("trial-balance")["accounts"]
        }
        self.customers = {}
        self.items = {}
        self.purchases = Purchases(self)
        self.booked = Booked(self)

    def writable(self, entity, row):
        """The part of a recorded object that a request may carry."""
        body = {}
        for field in ENTITIES[entity].fields:
            value = row.get(field.name)
            if value in (None, {}, []) or field.read_only or field.kind == "ignored":
                continue
            body[field.name] = value
        body.pop("CurrencyRef", None)
        body.pop("LinkedTxn", None)
        body.pop("CustomField", None)
        if body.get("ParentRef"):
            body["ParentRef"] = {"value": self.parent(entity, row)}
        return self.mapped(entity, body)

    def mapped(self, entity, body):
        """References of the recording, changed to objects that this company has."""
        body = dict(body)
        for name, number in ACCOUNT_OF.items():
            if body.get(name):
                body[name] = {"value": self.accounts[number]}
        if body.get("CustomerRef"):
            body["CustomerRef"] = {"value": self.customer(body["CustomerRef"])}
        same = {"SalesTermRef": "4", "TermRef": "4", "PaymentMethodRef": "1"}
        same["DepositToAccountRef"] = self.accounts["1190"]
        body.update({name: {"value": same[name]} for name in same if body.get(name)})
        return self.mapped_lines(entity, body)

    def mapped_lines(self, entity, body):
        """Lines of the recording, and its tax code, changed in the same way."""
        body = self.booked.mapped(entity, self.purchases.mapped(entity, body))
        if "Line" in body and entity in SALES:
            body["Line"] = [line for line in map(self.line, body["Line"]) if line]
        if "Line" in body and entity == "Payment":
            body["Line"] = [self.application(line, body) for line in body["Line"]]
        if entity in SALES and "TxnTaxDetail" in body:
            code = body.pop("TxnTaxDetail").get("TxnTaxCodeRef")
            if code:
                body["TxnTaxDetail"] = {"TxnTaxCodeRef": {"value": "2"}}
        return body

    def parent(self, entity, row):
        """The parent that the full name tells of, made where it is not there yet."""
        name = row["FullyQualifiedName"].rsplit(":", 1)[0]
        field = ENTITIES[entity].name_field
        own = name.rsplit(":", 1)[-1]
        quoted = own.replace("'", "\\'")
        found = self.company.rows(entity, f"where {field} = '{quoted}'")
        if found:
            return found[0]["Id"]
        kind = {key: row[key] for key in ("AccountType", "AccountSubType") if key in row}
        body = {field: own, **kind}
        if ":" in name:
            above = {"FullyQualifiedName": name}
            body["ParentRef"] = {"value": self.parent(entity, {**row, **above})}
        return self.company.post(entity, body)["Id"]

    def customer(self, reference):
        """A customer that stands for a recorded one, with everything that documents take over."""
        key = reference["value"]
        if key not in self.customers:
            body = {"DisplayName": f"Stand-in {key}", **self.customer_details()}
            self.customers[key] = self.company.post("Customer", body)["Id"]
        return self.customers[key]

    def customer_details(self):
        if not isinstance(self.recording.body, dict):
            return {}
        body = self.recording.body
        found = body.get("QueryResponse", {})
        rows = [body[kind] for kind in SALES if kind in body]
        for row in rows or [row for kind in SALES for row in found.get(kind, [])]:
            found = {name: row[name] for name in ("BillAddr", "ShipAddr") if row.get(name)}
            if row.get("BillEmail"):
                found["PrimaryEmailAddr"] = row["BillEmail"]
            return found
        return {}

    def item(self, reference, code):
        """An item that stands for a recorded one; taxable where its line was."""
        key = (reference["value"], code)
        if key not in self.items:
            body = {"Name": f"Item {len(self.items)}", "Type": "Service", "Taxable": code == "TAX"}
            body["IncomeAccountRef"] = {"value": self.accounts[INCOME]}
            self.items[key] = self.company.post("Item", body)["Id"]
        return self.items[key]

    def line(self, line):
        if line["DetailType"] in SERVER_LINES:
            return None
        if line["DetailType"] != "SalesItemLineDetail":
            kept = dict(line)
            kept["DiscountLineDetail"] = {
                key: value
                for key, value in line["DiscountLineDetail"].items()
                if key != "DiscountAccountRef"
            }
            return kept
        detail = line["SalesItemLineDetail"]
        code = detail.get("TaxCodeRef", {}).get("value", "")
        kept = {key: detail[key] for key in detail if key not in ("ItemAccountRef", "ClassRef")}
        kept["ItemRef"] = {"value": self.item(detail["ItemRef"], code)}
        if code.isdigit():
            kept["TaxCodeRef"] = {"value": self.tax_code(line)}
        return {**{key: line[key] for key in line if key in ("Amount", "Description")}} | {
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": kept,
        }

    def tax_code(self, line):
        recorded = self.recording.body["Invoice"]["TxnTaxDetail"]["TaxLine"][0]
        return "8" if recorded["TaxLineDetail"]["TaxPercent"] == 0 else "10"

    def application(self, line, body):
        """A document of the same customer, kind and amount, for a payment to be laid on."""
        amount = Decimal(str(line["Amount"]))
        kind = line["LinkedTxn"][0]["TxnType"]
        detail = {"ItemRef": {"value": self.item({"value": "paid"}, "NON")}}
        sold = {"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
        target = {"CustomerRef": body["CustomerRef"], "Line": [{"Amount": amount, **sold}]}
        made = self.company.post(kind, target)
        return {"Amount": amount, "LinkedTxn": [{"TxnId": made["Id"], "TxnType": kind}]}

    def make(self, entity, row):
        """An object like a recorded one; inactive where that was."""
        body = self.writable(entity, row)
        inactive = body.pop("Active", True) is False
        for name in ("Name", "DisplayName"):
            if name in body:
                body[name] = body[name].removesuffix(" (deleted)")
        made = self.company.post(entity, body)
        if inactive:
            change = {"Id": made["Id"], "SyncToken": made["SyncToken"], "sparse": True}
            made = self.company.post(entity, {**change, "Active": False})
        made = self.booked.banked(entity, row, made)
        return self.purchases.settled(entity, row, made)

    def fill(self, answers):
        """Every row that recorded queries found; gives the ids made for them."""
        rows = [
            (entity, row)
            for answer in answers
            for entity, found in answer.get("QueryResponse", {}).items()
            for row in (found if isinstance(found, list) else [])
        ]
        made = {}
        for entity, row in sorted(rows, key=lambda each: "ParentRef" in each[1]):
            if self.can_make(entity, row) and not self.exists(entity, row):
                made[str(row["Id"])] = self.make(entity, row)["Id"]
        return made

    def can_make(self, entity, row):
        """An invoice of statement charges only has no line that a request could carry."""
        kinds = {line.get("DetailType") for line in row.get("Line", [])}
        return entity not in SALES or "SalesItemLineDetail" in kinds

    def exists(self, entity, row):
        field = ENTITIES[entity].name_field
        if not field or not row.get(field):
            return False
        name = str(row[field]).replace("'", "\\'")
        where = f"where {field} = '{name}' and Active in (true, false)"
        return bool(self.company.rows(entity, where))


def entity_of(recording):
    """The entity that a path names."""
    for part in recording.request.get("path", "").split("/"):
        if part.lower() in BY_LOWER:
            return BY_LOWER[part.lower()].name
    return ""
