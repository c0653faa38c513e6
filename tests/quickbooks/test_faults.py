"""What a failed answer means, code by code, in every form in which QuickBooks was seen to fail."""

import json

import pytest

from integrations.errors import (
    DuplicateName,
    DuplicateNumber,
    NeedsReconnect,
    OutcomeUnknown,
    PeriodClosed,
    RateLimited,
    ReadOnlyCompany,
    Rejected,
    RemoteBusy,
    RemoteGone,
    StaleRevision,
    TokenExpired,
)
from integrations.quickbooks.faults import Answer, error_of, fault_in


def fault(code, detail="", message="", element=""):
    error = {"code": code, "Detail": detail, "Message": message, "element": element}
    return json.dumps({"Fault": {"Error": [error], "type": "ValidationFault"}, "time": "x"})


def gateway(code, status):
    error = {"message": f"statusCode={status}", "detail": "Token expired", "code": code}
    return json.dumps({"warnings": None, "fault": {"error": [error], "type": "AUTHENTICATION"}})


def named(body, status=400, *, is_write=True, retry_after=""):
    return error_of(Answer(status, body, "tid-1", retry_after), is_write=is_write)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("120", NeedsReconnect), ("130", RemoteBusy), ("140", RemoteBusy), ("150", RemoteBusy),
        ("600", OutcomeUnknown), ("610", RemoteGone), ("2500", RemoteGone), ("6250", RemoteGone),
        ("3001", RateLimited), ("3100", NeedsReconnect), ("3200", TokenExpired),
        ("5010", StaleRevision), ("6140", DuplicateNumber), ("6190", ReadOnlyCompany),
        ("6200", PeriodClosed), ("6210", PeriodClosed), ("6240", DuplicateName),
        ("6000", Rejected), ("6540", Rejected), ("9876", Rejected), ("", Rejected),
        ("10000", OutcomeUnknown),
    ],
)  # fmt: skip
def test_each_code_has_one_name(code, kind):
    error = named(fault(code))
    assert type(error) is kind
    assert error.trace_id == "tid-1"


def test_a_system_failure_on_a_read_is_only_busy():
    assert type(named(fault("10000"), is_write=False)) is RemoteBusy


@pytest.mark.parametrize("status", [200, 400])
def test_a_fault_is_a_fault_whatever_the_status_says(status):
    assert type(named(fault("6240"), status)) is DuplicateName


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", ["<html>Bad gateway</html>", "", fault("6240")])
def test_a_failing_server_leaves_a_write_unknown_even_with_a_fault(status, body):
    assert type(named(body, status)) is OutcomeUnknown
    assert type(named(body, status, is_write=False)) is RemoteBusy


@pytest.mark.parametrize("status", [200, 302, 400, 403, 404, 413])
@pytest.mark.parametrize("body", ["<html>No</html>", "", "[1]", "{}", '{"Fault": {"Error": []}}'])
def test_an_answer_that_cannot_be_read_decides_nothing(status, body):
    assert type(named(body, status)) is OutcomeUnknown
    assert type(named(body, status, is_write=False)) is RemoteBusy


def test_a_page_of_somebody_before_quickbooks_does_not_lose_the_permission():
    assert type(named("<html>Forbidden</html>", 403, is_write=False)) is RemoteBusy


@pytest.mark.parametrize("code", ["3100", "003100"])
def test_the_gateway_says_with_small_letters_that_the_permission_is_gone(code):
    error = named(gateway(code, 403), 403)
    assert type(error) is NeedsReconnect
    assert error.code == "3100"


@pytest.mark.parametrize("body", [gateway("3200", 401), "", "<html/>"])
def test_401_means_that_the_token_has_expired_whatever_the_body(body):
    assert type(named(body, 401)) is TokenExpired


XML = (
    '<IntuitResponse><Fault type="SERVICE"><Error code="3001"><Message>m</Message></Error></Fault>'
)


@pytest.mark.parametrize(
    "body", [gateway("3001", 429), fault("3001"), XML, "", "<html>slow</html>"]
)
@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [("", 60), ("17", 17), ("Wed, 21 Oct 2026 07:28:00 GMT", 60), ("²", 60), ("0", 1),
     ("99999999", 900)],
)  # fmt: skip
def test_every_429_is_a_wait_and_says_how_long(body, retry_after, seconds):
    error = named(body, 429, retry_after=retry_after)
    assert type(error) is RateLimited
    assert error.retry_after == seconds


def test_xml_is_read_for_its_code():
    assert fault_in(XML).code == "3001"
    assert type(named(XML, 400)) is RateLimited


@pytest.mark.parametrize(
    "texts",
    [
        {"detail": "The account period has closed. {1}"},
        {"message": "Account Period Closed"},
    ],
)
def test_a_closed_period_behind_the_code_of_a_stale_revision_is_recognised(texts):
    assert type(named(fault("5010", **texts))) is PeriodClosed


def test_a_duplicate_number_names_the_other_document_in_any_language():
    french = (
        "Ce numéro est déjà utilisé. DocNumber=1044 est assigné TxnType=Invoice avec TxnId=1109"
    )
    assert named(fault("6140", french)).remote_id == "1109"
    assert named(fault("6140", "somebody has it")).remote_id == ""


def test_a_refused_field_is_kept_for_the_form():
    assert named(fault("2210", "x", element="PrimaryEmailAddr")).field == "PrimaryEmailAddr"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            fault("2500", "Invalid Reference Id : Names element id 583 not found"),
            "The customer or supplier that this document names was removed or made inactive in"
            " QuickBooks.",
        ),
        (
            fault("2500", "Invalid Reference Id : Accounts element id 5 not found"),
            "The account that this document names was removed or made inactive in QuickBooks.",
        ),
        (
            fault("2500", "Something you're trying to use has been made inactive."),
            "Something that this document refers to was removed or made inactive in QuickBooks.",
        ),
        (
            fault("6000", 'Business Validation Error: see <a href="x">here</a> \n now'),
            'QuickBooks refuses the document by one of its business rules. '
            'It says: "Business Validation Error: see here now"',
        ),
        (fault("2200", "x"), "QuickBooks refuses the web address."),
        (fault("9876", "Odd things"), 'QuickBooks refuses the document. It says: "Odd things"'),
        (
            fault("9876"),
            "QuickBooks refuses the document. It does not say why. Its fault number is 9876.",
        ),
        (fault(""), "QuickBooks refuses the document. It does not say why."),
    ],
)  # fmt: skip
def test_a_person_reads_words_and_no_bare_ids_or_codes(body, words):
    assert named(body).message == words


@pytest.mark.parametrize(
    "code", ["130", "120", "600", "610", "3001", "3200", "5010", "6140", "6190"]
)
def test_no_failure_is_without_a_sentence(code):
    message = named(fault(code)).message
    assert message.endswith(".")
    assert code not in message
