"""Recordings of documents that need a scene of their own: credits, journals, deposits, files."""

from tests.contracts.playing import RECORDINGS, compare, play
from tests.contracts.scenes import Scene
from tests.contracts.shapes import differences


def pdf(running, recording):
    scene = Scene(running, recording)
    made = scene.make("Invoice", RECORDINGS["nango-2026/create-invoice"].body["Invoice"])
    company = scene.company
    headers = {"Authorization": f"Bearer {company.tokens['access_token']}"}
    headers["Accept"] = "application/pdf"
    path = f"/v3/company/{company.realm}/invoice/{made['Id']}/pdf"
    answer = running.send("GET", path, headers=headers)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.text.startswith("%PDF-1.4")


def batch(running, recording):
    """A batch of four: a create, two that are refused, and a query."""
    scene = Scene(running, recording)
    company = scene.company
    [found] = [each for each in recording.body["BatchItemResponse"] if "QueryResponse" in each]
    made = [scene.make("SalesReceipt", row) for row in found["QueryResponse"]["SalesReceipt"]]
    [update] = [each for each in recording.sent["BatchItemRequest"] if each["bId"] == "bid3"]
    key = {"Id": made[0]["Id"], "SyncToken": "0", "sparse": True}
    company.post("SalesReceipt", {**key, "PrivateNote": "meanwhile"})
    update["SalesReceipt"]["Id"] = made[0]["Id"]
    compare(recording, company.call("POST", "batch", recording.sent))


def journal_number(running, recording):
    """A company that warns of journal numbers used twice names the entry that has it."""
    plain = Scene(running, recording).company
    company = type(plain)(running, country="US", warn_of_journal_numbers=True)
    sides = [("Debit", company.account("6100")), ("Credit", company.account("1000"))]
    lines = [
        {
            "Amount": 5,
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": account}},
        }
        for side, account in sides
    ]
    body = {"DocNumber": "AA_2025-07_7676ce", "Line": lines}
    first = company.post("JournalEntry", body)
    item = {"bId": "JournalEntry||...", "operation": "create", "JournalEntry": body}
    answer = company.call("POST", "batch", {"BatchItemRequest": [item]}).body
    wanted = recording.body["BatchItemResponse"][0]
    error = wanted["Fault"]["Error"][0]
    error["Detail"] = error["Detail"].replace("TxnId=3632", f"TxnId={first['Id']}")
    assert answer["BatchItemResponse"] == [wanted]


def journal_form(running, recording):
    """Two errors of form come together; nothing was recorded of the request."""
    company = Scene(running, recording).company
    detail = {"PostingType": "Debit"}
    line = {"Amount": 1, "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": detail}
    body = {"DocNumber": "X" * 45, "Line": [line]}
    answer = company.call("POST", "journalentry", body)
    assert answer.status == recording.status
    assert answer.body["Fault"] == recording.body["Fault"]


def reported(running, recording):
    """A report as recorded: of nothing, or of two invoices and a sales receipt."""
    scene = Scene(running, recording)
    name, asked = recording.request["path"].split("/")[-1], dict(recording.request["query"])
    if name == "GeneralLedger":
        body = RECORDINGS["nango-2026/create-invoice"].body["Invoice"]
        made = [scene.make("Invoice", {**body, "TxnDate": "2020-09-29"}) for _each in range(2)]
        receipt = RECORDINGS["minimul-qbo_api/update__sales_receipt__1"].body["SalesReceipt"]
        scene.make("SalesReceipt", receipt)
        assert len({each["DocNumber"] for each in made}) == 2
        scene.booked.truck("2020-08-01")
        header = recording.body["Header"]
        asked.update(start_date=header["StartPeriod"], end_date=header["EndPeriod"])
    else:
        asked["customer"] = scene.customer({"value": "1"})
    answer = scene.company.call("GET", f"reports/{name}", **asked)
    assert answer.status == recording.status
    recorded, answered = recording.body, answer.body
    assert list(answered) == list(recorded)
    assert differences(recorded["Columns"], answered["Columns"]) == []
    assert differences(recorded["Rows"], answered["Rows"]) == []
    if name == "ProfitAndLoss":
        assert differences(recorded["Header"], answered["Header"]) == []
        assert list(answered["Header"]) == list(recorded["Header"])
        assert answered["Rows"] == recorded["Rows"]
        assert answered["Columns"] == recorded["Columns"]
        assert answered["Header"]["Option"] == recorded["Header"]["Option"]


def credited(running, recording):
    """All recorded payments, the one that the company made to link a credit among them."""
    rows = recording.body["QueryResponse"]["Payment"]
    assert [row["TotalAmt"] for row in rows if _links_credit(row)] == [0]
    deposited = [row for row in rows if row.get("LinkedTxn")]
    for row in rows:
        row.pop("LinkedTxn", None)
    assert deposited
    scene = Scene(running, recording)
    compare(recording, play(scene))
    [made] = [row for row in scene.company.rows("Payment") if _links_credit(row)]
    assert "DepositToAccountRef" not in made
    assert made["UnappliedAmt"] == 0


def _links_credit(row):
    kinds = [link["TxnType"] for line in row["Line"] for link in line.get("LinkedTxn", [])]
    return "CreditMemo" in kinds


def australian(running, recording):
    """A stored invoice, made again from what a request would have carried."""
    scene = Scene(running, recording)
    row = recording.body["Invoice"]
    made = scene.make("Invoice", row)
    if row["LinkedTxn"]:
        scene.company.bookkeeper("receive_payment", invoice_ids=[made["Id"]])
    answer = scene.company.call("GET", f"invoice/{made['Id']}")
    ours = answer.body["Invoice"]
    assert differences(row, ours) == []
    if row["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]["TaxPercent"] != 15:
        for name in ("TotalAmt", "Balance", "SyncToken"):
            assert ours[name] == row[name]
        assert ours["TxnTaxDetail"]["TotalTax"] == row["TxnTaxDetail"]["TotalTax"]
        amounts = [(line["Amount"], _price(line)) for line in row["Line"]]
        assert [(line["Amount"], _price(line)) for line in ours["Line"]] == amounts


def _price(line):
    return line.get("SalesItemLineDetail", {}).get("UnitPrice")


def missing_tax_code(running, recording):
    company = Scene(running, recording).company
    company = type(company)(running, country="AU")
    company.post("Customer", {"DisplayName": "Without tax"})
    body = {**recording.sent, "CustomerRef": {"value": "1"}}
    body["Line"][0]["SalesItemLineDetail"]["ItemRef"]["value"] = "1"
    answer = company.call("POST", "invoice", body)
    compare(recording, answer)
    said = answer.body["Fault"]["Error"][0]["Detail"]
    recorded = recording.body["Fault"]["Error"][0]["Detail"]
    assert said == recorded.replace("GST/HST", "GST")


def duplicate_number(running, recording):
    company = type(Scene(running, recording).company)(running, country="AU")
    company.post("Customer", {"DisplayName": "Twice"})
    line = {"Amount": 1, "DetailType": "SalesItemLineDetail"}
    line["SalesItemLineDetail"] = {"TaxCodeRef": {"value": "10"}}
    body = {"CustomerRef": {"value": "1"}, "DocNumber": "D-1", "Line": [line]}
    first = company.post("Invoice", body)
    answer = company.call("POST", "invoice", body)
    compare(recording, answer)
    detail = answer.body["Fault"]["Error"][0]["Detail"]
    assert detail.endswith(f"DocNumber=D-1 is assigned to TxnType=Invoice with TxnId={first['Id']}")


def deposited(running, recording):
    company = type(Scene(running, recording).company)(running, country="AU")
    company.post("Customer", {"DisplayName": "Banked"})
    payment = company.post("Payment", {"CustomerRef": {"value": "1"}, "TotalAmt": 5})
    company.bookkeeper("deposit", payment_ids=[payment["Id"]], account_number="1100")
    body = {"Id": payment["Id"], "SyncToken": "1", "sparse": True, "PrivateNote": "x"}
    answer = company.call("POST", "payment", body)
    answered = answer.body
    answered["Fault"]["Error"][0].pop("element", None)
    assert answer.status == 400
    assert answered["Fault"] == recording.body["Fault"]


def uploaded(scene, recording):
    """The recorded upload, sent byte by byte but for the invoice it names."""
    row = RECORDINGS["nango-2026/create-invoice"].body["Invoice"]
    invoice = scene.make("Invoice", row)["Id"]
    sent = recording.request["body"].replace(
        '"Invoice","value":"75"', f'"Invoice","value":"{invoice}"'
    )
    company = scene.company
    headers = {"Authorization": f"Bearer {company.tokens['access_token']}"}
    headers["Content-Type"] = recording.request["headers"]["Content-Type"]
    headers["Accept"] = "application/json"
    path = f"/v3/company/{company.realm}/upload"
    return company.running.send("POST", path, sent.encode(), headers)


def attachment(running, recording):
    """Upload, read or delete, as the name of the recording says."""
    creation = RECORDINGS["minimul-qbo_api/attachment__create_for_invoice"]
    scene = Scene(running, recording)
    if recording.request["path"].endswith("upload"):
        answer = uploaded(scene, recording)
        compare(recording, answer)
        if "Fault" in recording.body["AttachableResponse"][0]:
            answered = answer.body["AttachableResponse"]
            assert answered == recording.body["AttachableResponse"]
        return
    [made] = uploaded(scene, creation).body["AttachableResponse"]
    identifier = made["Attachable"]["Id"]
    if recording.request["method"] == "GET":
        compare(recording, scene.company.call("GET", f"attachable/{identifier}"))
        return
    body = {"Id": identifier}
    compare(recording, scene.company.call("POST", "attachable", body, operation="delete"))


DOCUMENTS = {
    "minimul-qbo_api/get_pdf__invoice": pdf,
    "nango-2026/payments": credited,
    "minimul-qbo_api/batch__basic": batch,
    "minimul-qbo_api/reports__gl": reported,
    "minimul-qbo_api/reports__profit_and_loss": reported,
    "issue-quoted/fault-6140-duplicate-docnumber-journalentry": journal_number,
    "issue-quoted/fault-2050-and-2020-two-errors": journal_form,
    "issue-quoted/fault-6000-canada-missing-tax-code": missing_tax_code,
    "issue-quoted/fault-6140-duplicate-docnumber-invoice": duplicate_number,
    "issue-quoted/fault-6540-deposited-payment": deposited,
    **dict.fromkeys(
        (
            "minimul-qbo_api/attachment__create_for_invoice",
            "minimul-qbo_api/attachment__delete_attachment",
            "minimul-qbo_api/attachment__error_estimate",
            "minimul-qbo_api/attachment__read_attachment",
        ),
        attachment,
    ),
}
DOCUMENT_FOLDERS = {"au-sandbox-2021": australian}
