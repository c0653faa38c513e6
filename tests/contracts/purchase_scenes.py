"""What recorded purchases refer to, made in a simulated company."""

BANK, CARD, SPENT, PAYABLE = "1000", "2150", "6300", "2100"
ACCOUNT_LINE, ITEM_LINE = "AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail"
SPENDING = ("Bill", "VendorCredit", "Purchase")


class Purchases:
    """The purchase side of a scene."""

    def __init__(self, scene):
        self.scene = scene
        self.vendors = {}

    def account(self, number):
        return {"value": self.scene.accounts[number]}

    def mapped(self, entity, body):
        """References of a recorded purchase, changed to objects that the company has."""
        if entity not in (*SPENDING, "BillPayment"):
            return body
        for name in ("VendorRef", "EntityRef"):
            if body.get(name):
                body[name] = {**body[name], "value": self.vendor(body[name])}
        body.update(self.places(body))
        if "Line" in body:
            turn = self.laid if entity == "BillPayment" else self.line
            body["Line"] = [turn(line, body) for line in body["Line"]]
        return body

    def places(self, body):
        """The accounts that pay or are owed."""
        found = {}
        if body.get("APAccountRef"):
            found["APAccountRef"] = self.account(PAYABLE)
        if body.get("AccountRef"):
            found["AccountRef"] = self.account(
                CARD if body["PaymentType"] == "CreditCard" else BANK
            )
        if body.get("CheckPayment"):
            bank = {"BankAccountRef": self.account(BANK)}
            found["CheckPayment"] = {**body["CheckPayment"], **bank}
        if body.get("CreditCardPayment"):
            found["CreditCardPayment"] = {"CCAccountRef": self.account(CARD)}
        return found

    def vendor(self, reference):
        """A vendor that stands for a recorded one."""
        key = reference["value"]
        if key not in self.vendors:
            made = self.scene.company.post("Vendor", {"DisplayName": f"Vendor {key}"})
            self.vendors[key] = made["Id"]
        return self.vendors[key]

    def line(self, line, _body):
        kind = line["DetailType"]
        detail = dict(line[kind])
        if detail.get("CustomerRef"):
            detail["CustomerRef"] = {"value": self.scene.customer(detail["CustomerRef"])}
        if kind == ACCOUNT_LINE:
            detail["AccountRef"] = self.account(SPENT)
        else:
            detail["ItemRef"] = {"value": self.item(detail["ItemRef"])}
        kept = {key: line[key] for key in ("Id", "Amount", "Description") if key in line}
        return {**kept, "DetailType": kind, kind: detail}

    def item(self, reference):
        """An item that can be bought, in place of a recorded one."""
        key = (reference["value"], "bought")
        if key not in self.scene.items:
            body = {"Name": f"Bought {reference['value']}", "Type": "NonInventory"}
            body["ExpenseAccountRef"] = self.account(SPENT)
            self.scene.items[key] = self.scene.company.post("Item", body)["Id"]
        return self.scene.items[key]

    def laid(self, line, body):
        """A bill of the same vendor and amount, for a payment to be laid on."""
        detail = {"AccountRef": self.account(SPENT)}
        spent = {"Amount": line["Amount"], "DetailType": ACCOUNT_LINE, ACCOUNT_LINE: detail}
        bill = {"VendorRef": {"value": body["VendorRef"]["value"]}, "Line": [spent]}
        link = {"TxnId": self.scene.company.post("Bill", bill)["Id"], "TxnType": "Bill"}
        return {"Amount": line["Amount"], "LinkedTxn": [link]}

    def settled(self, entity, row, made):
        """A bill that was paid when it was recorded is paid here too."""
        links = {link["TxnType"] for link in row.get("LinkedTxn", [])}
        if entity != "Bill" or "BillPaymentCheck" not in links:
            return made
        self.scene.company.bookkeeper("pay_bill", bill_ids=[made["Id"]])
        return self.scene.company.read("Bill", made["Id"])
