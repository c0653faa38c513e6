"""A company in which people and apps do anything at all, drawn from a seed, right or wrong."""

import json
import random

AMOUNTS = ("0.01", "0.05", "9.99", "33.33", "100", "110", "250.10")
CODES = ("10", "10", "8")
DAYS = ("2026-03-02", "2026-03-20", "2026-03-21")
CLOSED = ("2026-03-10", "", "")
FORMS = ("Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt")
KINDS = (*FORMS, "Payment", "Purchase", "JournalEntry", "Deposit")


def link(kind, identifier, amount):
    return {"Amount": amount, "LinkedTxn": [{"TxnId": identifier, "TxnType": kind}]}


def owner_of(document):
    """The customer whose charge or credit a document is."""
    found = document.get("CustomerRef") or document.get("EntityRef")
    if not found:
        details = [each["JournalEntryLineDetail"] for each in document["Line"]]
        found = next(each["Entity"]["EntityRef"] for each in details if "Entity" in each)
    return found["value"]


class Walk:
    """One step after the other; what is refused must change nothing."""

    def __init__(self, company, seed):
        self.company = company
        self.dice = random.Random(seed)
        self.done = []
        parent = company.post("Customer", {"DisplayName": "Parent"})["Id"]
        job = {"DisplayName": "Job", "Job": True, "ParentRef": {"value": parent}}
        names = company.post("Customer", job | {"BillWithParent": True})["Id"]
        other = company.post("Customer", {"DisplayName": "Other"})["Id"]
        self.customers = (parent, names, other)
        self.parents = {names: parent}
        self.items = (company.item("Labour", "4100"), company.item("Parts", "4210"))
        self.accounts = {
            number: company.account(number) for number in ("1100", "1190", "1200", "3000", "4300")
        }
        self.steps = (
            *(self.sell,) * 4,
            *(self.pay,) * 4,
            self.refund,
            self.enter,
            self.bank,
            *(self.edit,) * 3,
            *(self.end,) * 3,
            self.apply,
            self.take_off,
            self.switch,
            self.close,
        )

    def step(self):
        """Do something; give what was tried and whether it was taken."""
        before = self.state()
        step = self.dice.choice(self.steps)
        self.tried = (step.__name__,)
        taken = step()
        self.done.append((*self.tried, taken))
        if not taken:
            assert self.state() == before, self.done[-5:]

    def payer_of(self, customer):
        return self.parents.get(customer)

    def state(self):
        rows = {kind: self.rows(kind) for kind in (*KINDS, "Customer")}
        return json.dumps([rows, self.company.control("trial-balance")], default=str)

    def rows(self, kind):
        return self.company.rows(kind, "maxresults 1000")

    def make(self, kind, body):
        return self.send(kind, {**body, "TxnDate": self.dice.choice(DAYS)})

    def send(self, kind, body, **parameters):
        self.tried += (kind, body, parameters)
        answer = self.company.call("POST", kind.lower(), body, **parameters)
        assert answer.status in (200, 400), (self.tried, answer.text)
        return answer.status == 200

    def act(self, action, **wish):
        self.tried += (action, wish)
        path = f"/_simulator/companies/{self.company.realm}/bookkeeper/{action}"
        answer = self.company.running.send("POST", path, json.dumps(wish))
        assert answer.status in (200, 400), (self.tried, answer.text)
        return answer.status == 200

    def owner(self):
        return {"CustomerRef": {"value": self.dice.choice(self.customers)}}

    def amount(self):
        return self.dice.choice(AMOUNTS)

    def lines(self):
        return [
            {
                "Amount": self.amount(),
                "DetailType": "SalesItemLineDetail",
                "SalesItemLineDetail": {
                    "ItemRef": {"value": self.dice.choice(self.items)},
                    "TaxCodeRef": {"value": self.dice.choice(CODES)},
                },
            }
            for _each in range(self.dice.randint(1, 3))
        ]

    def sell(self):
        kind = self.dice.choice(("Invoice", "Invoice", *FORMS))
        mode = self.dice.choice(("TaxExcluded", "TaxInclusive", "NotApplicable"))
        body = {**self.owner(), "Line": self.lines(), "GlobalTaxCalculation": mode}
        if kind == "RefundReceipt":
            body["DepositToAccountRef"] = {"value": self.accounts["1100"]}
        return self.make(kind, body)

    def pay(self):
        targets = self.targets()
        if targets and self.dice.random() < 0.7:
            owner = owner_of(self.dice.choice(targets)[1])
            targets = [each for each in targets if owner_of(each[1]) == owner]
        picked = self.dice.sample(targets, min(len(targets), self.dice.randint(0, 4)))
        body = {**self.owner(), "TotalAmt": self.dice.choice((0, 0, *AMOUNTS))}
        if picked and self.dice.random() < 0.8:
            body["CustomerRef"] = {"value": owner_of(picked[0][1])}
        body["Line"] = [
            link(kind, each["Id"], self.dice.choice((each.get("Balance", 1), self.amount())))
            for kind, each in picked
        ]
        if self.dice.random() < 0.6:
            body["TotalAmt"] = max(0, self.needed(body["Line"]))
        return self.make("Payment", body)

    def needed(self, lines):
        signs = [-1 if line["LinkedTxn"][0]["TxnType"] == "CreditMemo" else 1 for line in lines]
        cents = [round(float(line["Amount"]) * 100) for line in lines]
        return sum(sign * each for sign, each in zip(signs, cents, strict=True)) / 100

    def targets(self):
        found = [("Invoice", each) for each in self.rows("Invoice") if each["Balance"]]
        found += [("CreditMemo", each) for each in self.rows("CreditMemo") if each["Balance"]]
        found += [("Check", each) for each in self.rows("Purchase")]
        return found + [("JournalEntry", each) for each in self.rows("JournalEntry")]

    def refund(self):
        detail = {"AccountRef": {"value": self.accounts["1200"]}, "TaxCodeRef": {"value": "11"}}
        name = "AccountBasedExpenseLineDetail"
        line = {"Amount": self.amount(), "DetailType": name, name: detail}
        body = {"PaymentType": "Check", "AccountRef": {"value": self.accounts["1100"]}}
        body["GlobalTaxCalculation"] = "NotApplicable"
        who = {"EntityRef": {"value": self.dice.choice(self.customers), "type": "Customer"}}
        return self.make("Purchase", {**body, **who, "Line": [line]})

    def enter(self):
        return self.make("JournalEntry", {"Line": self.entry()})

    def entry(self):
        sides = self.dice.sample(("Debit", "Credit"), 2)
        amount = self.amount()
        who = {"Type": "Customer", "EntityRef": {"value": self.dice.choice(self.customers)}}
        details = ({"Entity": who}, {})
        numbers = ("1200", "3000")
        return [
            {
                "Amount": amount,
                "DetailType": "JournalEntryLineDetail",
                "JournalEntryLineDetail": {
                    "PostingType": side,
                    "AccountRef": {"value": self.accounts[number]},
                    **detail,
                },
            }
            for side, number, detail in zip(sides, numbers, details, strict=True)
        ]

    def bank(self):
        waiting = [("Payment", each) for each in self.rows("Payment") if each["TotalAmt"]]
        waiting += [("SalesReceipt", each) for each in self.rows("SalesReceipt")]
        picked = self.dice.sample(waiting, min(len(waiting), 2))
        lines = [
            {**link(kind, each["Id"], each["TotalAmt"]), "TxnLineId": "0"} for kind, each in picked
        ]
        detail = {"AccountRef": {"value": self.accounts["4300"]}}
        if self.dice.random() < 0.5:
            more = {"DetailType": "DepositLineDetail", "DepositLineDetail": detail}
            lines.append({"Amount": self.amount(), **more})
        place = {"DepositToAccountRef": {"value": self.accounts["1100"]}}
        return self.make("Deposit", {**place, "Line": lines})

    def picked(self, *kinds):
        kind = self.dice.choice(kinds)
        rows = self.rows(kind)
        return kind, self.dice.choice(rows) if rows else None

    def edit(self):
        kind, document = self.picked(*FORMS, "Payment", "JournalEntry")
        if document is None:
            return False
        body = {"Id": document["Id"], "SyncToken": document["SyncToken"], "sparse": True}
        if kind == "Payment":
            kept = [
                {"Amount": each["Amount"], "LinkedTxn": each["LinkedTxn"]}
                for each in document["Line"]
                if self.dice.random() < 0.7
            ]
            body["Line"] = kept
            if self.dice.random() < 0.3:
                body["TotalAmt"] = self.amount()
        else:
            body["Line"] = self.entry() if kind == "JournalEntry" else self.lines()
            if kind != "JournalEntry" and self.dice.random() < 0.2:
                body |= self.owner()
        return self.send(kind, body)

    def end(self):
        kind, document = self.picked(*KINDS)
        if document is None:
            return False
        way = self.dice.choice(("void", "delete"))
        if self.dice.random() < 0.5:
            return self.act(way, kind=kind, id=document["Id"])
        body = {"Id": document["Id"], "SyncToken": document["SyncToken"]}
        return self.send(kind, body | {"sparse": True}, operation=way)

    def apply(self):
        kinds = (self.picked("CreditMemo")[1], self.picked("Invoice")[1])
        if None in kinds:
            return False
        return self.act("apply_credit", credit_id=kinds[0]["Id"], invoice_id=kinds[1]["Id"])

    def take_off(self):
        _kind, payment = self.picked("Payment")
        return bool(payment) and self.act("unapply", id=payment["Id"])

    def switch(self):
        return self.act("apply_credits", applies_credits=self.dice.random() < 0.5)

    def close(self):
        return self.act("close_books", date=self.dice.choice(CLOSED))
