"""What QuickBooks refuses and in which words (field guide 7): application and gateway faults."""

from dataclasses import dataclass
from typing import Any

from simulators.quickbooks.serialise import spaced

STATUSES = {
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Time-out",
}
INACTIVE = (
    "Object Not Found : Something you're trying to use has been made inactive. "
    "Check the fields with accounts, customers, items, vendors or employees."
)
BUSINESS = "A business validation error has occurred while processing your request"


@dataclass(frozen=True)
class Error:
    """One entry of Fault.Error; an element of None is left out."""

    message: str
    detail: str
    code: str
    element: str | None = None

    def body(self) -> dict[str, Any]:
        """The entry as it is written."""
        entry = {"Message": self.message, "Detail": self.detail, "code": self.code}
        return entry if self.element is None else {**entry, "element": self.element}


class Fault(Exception):
    """An application fault: HTTP 400 with the capital-letter envelope."""

    status = 400

    def __init__(self, *errors: Error, kind: str = "ValidationFault", timed: bool = True) -> None:
        super().__init__(errors[0].detail)
        self.errors = errors
        self.kind = kind
        self.timed = timed

    @property
    def code(self) -> str:
        """The code of the first error."""
        return self.errors[0].code

    def body(self) -> dict[str, Any]:
        """The content of the `Fault` key."""
        return {"Error": [error.body() for error in self.errors], "type": self.kind}


class GatewayFault(Exception):
    """A fault of the gateway in front: lower-case keys and a time in milliseconds."""

    def __init__(self, status: int, code: str, name: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.name = name
        self.detail = detail

    def body(self, moment: float) -> dict[str, Any]:
        """The whole envelope (field guide 7.2)."""
        error = {
            "message": f"message={self.name}; errorCode=00{self.code}; statusCode={self.status}",
            "detail": self.detail,
            "code": self.code,
            "element": None,
        }
        kind = "AUTHENTICATION" if self.status == 401 else "SERVICE"  # noqa: PLR2004
        return {
            "warnings": None,
            "intuitObject": None,
            "fault": {"error": [error], "type": kind},
            "report": None,
            "queryResponse": None,
            "batchItemResponse": [],
            "attachableResponse": [],
            "syncErrorResponse": None,
            "requestId": None,
            "time": int(moment * 1000),
            "status": None,
            "cdcresponse": [],
        }


def unauthorized(detail: str) -> GatewayFault:
    """401: no token, an unknown one or an expired one."""
    return GatewayFault(401, "3200", "AuthenticationFailed", detail)


def forbidden() -> GatewayFault:
    """403: the token belongs to another company or the app was disconnected."""
    return GatewayFault(403, "3100", "ApplicationAuthorizationFailed", "Access to company denied")


def throttled() -> GatewayFault:
    """429: too many requests."""
    detail = "The request limit was reached.  Try again later"
    return GatewayFault(429, "3001", "ThrottleExceeded", detail)


def throttled_xml(moment: str) -> str:
    """429 as it came before there was JSON; some of the edge still answers so."""
    error = throttled()
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<IntuitResponse time="{moment}" xmlns="http://schema.intuit.com/finance/v3">'
        f'<Fault type="SERVICE"><Error code="{error.code}"><Message>message={error.name}; '
        f"errorCode=00{error.code}; statusCode={error.status}</Message>"
        f"<Detail>{error.detail}</Detail></Error></Fault></IntuitResponse>"
    )


def throttled_item() -> Fault:
    """429 of one item inside a batch that was let in."""
    message = "message=ThrottleExceeded; errorCode=003001; statusCode=429"
    detail = "The request limit was reached.  Try again later"
    return Fault(Error(message, detail, "3001"), kind="SERVICE")


def of_item(code: str) -> Fault:
    """The refusal of one item of a batch that a fault rule asks for."""
    made = {
        "6240": duplicate_name("null"),
        "2500": bad_reference("Names", "583"),
        "5010": stale(),
        "6000": business("Something went wrong with this item."),
    }
    return made.get(code) or throttled_item()


def html(status: int) -> str:
    """A page of the edge, which knows nothing of JSON."""
    title = f"{status} {STATUSES.get(status, 'Error')}"
    return (
        f"<html><head><title>{title}</title></head><body><center>"
        f"<h1>{title}</h1></center></body></html>"
    )


def unsupported(path: str) -> Fault:
    """500 in a 400: a path that leads nowhere."""
    detail = (
        f"Operation Could not find resource for relative : {path} of full path: "
        f"https://simulator.qbo.intuit.com/qbo1{path} is not supported."
    )
    return Fault(Error("Unsupported Operation", detail, "500"))


def unreadable(detail: str) -> Fault:
    """2010: the body is no JSON object."""
    return Fault(Error("Request has invalid or unsupported property", detail, "2010"))


def duplicate_request() -> Fault:
    """600: a requestid was used again for something else."""
    detail = "Duplicate Request ID : this requestid was used with other content."
    return Fault(Error("Duplicate Request ID", detail, "600", ""))


def not_found() -> Fault:
    """610: missing and inactive alike."""
    return Fault(Error("Object Not Found", INACTIVE, "610", ""))


def unlinkable(detail: str) -> Fault:
    """620: this transaction cannot be linked here."""
    return Fault(Error("Transaction can't be linked", detail, "620", ""))


def batch_too_large(size: int) -> Fault:
    """1040: more than thirty items in a batch."""
    detail = f"The maximum number of items in a batch is 30. Supplied: {size}"
    return Fault(Error("Batch size too large", detail, "1040"))


def unknown_property(name: str, entity: str, known: list[str]) -> Fault:
    """2010: the Jackson message with the list of known properties."""
    listed = ", ".join(f'"{item}"' for item in known)[:1000]
    detail = (
        f'Property Name:Unrecognized field "{name}" (class com.intuit.schema.finance.v3.{entity}), '
        f"not marked as ignorable ({len(known)} known properties: {listed} [truncated]])\n"
        " specified is unsupported or invalid"
    )
    return Fault(Error("Request has invalid or unsupported property", detail, "2010"))


def missing(name: str) -> Error:
    """2020: a required parameter is not there."""
    return Error(
        "Required param missing, need to supply the required value for the API",
        f"Required parameter {name} is missing in the request",
        "2020",
        name,
    )


def invalid_id(value: str) -> Fault:
    """2030: an Id that is no number; this answer carries no time."""
    detail = f"Id should be a valid number. Supplied value:{value}"
    return Fault(Error("Invalid ID", detail, "2030", "Id"), timed=False)


def too_long(name: str, maximum: int, length: int, minimum: int = 0) -> Error:
    """2050: a text longer than the specification."""
    return Error(
        "String length is either shorter or longer than supported by specification",
        "String length specified does not match the supported length. "
        f"Min:{minimum} Max:{maximum} supported. Supplied length:{length}",
        "2050",
        name,
    )


def malformed(code: str, what: str, name: str, value: object) -> Error:
    """2060 to 2210: a date, number, enumeration or address of the wrong form."""
    return Error(f"Invalid {what}", f"Invalid {what} {name}. Supplied value:{value}", code, name)


def bad_reference(words: str, identifier: str) -> Fault:
    """2500: a reference to something that does not exist."""
    detail = f"Invalid Reference Id : {words} element id {identifier} not found"
    return Fault(Error("Invalid Reference Id", detail, "2500", ""))


def category_on_line(name: str) -> Fault:
    """2500: an item that is a category cannot stand on a line."""
    detail = (
        f"Invalid Reference Id : {name} has been set up as a category instead of a product or "
        "service."
    )
    return Fault(Error("Invalid Reference Id", detail, "2500", ""))


def query_unparsable(detail: str) -> Fault:
    """4000: the statement is no query."""
    return Fault(Error("Error parsing query", f"QueryParserError: {detail}", "4000"))


def query_invalid(detail: str) -> Fault:
    """4001: the statement asks for something that is not there."""
    return Fault(Error("Invalid query", f"QueryValidationError: {detail}", "4001"))


def stale() -> Fault:
    """5010: the SyncToken is not the present one."""
    detail = (
        "Stale Object Error : You and Another User were working on this at the same time. "
        "Another User finished before you did, so your work was not saved."
    )
    return Fault(Error("Stale Object Error", detail, "5010", ""))


def business(detail: str) -> Fault:
    """6000: the catch-all of business rules."""
    return Fault(Error(BUSINESS, f"Business Validation Error: {detail}", "6000", ""))


def rule(code: str, message: str, detail: str) -> Fault:
    """Any other business rule with a code of its own."""
    return Fault(Error(message, detail, code, ""))


def amount_mismatch() -> Fault:
    """6070: Amount is not UnitPrice times Qty."""
    detail = "Amount calculation incorrect in the request. Amount is not equal to UnitPrice * Qty."
    return Fault(Error("Amount calculation incorrect", detail, "6070", "Line.Amount"))


def tax_code_us() -> Fault:
    """6100: an American line knows TAX and NON only."""
    detail = "Line tax code must be TAX or NON for US companies."
    return Fault(Error("Invalid tax code", detail, "6100", "Line.TaxCodeRef"))


def duplicate_number(number: str, kind: str, identifier: str) -> Fault:
    """6140: names the document that holds the number already, its kind in words."""
    kind = spaced(kind)
    detail = (
        "Duplicate Document Number Error : You must specify a different number. This number has "
        f"already been used. DocNumber={number} is assigned to TxnType={kind} with "
        f"TxnId={identifier}"
    )
    return Fault(Error("Duplicate Document Number Error", detail, "6140", ""))


def subscription_over() -> Fault:
    """6190: the company's subscription ended."""
    detail = "Subscription period has ended or canceled or there was a billing problem"
    return Fault(Error("Invalid Company Status", detail, "6190", ""))


def books_closed() -> Fault:
    """6210: the date lies in a closed period."""
    detail = (
        "The account period has closed and the account books cannot be updated through the QBO "
        "Services API. Please use the QBO website to make these changes."
    )
    return Fault(Error("Account Period Closed, Cannot Update Through Services API", detail, "6210"))


def duplicate_name(tail: str) -> Fault:
    """6240: the name is taken."""
    detail = f"The name supplied already exists. : {tail}"
    return Fault(Error("Duplicate Name Exists Error", detail, "6240"))


def linked() -> Fault:
    """6400: what others are laid on is not deleted through the API."""
    detail = "This transaction is linked to others and cannot be deleted. Unlink them first."
    return rule("6400", "Transaction cannot be deleted", detail)


def settled() -> Fault:
    """6450: what was paid is not voided through the API."""
    detail = "This transaction has already been settled and cannot be voided."
    return rule("6450", "Transaction cannot be voided", detail)


def wrong_account_type() -> Fault:
    """6430: an account of another type is needed there."""
    detail = (
        "Invalid account type: You need to select a different type of account for this transaction."
    )
    return rule("6430", "Invalid account type used", detail)


def deposited() -> Fault:
    """6540: a payment that lies in a deposit is frozen."""
    detail = (
        "This transaction has been deposited. If you want to change or delete it, you must edit "
        "the deposit it appears on and remove it first"
    )
    return Fault(Error("Deposited Transaction cannot be changed", detail, "6540"))
