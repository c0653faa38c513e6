"""What a failed answer means: one closed table by code, never by English text. Pure.

Codes are those of field guide 7.3. A fault that is not in the table is refused, for a person to
read; an answer that is no fault at all leaves the outcome of a write unknown.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from integrations.errors import (
    BooksError,
    DuplicateName,
    DuplicateNumber,
    NeedsMapping,
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
from integrations.quickbooks.mapping.encoding import Json, decode, rows_at, text_at

UNAUTHORIZED, TOO_MANY, SERVER_ERROR = 401, 429, 500
WAIT, LONGEST_WAIT = 60, 900
_TXN_ID = re.compile(r"TxnId=(\d+)")
# Some answers put the closed period behind the code of a stale revision (field guide 7.3).
_CLOSED = re.compile(r"period (has )?closed", re.IGNORECASE)
_ELEMENT = re.compile(r"\b(\w+) element id\b", re.IGNORECASE)
_XML_CODE = re.compile(r'<(?:\w+:)?Error[^>]*\bcode="(\d+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that is not a plain success."""

    status: int
    body: str
    trace_id: str = ""
    retry_after: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """The first error of a fault, in QuickBooks' own words."""

    code: str
    message: str
    detail: str
    element: str


_SENTENCES = {
    "3000": "QuickBooks no longer has the custom field chosen for the lead source (E). Choose"
    " another one, or none, in Administration > Accounts Integration.",
    "620": "QuickBooks cannot link these: the customer differs, or it is settled already.",
    "2020": "QuickBooks misses a field that it requires.",
    "2050": "A text is too long for QuickBooks.",
    "2200": "QuickBooks refuses the web address.",
    "2210": "QuickBooks refuses the e-mail address. Correct it on the customer.",
    "2500": "Something that this document refers to was removed or made inactive in QuickBooks.",
    "6000": "QuickBooks refuses the document by one of its business rules.",
    "6070": "QuickBooks finds that quantity times price is not the amount.",
    "6100": "In the United States a line's tax code must be Taxable or Not taxable.",
    "6210": "The books are closed on this date. Give it a later date, or open the period in"
    " QuickBooks and try again.",
    "6220": "QuickBooks keeps this customer active while there is a balance.",
    "6240": "The name is already used in QuickBooks by a customer, vendor, employee or item.",
    "6250": "The customer or supplier was removed or made inactive in QuickBooks.",
    "6430": "QuickBooks does not accept this kind of account here. Choose another account code.",
    "6440": "A line has no product in QuickBooks.",
    "6450": "The document is settled in QuickBooks and cannot be voided there.",
    "6470": "The tax code is not allowed here. Check the tax codes A to D.",
    "6540": "The payment is in a bank deposit in QuickBooks: take it out of the deposit"
    " there, then try again.",
    "610": "It no longer exists in QuickBooks, or was made inactive there.",
    "6140": "Another document in QuickBooks bears this number. Give that one another number there,"
    " then try again.",
    "6190": "The QuickBooks subscription has ended: nothing can be written until it is renewed.",
}

# The list that a dangling reference points into, by QuickBooks' word for it.
_LISTS = {
    "names": "The customer or supplier",
    "accounts": "The account",
    "items": "A product or service",
    "klasses": "The class",
    "departments": "The location",
}

_RETRIED = frozenset({"130", "140", "150"})
_FAILED = "10000"
_GONE = frozenset({"610", "6250", "2500"})
_CLOSED_CODES = frozenset({"6200", "6210"})


def error_of(answer: Answer, *, is_write: bool) -> BooksError:
    """The name of this failure. Never raises.

    A readable fault below 500 says that nothing happened; anything else leaves a write unknown.
    """
    if answer.status == TOO_MANY:
        return _rate_limited(answer)
    fault = fault_in(answer.body)
    if answer.status == UNAUTHORIZED or (fault and fault.code == "3200"):
        return TokenExpired("The access token has expired.", trace_id=answer.trace_id, code="3200")
    is_certain = fault is not None and answer.status < SERVER_ERROR and fault.code != _FAILED
    if fault is not None and is_certain:
        return _error_of_fault(fault, answer)
    return _no_certain_answer(answer, is_write=is_write)


def fault_in(body: str) -> Fault | None:
    """The first error of a Fault, in either spelling, as JSON or XML; None when it is no fault."""
    try:
        parsed = decode(body)
    except ValueError:
        code = _XML_CODE.search(body)
        return Fault(_bare(code.group(1)), "", "", "") if code else None
    return fault_of(parsed) if isinstance(parsed, Mapping) else None


def fault_of(parsed: Json) -> Fault | None:
    """The first error of a Fault in an answer that was read already."""
    return _fault_from(parsed, "Fault", "Error") or _fault_from(parsed, "fault", "error")


def _fault_from(parsed: Json, envelope: str, errors: str) -> Fault | None:
    rows = rows_at(parsed, envelope, errors)
    if not rows:
        return None
    first = rows[0]
    return Fault(
        code=_bare(text_at(first, "code")),
        message=text_at(first, "Message") or text_at(first, "message"),
        detail=text_at(first, "Detail") or text_at(first, "detail"),
        element=text_at(first, "element"),
    )


def _bare(code: str) -> str:
    """Gateways pad their codes with zeros."""
    return code.strip().lstrip("0")


def _error_of_fault(fault: Fault, answer: Answer) -> BooksError:
    code = fault.code
    is_closed = code == "5010" and _CLOSED.search(f"{fault.message} {fault.detail}")
    if code in _CLOSED_CODES or is_closed:
        return PeriodClosed(_SENTENCES["6210"], trace_id=answer.trace_id, code=code)
    if code in _RETRIED:
        message = "QuickBooks has locked the company for a while, for maintenance."
        return RemoteBusy(message, trace_id=answer.trace_id, code=code)
    if code in _GONE:
        return RemoteGone(_sentence(code, fault), trace_id=answer.trace_id, code=code)
    made = _BY_CODE.get(code)
    if made is not None:
        return made(fault, answer)
    message = _sentence(code, fault)
    return Rejected(message, field=fault.element, trace_id=answer.trace_id, code=code)


def _sentence(code: str, fault: Fault) -> str:
    """Ours, with QuickBooks' own words behind it where only they say what is wrong."""
    said = " ".join(re.sub(r"<[^>]+>", " ", fault.detail or fault.message).split())
    if code == "2500":
        return _dangling(said)
    ours = _SENTENCES.get(code, "QuickBooks refuses the document.")
    if code in _SENTENCES and code != "6000":
        return ours
    if said:
        return f'{ours} It says: "{said}"'
    number = f" Its fault number is {code}." if code else ""
    return f"{ours} It does not say why.{number}"


def _dangling(said: str) -> str:
    """Which list a reference points into; the id there says nothing to a person."""
    named = _ELEMENT.search(said)
    what = _LISTS.get(named.group(1).lower() if named else "")
    if what is None:
        return _SENTENCES["2500"]
    return f"{what} that this document names was removed or made inactive in QuickBooks."


def _rate_limited(answer: Answer) -> BooksError:
    text = answer.retry_after
    seconds = int(text) if text.isascii() and text.isdigit() else WAIT
    seconds = min(max(seconds, 1), LONGEST_WAIT)
    return RateLimited(
        "QuickBooks asks to wait.", retry_after=seconds, trace_id=answer.trace_id, code="3001"
    )


def _reconnect(answer: Answer, code: str) -> BooksError:
    return NeedsReconnect(
        "QuickBooks no longer accepts our permission.", trace_id=answer.trace_id, code=code
    )


def _no_certain_answer(answer: Answer, *, is_write: bool) -> BooksError:
    """Whatever the status: what cannot be read decides nothing (bar A.3, 6)."""
    kind = OutcomeUnknown if is_write else RemoteBusy
    message = "QuickBooks answered, but not in a way that says what became of it."
    return kind(message, trace_id=answer.trace_id, code=str(answer.status))


def _duplicate_number(fault: Fault, answer: Answer) -> BooksError:
    other = _TXN_ID.search(fault.detail)
    return DuplicateNumber(
        _SENTENCES["6140"],
        remote_id=other.group(1) if other else "",
        trace_id=answer.trace_id,
        code="6140",
    )


_BY_CODE: dict[str, Callable[[Fault, Answer], BooksError]] = {
    "120": lambda _fault, answer: _reconnect(answer, "120"),
    "3001": lambda _fault, answer: _rate_limited(answer),
    "3100": lambda _fault, answer: _reconnect(answer, "3100"),
    "5010": lambda _fault, answer: StaleRevision(
        "It was changed in QuickBooks meanwhile.", trace_id=answer.trace_id, code="5010"
    ),
    "600": lambda _fault, answer: OutcomeUnknown(
        "QuickBooks remembers another request under this key.",
        trace_id=answer.trace_id,
        code="600",
    ),
    "3000": lambda _fault, answer: NeedsMapping(
        _SENTENCES["3000"], trace_id=answer.trace_id, code="3000"
    ),
    "6140": _duplicate_number,
    "6190": lambda _fault, answer: ReadOnlyCompany(
        _SENTENCES["6190"], trace_id=answer.trace_id, code="6190"
    ),
    "6240": lambda _fault, answer: DuplicateName(
        _SENTENCES["6240"], trace_id=answer.trace_id, code="6240"
    ),
}
