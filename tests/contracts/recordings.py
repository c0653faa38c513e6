"""The recorded exchanges: where they are, how they read, which wait for a later issue."""

import json
import os
import re
import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("ASCORA_RECORDED", ROOT.parent / "shared" / "quickbooks" / "recorded"))
NOT_YET = {
    **dict.fromkeys(
        (
            "minimul-qbo_api/cdc__basic",
            "nango-2026/create-estimate",
            "nango-2026/estimates",
            "nango-2026/get-estimate",
            "nango-2026/list-estimates",
            "nango-2026/update-estimate",
        ),
        "Estimate is not part of the product",
    ),
    **dict.fromkeys(
        (
            "flowlink/purchaseorder-create-ok-2",
            "flowlink/purchaseorder-create-ok-3",
            "flowlink/purchaseorder-update-ok-1",
            "flowlink/purchaseorder-update-ok-4",
            "flowlink/query-purchaseorder-empty-3",
            "flowlink/query-purchaseorder-empty-4",
            "flowlink/query-purchaseorder-ok-1",
            "flowlink/query-purchaseorder-ok-2",
            "nango-2026/create-purchase-order",
            "nango-2026/get-purchase-order",
            "nango-2026/list-purchase-orders",
            "nango-2026/update-purchase-order",
        ),
        "PurchaseOrder is not part of the product",
    ),
    **dict.fromkeys(
        ("flowlink/invoice-create-err6270-1", "flowlink/salesreceipt-create-err6270-1"),
        "inventory quantities are not kept",
    ),
    "flowlink/item-update-ok-2": "a service item of 2014 without income account",
    "nango-2026/transfers": "Transfer is not part of the product",
    "issue-quoted/fault-6140-french-locale": "fault texts are English only",
    "issue-quoted/oauth-refresh-invalid_grant-bare": "the described form is given instead",
}
NUMBERS = frozenset(
    (
        "Amount",
        "UnitPrice",
        "Qty",
        "Balance",
        "TotalAmt",
        "TotalTax",
        "PurchaseCost",
        "QtyOnHand",
        "BalanceWithJobs",
        "Deposit",
        "LineNum",
    )
)
OF_2014 = ("CurrencyRef", "CustomField", "TxnTaxDetail")
FLAGS = frozenset(("true", "false"))


class Recording:
    """One file."""

    def __init__(self, path):
        self.name = f"{path.parent.name}/{path.stem}"
        content = json.loads(path.read_text(), parse_float=Decimal)
        self.request = content.get("request") or {}
        self.response = content["response"]
        self.statement = (self.request.get("query") or {}).get("query", "")

    @property
    def not_there_yet(self):
        """Properties that answers of that time did not have."""
        first = self.name.startswith("flowlink/") and "creditmemo" in self.name
        return tuple(f".{each}: not recorded" for each in OF_2014 if first)

    @property
    def status(self):
        return self.response["status"]

    @property
    def is_xml(self):
        return isinstance(self.response["body"], str) and "<IntuitResponse" in self.text

    @property
    def text(self):
        body = self.response["body"]
        return body if isinstance(body, str) else self.response.get("body_text", "")

    @property
    def body(self):
        if self.is_xml:
            return answer_from_xml(self.text)
        return self.response["body"]

    @property
    def sent(self):
        body = self.request.get("body")
        return body_from_xml(body) if isinstance(body, str) and body.startswith("<") else body

    @property
    def codes(self):
        fault = self.body.get("Fault") or self.body.get("fault") or {}
        return [each["code"] for each in fault.get("Error") or fault.get("error") or []]


def load():
    """Every recording, by name; nothing where the folder is absent."""
    return {each.name: each for each in map(Recording, sorted(FOLDER.glob("*/*.json")))}


def _tag(element):
    return re.sub(r"^\{.*\}", "", element.tag)


def body_from_xml(text):
    """The JSON form of a recorded XML request."""
    return _value(ET.fromstring(text))


def _value(element):
    children = list(element)
    name = _tag(element)
    if not children:
        return _leaf(name, (element.text or "").strip(), element.attrib)
    result = {}
    for child in children:
        key = _tag(child)
        if key in ("Line", "CustomField", "LinkedTxn"):
            result.setdefault(key, []).append(_value(child))
        else:
            result[key] = _value(child)
    return result


def _leaf(name, text, attributes):
    if name.endswith("Ref") or name == "CustomerMemo":
        return {"value": text, **attributes} if text else {}
    if name in NUMBERS and text:
        return Decimal(text)
    if text in FLAGS:
        return text == "true"
    return {} if name.endswith("LineDetail") else text


def answer_from_xml(text):
    """The JSON form of a recorded XML answer."""
    root = ET.fromstring(text)
    result = {"time": root.get("time")}
    for child in root:
        name = _tag(child)
        if name == "Fault":
            result[name] = _fault(child)
        elif name == "QueryResponse":
            result[name] = _rows(child)
        else:
            result[name] = {**child.attrib, **_value(child)}
    return result


def _fault(element):
    errors = []
    for child in element:
        parts = {_tag(each): each.text for each in child}
        errors.append({**parts, **child.attrib})
    return {"Error": errors, **element.attrib}


def _rows(element):
    rows = dict(element.attrib)
    for child in element:
        row = {**child.attrib, **_value(child)}
        rows.setdefault(_tag(child), []).append(row)
    return rows
