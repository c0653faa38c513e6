"""Whatever people and apps do, in whatever order, the laws of bookkeeping hold."""

import os
from decimal import Decimal

import pytest

from tests.simulator.walk import KINDS, Walk, owner_of

STEPS = int(os.environ.get("ASCORA_WALK_STEPS", "80"))
SEEDS = os.environ.get("ASCORA_WALK_SEEDS", "1 2").split()
PACE = 4
STORED = {"Check": "Purchase", "Expense": "Purchase"}
BY_TAX = {"Invoice": -1, "SalesReceipt": -1, "CreditMemo": 1, "RefundReceipt": 1}


def money(company, number):
    accounts = company.control("trial-balance")["accounts"]
    return sum(Decimal(each["balance"]) for each in accounts if each["number"] == number)


def laid(payments):
    """What payments lay on each document."""
    sums = {}
    for payment in payments:
        for line in payment["Line"]:
            each = line["LinkedTxn"][0]
            key = (STORED.get(each["TxnType"], each["TxnType"]), each["TxnId"])
            sums[key] = sums.get(key, 0) + line["Amount"]
    return sums


def report_total(company, name):
    rows = company.call("GET", f"reports/{name}").body["Rows"]["Row"]
    return [each["value"] for each in rows[-1]["Summary"]["ColData"]]


def assert_lawful(walk):
    rows = {kind: {each["Id"]: each for each in walk.rows(kind)} for kind in KINDS}
    assert walk.company.control("trial-balance")["total"] == "0.00"
    assert_applied(walk, rows)
    assert_accounts(walk, rows)
    assert_reports(walk.company)


def assert_applied(walk, rows):
    """What is open is what no payment was laid on, and nobody pays for a stranger."""
    sums = laid(rows["Payment"].values())
    for kind in ("Invoice", "CreditMemo"):
        for each in rows[kind].values():
            used = sums.get((kind, each["Id"]), 0)
            assert each["Balance"] == each["TotalAmt"] - used >= 0, (kind, each["Id"])
            assert kind == "Invoice" or each["RemainingCredit"] == each["Balance"]
    for payment in rows["Payment"].values():
        assert_covered(payment)
        for kind, identifier in laid([payment]):
            owner = owner_of(rows[kind][identifier])
            assert payment["CustomerRef"]["value"] in (owner, walk.payer_of(owner))


def assert_covered(payment):
    """Money and credits together cover what a payment pays."""
    signs = {"CreditMemo": 1}
    parts = [
        signs.get(line["LinkedTxn"][0]["TxnType"], -1) * line["Amount"] for line in payment["Line"]
    ]
    assert payment["UnappliedAmt"] == payment["TotalAmt"] + sum(parts) >= 0, payment["Id"]


def assert_accounts(walk, rows):
    """Receivables, GST and Undeposited Funds stand at what the documents say."""
    customers = walk.rows("Customer")
    assert sum(each["Balance"] for each in customers) == money(walk.company, "1200")
    tax = [
        sign * each.get("TxnTaxDetail", {}).get("TotalTax", 0)
        for kind, sign in BY_TAX.items()
        for each in rows[kind].values()
    ]
    assert sum(tax) == money(walk.company, "2200")
    received = [*rows["Payment"].values(), *rows["SalesReceipt"].values()]
    waiting = [
        each["TotalAmt"]
        for each in received
        if {link["TxnType"] for link in each.get("LinkedTxn", [])} != {"Deposit"}
        and each.get("DepositToAccountRef", {}).get("value") == walk.accounts["1190"]
    ]
    assert sum(waiting) == money(walk.company, "1190")


def assert_reports(company):
    assert Decimal(report_total(company, "AgedReceivables")[-1]) == money(company, "1200")
    debit, credit = report_total(company, "TrialBalance")[1:]
    assert debit == credit


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_people_do_the_books_agree_with_the_documents(sydney, seed):
    walk = Walk(sydney, seed)
    for number in range(1, STEPS + 1):
        walk.step()
        if number % PACE == 0:
            assert_lawful(walk)
    assert sum(taken for *_what, taken in walk.done) > STEPS / 4
