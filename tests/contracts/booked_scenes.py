"""What recorded deposits, journal entries and sales receipts refer to."""

BANK, SAVINGS, WAITING, DEBIT, CREDIT = "1000", "1010", "1190", "6100", "4200"
DEPOSIT_LINE, JOURNAL_LINE = "DepositLineDetail", "JournalEntryLineDetail"
SIDES = {"Debit": DEBIT, "Credit": CREDIT}


class Booked:
    """The part of a scene that names accounts by itself."""

    def __init__(self, scene):
        self.scene = scene

    def account(self, number):
        return {"value": self.scene.accounts[number]}

    def mapped(self, entity, body):
        """References of a recorded body, changed to objects that the company has."""
        turn = {"Deposit": self.deposited, "JournalEntry": self.journal}.get(entity)
        if turn is None:
            return body
        body = {**body, "Line": [turn(line) for line in body["Line"]]}
        if entity == "Deposit":
            body["DepositToAccountRef"] = self.account(BANK)
        if body.get("CashBack"):
            body["CashBack"] = {**body["CashBack"], "AccountRef": self.account(SAVINGS)}
        return body

    def journal(self, line):
        detail = dict(line[JOURNAL_LINE])
        detail["AccountRef"] = self.account(SIDES[detail["PostingType"]])
        return {**line, JOURNAL_LINE: detail}

    def deposited(self, line):
        """A line into an account, or money of the same amount that waits."""
        if not line.get("LinkedTxn"):
            return {**line, DEPOSIT_LINE: {"AccountRef": self.account(CREDIT)}}
        kind = line["LinkedTxn"][0]["TxnType"]
        detail = line.get(DEPOSIT_LINE, {})
        body = {"CustomerRef": {"value": self.scene.customer({"value": "payer"})}}
        if detail.get("PaymentMethodRef"):
            body["PaymentMethodRef"] = {"value": "1"}
        if detail.get("CheckNum"):
            body["PaymentRefNum"] = detail["CheckNum"]
        if kind == "Payment":
            body["TotalAmt"] = line["Amount"]
        else:
            sold = {"Amount": line["Amount"], "DetailType": "SalesItemLineDetail"}
            item = {"ItemRef": {"value": self.scene.item({"value": "sold"}, "NON")}}
            body["Line"] = [{**sold, "SalesItemLineDetail": item}]
        made = self.scene.company.post(kind, body)
        link = {"TxnId": made["Id"], "TxnType": kind, "TxnLineId": "0"}
        return {"Amount": line["Amount"], "LinkedTxn": [link]}

    def banked(self, entity, row, made):
        """A sales receipt that lay in a deposit when it was recorded lies in one here too."""
        links = {link["TxnType"] for link in row.get("LinkedTxn", [])}
        if entity != "SalesReceipt" or "Deposit" not in links:
            return made
        link = {"TxnId": made["Id"], "TxnType": entity, "TxnLineId": "0"}
        lines = [{"Amount": made["TotalAmt"], "LinkedTxn": [link]}]
        body = {"DepositToAccountRef": self.account(BANK), "Line": lines}
        self.scene.company.post("Deposit", body)
        return self.scene.company.read(entity, made["Id"])

    def truck(self, day):
        """An account below another that begins with something."""
        parent = {"SubAccount": True, "ParentRef": self.account("1500")}
        made = self.scene.company.post(
            "Account", {"Name": "Original Cost", "AccountType": "Fixed Asset", **parent}
        )
        sides = (("Debit", {"value": made["Id"]}), ("Credit", self.account("3000")))
        lines = [
            {
                "Amount": 13495,
                "DetailType": JOURNAL_LINE,
                JOURNAL_LINE: {"PostingType": side, "AccountRef": account},
            }
            for side, account in sides
        ]
        self.scene.company.post("JournalEntry", {"Line": lines, "TxnDate": day})
