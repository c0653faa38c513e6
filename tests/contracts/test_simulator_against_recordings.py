"""Every recorded exchange that the simulator implements, sent again and compared."""

import base64
import json

import pytest

from simulators.quickbooks.webhooks import Event, render, sign
from tests.contracts.recordings import FOLDER, NOT_YET, load
from tests.contracts.scenes import SALES, Scene, entity_of
from tests.contracts.shapes import differences, format_differences
from tests.simulator.client import Running

RECORDINGS = load()
IMPLEMENTED = sorted(set(RECORDINGS) - set(NOT_YET))
if not RECORDINGS:
    pytest.skip(
        f"NO RECORDED EXCHANGES at {FOLDER}: the simulator's fidelity is NOT TESTED",
        allow_module_level=True,
    )


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    started = Running(tmp_path_factory.mktemp("fidelity") / "books.sqlite3")
    yield started
    started.stop()


def test_every_recording_is_either_implemented_or_listed_with_a_reason(record_property):
    record_property("recorded_in_all", len(RECORDINGS))
    assert set(NOT_YET) <= set(RECORDINGS)
    assert all(NOT_YET.values())
    assert len(IMPLEMENTED) + len(NOT_YET) == len(RECORDINGS)
    assert len(IMPLEMENTED) >= 100


@pytest.mark.parametrize("name", IMPLEMENTED)
def test_the_simulator_answers_as_recorded(name, running, record_property):
    record_property("recording", name)
    recording = RECORDINGS[name]
    folder = name.split("/")[0]
    special = SPECIAL.get(name) or FOLDERS.get(folder)
    if special:
        special(running, recording)
        return
    compare(recording, play(Scene(running, recording)))


def play(scene):
    """Seed what the recording needs, then send what was sent."""
    recording = scene.recording
    if recording.statement:
        return play_query(scene)
    if recording.request["method"] == "GET":
        return play_read(scene)
    return play_write(scene)


def play_query(scene):
    """One query; pages of one series share what was seeded for all of them."""
    recording = scene.recording
    series = recording.name.rsplit("__", 1)[0]
    members = [each for name, each in RECORDINGS.items() if name.rsplit("__", 1)[0] == series]
    made = scene.fill([each.body for each in members])
    for identifier, ours in made.items():
        recording.statement = recording.statement.replace(f"'{identifier}'", f"'~{ours}'")
    recording.statement = recording.statement.replace("'~", "'")
    return scene.company.call(recording.request["method"], "query", query=recording.statement)


def play_read(scene):
    recording = scene.recording
    entity = entity_of(recording)
    identifier = recording.request["path"].split("/")[-1]
    if recording.status == 200:
        identifier = scene.make(entity, recording.body[entity])["Id"]
    return scene.company.call("GET", f"{entity.lower()}/{identifier}")


def play_write(scene):
    recording = scene.recording
    entity = entity_of(recording)
    parameters = {
        key: value
        for key, value in (recording.request.get("query") or {}).items()
        if key != "requestid"
    }
    if "send" in recording.request["path"]:
        made = scene.make(entity, recording.body[entity])
        path = f"{entity.lower()}/{made['Id']}/send"
        return scene.company.call("POST", path)
    body = dict(recording.sent)
    if not body.get("Id"):
        if "6240" in recording.codes:
            scene.company.post(entity, {"DisplayName": body["DisplayName"]})
        return scene.company.call("POST", entity.lower(), scene.mapped(entity, body), **parameters)
    made = before_update(scene, entity, body, parameters)
    body.update(Id=made["Id"], SyncToken=made["SyncToken"])
    body = scene.mapped(entity, {key: value for key, value in body.items() if key != "MetaData"})
    answer = scene.company.call("POST", entity.lower(), body, **parameters)
    if recording.status == 200 and "delete" not in parameters.values():
        moved = int(answer.body[entity]["SyncToken"]) - int(made["SyncToken"])
        recorded = int(recording.body[entity]["SyncToken"]) - int(recording.sent["SyncToken"])
        assert moved == recorded, "SyncToken moved differently"
    return answer


def before_update(scene, entity, body, parameters):
    """The object as it stood before the recorded change."""
    recording = scene.recording
    row = dict(recording.body[entity])
    if parameters.get("operation") in ("void", "delete"):
        row = dict(RECORDINGS[recording.name.replace("__2", "__1")].body[entity])
        return scene.make(entity, row)
    unchanged = row["SyncToken"] == body["SyncToken"]
    if not unchanged:
        for name in ("DisplayName", "PrivateNote"):
            if body.get(name):
                row[name] = "Before the change"
        if entity == "Item":
            row["Description"] = "Before the change"
    if entity in SALES:
        row["Line"] = [line for line in row["Line"] if line["DetailType"] == "SalesItemLineDetail"]
    return scene.make(entity, row)


def compare(recording, answer):
    assert answer.status == recording.status, answer.text
    if recording.codes:
        assert answer.codes == recording.codes
    typed = not recording.is_xml
    recorded, answered = dict(recording.body), dict(answer.body)
    if recording.is_xml:
        recorded.pop("time")
        answered.pop("time", None)
    found = differences(recorded, answered, typed=typed)
    assert [each for each in found if not each.endswith(recording.not_there_yet)] == []
    if recording.response.get("body_text") and recording.status == 200:
        assert format_differences(recording.text, answer.text) == []
    if recording.status == 200 and not recording.is_xml:
        rows = recording.body.get("QueryResponse", {})
        if "startPosition" in rows:
            assert answer.body["QueryResponse"]["startPosition"] == rows["startPosition"]


def scene_of(running, name):
    return Scene(running, RECORDINGS[name])


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


def expired(running, recording):
    company = Scene(running, recording).company
    company.tokens["access_token"] = "expired"
    answer = company.call("GET", "customer/1")
    assert "www-authenticate" in answer.headers
    assert answer.headers["www-authenticate"] == recording.response["headers"]["Www-Authenticate"]
    assert list(answer.body) == list(recording.body)
    compare(recording, answer)


def misrouted(running, recording):
    company = Scene(running, recording).company
    compare(recording, company.call("GET", "customer/1/5"))


def refused_query(running, recording):
    company = Scene(running, recording).company
    answer = company.call("GET", "query", query=recording.statement)
    compare(recording, answer)
    recorded = recording.body["Fault"]["Error"][0]["Detail"]
    assert answer.body["Fault"]["Error"][0]["Detail"].split("\n")[0] == recorded.split("\n")[0]


def bad_json(running, recording):
    company = Scene(running, recording).company
    answer = company.call("POST", "invoice", recording.sent)
    compare(recording, answer)
    detail = answer.body["Fault"]["Error"][0]["Detail"]
    assert detail.startswith('Property Name:Unrecognized field "BadJson" (class com.intuit.schema')
    assert detail.endswith("[truncated]])\n specified is unsupported or invalid")


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


def oauth(running, recording):
    """The token endpoint, with client credentials in the form as recorded."""
    app = {"client_id": "recorded", "client_secret": "right", "redirect_uris": []}
    running.control("/apps", app)
    company = Scene(running, recording).company
    granted = running.control("/tokens", {"realm": company.realm, "client_id": "recorded"})
    form = {"client_id": "recorded", "client_secret": "right", "grant_type": "refresh_token"}
    form["refresh_token"] = granted["refresh_token"]
    if recording.status == 401:
        form["client_secret"] = "wrong"
    if recording.status == 400:
        form["refresh_token"] = "superseded"
    answer = running.form("/oauth2/v1/tokens/bearer", form)
    assert answer.status == recording.status
    assert differences(recording.body, answer.body) == []
    if recording.status != 200:
        assert answer.body == recording.body
    if recording.response.get("headers"):
        assert answer.headers["cache-control"] == "no-cache, no-store"


def discovery(running, recording):
    path = "/.well-known/" + recording.name.split("/")[1] + "/"
    answer = running.send("GET", path)
    assert differences(recording.body, answer.body) == []
    assert list(answer.body) == list(recording.body)


def webhooks(_running, recording):
    body, headers = recording.request["body"], recording.request["headers"]
    event = Event("310687", "Class", "1234", "Create", 1759867147.034, "an-id")
    if isinstance(body, list):
        ours = json.loads(render([event], "cloudevents")[0])
        extra = {"datacontenttype": "application/json"}
        assert differences([body[0] | extra], ours) == []
        assert ours[0]["type"] == body[0]["type"]
        return
    text = recording.request["body_text"].encode()
    assert sign("00faeec4-08d0-4996-bb37-698ae19f0149", text) == headers["intuit-signature"]
    assert base64.b64decode(headers["intuit-signature"])
    ours = json.loads(render([event], "legacy")[0])
    assert differences(body, ours) == []


SPECIAL = {
    "minimul-qbo_api/get_pdf__invoice": pdf,
    "minimul-qbo_api/error__401": expired,
    "minimul-qbo_api/error__500__1": misrouted,
    "minimul-qbo_api/error__400_json": bad_json,
    "nango-2026/payments": credited,
    "minimul-qbo_api/batch__basic": batch,
    "minimul-qbo_api/reports__gl": reported,
    "minimul-qbo_api/reports__profit_and_loss": reported,
    "issue-quoted/fault-6140-duplicate-docnumber-journalentry": journal_number,
    "issue-quoted/fault-2050-and-2020-two-errors": journal_form,
    **dict.fromkeys(
        (
            "minimul-qbo_api/attachment__create_for_invoice",
            "minimul-qbo_api/attachment__delete_attachment",
            "minimul-qbo_api/attachment__error_estimate",
            "minimul-qbo_api/attachment__read_attachment",
        ),
        attachment,
    ),
    "issue-quoted/fault-6000-canada-missing-tax-code": missing_tax_code,
    "issue-quoted/fault-6140-duplicate-docnumber-invoice": duplicate_number,
    "issue-quoted/fault-6540-deposited-payment": deposited,
    "issue-quoted/oauth-refresh-invalid_grant": oauth,
    "minimul-qbo_api/error__400__2": refused_query,
    **{
        f"flowlink/query-{entity}-err{code}": refused_query
        for entity, code in (
            ("customer", "4000-1"),
            ("customer", "4000-2"),
            ("customer", "4001-1"),
            ("customer", "4001-2"),
            ("customer", "4001-3"),
            ("vendor", "2030-1"),
            ("vendor", "4001-1"),
        )
    },
}
FOLDERS = {
    "au-sandbox-2021": australian,
    "ledgersync-oauth": oauth,
    "oauth-discovery": discovery,
    "webhook-samples": webhooks,
}
