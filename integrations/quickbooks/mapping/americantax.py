"""American sales tax (field guide 10): lines say TAX or NON, the document its rate. Pure."""

from collections.abc import Iterable

from integrations.quickbooks.mapping.encoding import reference

TAXED, UNTAXED = "TAX", "NON"
US_CODES = frozenset({TAXED, UNTAXED})
_MARK = f"{TAXED}:"


def code_of_rate(rate_id: str) -> str:
    """How a rate of an American company is named as a tax code here: taxed, at this rate."""
    return f"{_MARK}{rate_id}"


def line_code(code: str) -> str:
    """What a line bears: TAX or NON in America, elsewhere the code itself."""
    return TAXED if code.startswith(_MARK) else code


def is_american(codes: Iterable[str]) -> bool:
    """Whether these are codes of an American company."""
    return US_CODES.issuperset(line_code(code) for code in codes)


def document_tax(codes: Iterable[str]) -> dict[str, object]:
    """The rate of the whole document. Without it the books charge no tax on its lines."""
    rates = sorted({code.removeprefix(_MARK) for code in codes if code.startswith(_MARK)})
    if len(rates) > 1:
        raise ValueError("a document of an American company has one rate of tax")
    if not rates:
        return {}
    return {"TxnTaxDetail": {"TxnTaxCodeRef": reference(rates[0])}}
