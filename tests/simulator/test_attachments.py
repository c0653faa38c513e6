"""Attachables: files and notes on documents, from the upload to the download."""

import hashlib
import http.client
import json
from urllib.parse import urlsplit

import pytest

PHOTO = b"\x89PNG\r\n\x1a\n--cut\r\n\r\n" + bytes(range(256)) * 40
BOUNDARY = "cut-here-7f3a"


def multipart(*files):
    """The body of an upload: metadata and content of each file, in turn."""
    body = b""
    for number, (metadata, name, kind, content) in enumerate(files, start=1):
        for part, label, form, inside in (
            ("metadata", "a.json", "application/json", json.dumps(metadata).encode()),
            ("content", name, kind, content),
        ):
            head = (
                f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file_{part}_{number:02}"; '
                f'filename="{label}"\r\nContent-Type: {form}\r\n\r\n'
            )
            body += head.encode() + inside + b"\r\n"
    return body + f"--{BOUNDARY}--\r\n".encode()


def upload(company, *files, kind="multipart/form-data", query=""):
    headers = {"Authorization": f"Bearer {company.tokens['access_token']}"}
    headers |= {"Accept": "application/json", "Content-Type": f"{kind}; boundary={BOUNDARY}"}
    path = f"/v3/company/{company.realm}/upload{query}"
    return company.running.send("POST", path, multipart(*files), headers)


def on(kind, identifier):
    return [{"EntityRef": {"type": kind, "value": identifier}}]


@pytest.fixture
def receipt(sydney, invoice):
    """A photo on the invoice."""
    metadata = {"AttachableRef": on("Invoice", invoice), "FileName": "receipt 1.png"}
    metadata["ContentType"] = "image/png"
    answer = upload(sydney, (metadata, "receipt.png", "image/png", PHOTO))
    assert answer.status == 200, answer.text
    [made] = answer.body["AttachableResponse"]
    return made["Attachable"]


def test_an_uploaded_file_is_kept_byte_by_byte(sydney, running, receipt, invoice):
    assert (receipt["FileName"], receipt["Size"]) == ("receipt 1.png", len(PHOTO))
    assert receipt["AttachableRef"][0]["EntityRef"] == {"value": invoice, "type": "Invoice"}
    address = urlsplit(receipt["TempDownloadUri"])
    fetched = fetch(running, f"{address.path}?{address.query}")
    assert fetched.status == 200
    assert hashlib.sha256(fetched.content).hexdigest() == hashlib.sha256(PHOTO).hexdigest()
    assert fetched.headers["content-type"] == "image/png"
    assert fetched.headers["content-disposition"].startswith("attachment")
    assert fetched.headers["x-content-type-options"] == "nosniff"


class Fetched:
    """An answer whose bytes need not be text."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {key.lower(): value for key, value in response.getheaders()}
        self.content = response.read()


def fetch(running, path):
    connection = http.client.HTTPConnection("localhost", running.port, timeout=10)
    try:
        connection.request("GET", path)
        return Fetched(connection.getresponse())
    finally:
        connection.close()


def test_a_temporary_address_ends_after_a_quarter_of_an_hour(sydney, running, receipt):
    address = urlsplit(receipt["TempDownloadUri"])
    forged = address.query.replace("Signature=", "Signature=0")
    assert fetch(running, f"{address.path}?{forged}").status == 403
    running.control("/clock", {"advance_seconds": 901})
    assert fetch(running, f"{address.path}?{address.query}").status == 403
    sydney.connect()
    fresh = sydney.call("GET", f"download/{receipt['Id']}")
    again = urlsplit(fresh.text)
    assert fetch(running, f"{again.path}?{again.query}").status == 200


def test_attachments_are_found_by_what_they_hang_on(sydney, receipt, invoice):
    where = "where AttachableRef.EntityRef.Type = 'invoice' and AttachableRef.EntityRef.value = "
    found = sydney.rows("Attachable", f"{where}'{invoice}'")
    assert [each["Id"] for each in found] == [receipt["Id"]]
    assert sydney.rows("Attachable", f"{where}'999'") == []
    assert sydney.read("Attachable", receipt["Id"])["FileName"] == "receipt 1.png"


def test_several_files_stand_or_fall_alone(sydney, customer):
    good = ({"AttachableRef": on("Customer", customer)}, "a.txt", "text/plain", b"one")
    lost = ({"AttachableRef": on("Bill", "75")}, "b.txt", "text/plain", b"two")
    empty = ({}, "c.txt", "text/plain", b"")
    answer = upload(sydney, good, lost, empty)
    first, second, third = answer.body["AttachableResponse"]
    assert first["Attachable"]["FileName"] == "a.txt"
    [error] = second["Fault"]["Error"]
    assert error["code"] == "6000"
    assert error["Detail"].endswith("that you are trying to link does not exist. Bill 75")
    assert third["Fault"]["Error"][0]["code"] == "6000"
    assert len(sydney.rows("Attachable")) == 1


def test_an_upload_that_is_none_is_refused(sydney):
    file = ({}, "a.txt", "text/plain", b"one")
    assert upload(sydney, file, kind="application/json").codes == ["2010"]
    assert upload(sydney).codes == ["2020"]
    assert sydney.rows("Attachable") == []


def test_the_same_requestid_uploads_once(sydney, invoice):
    file = ({"AttachableRef": on("Invoice", invoice)}, "a.txt", "text/plain", b"one")
    first = upload(sydney, file, query="?requestid=u-1")
    again = upload(sydney, file, query="?requestid=u-1")
    assert again.body["AttachableResponse"] == first.body["AttachableResponse"]
    assert len(sydney.rows("Attachable")) == 1


def test_a_note_hangs_on_a_document_without_a_file(sydney, invoice):
    assert sydney.call("POST", "attachable", {}).codes == ["2020"]
    note = {"Note": "Signed on site", "AttachableRef": on("Invoice", invoice)}
    made = sydney.post("Attachable", note)
    assert "TempDownloadUri" not in made
    key = {"Id": made["Id"], "SyncToken": made["SyncToken"], "sparse": True}
    changed = sydney.post("Attachable", {**key, "Note": "Signed by Mei"})
    assert (changed["Note"], changed["SyncToken"]) == ("Signed by Mei", "1")
    assert changed["AttachableRef"] == made["AttachableRef"]
    assert sydney.call("GET", f"download/{made['Id']}").codes == ["610"]


def test_a_deleted_attachment_takes_its_file_along(sydney, running, receipt):
    address = urlsplit(receipt["TempDownloadUri"])
    gone = sydney.post("Attachable", {"Id": receipt["Id"]}, operation="delete")
    assert gone == {"domain": "QBO", "status": "Deleted", "Id": receipt["Id"]}
    assert fetch(running, f"{address.path}?{address.query}").status == 404
    assert sydney.call("GET", f"attachable/{receipt['Id']}").codes == ["610"]


def test_a_deleted_document_leaves_its_attachments_behind(sydney, receipt, invoice):
    sydney.post("Invoice", {"Id": invoice, "SyncToken": "0"}, operation="delete")
    assert sydney.read("Attachable", receipt["Id"])["Size"] == len(PHOTO)
