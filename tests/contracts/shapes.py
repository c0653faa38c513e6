"""Compares answers by keys, JSON types and number formats; values, ids and times do not count."""

import re
from decimal import Decimal

NEWER = {
    "LastModifiedByRef": "since 2026",
    "CustomExtensions": "since 2026",
    "ItemAccountRef": "since 2021",
    "FreeFormAddress": "since 2021",
    "ShipFromAddr": "since 2021",
    "IsProject": "since 2026",
    "V4IDPseudonym": "since 2026",
    "ClientEntityId": "since 2026",
    "DeferredRevenue": "since 2026; absent from queries",
    "BillRate": "since 2026; queries leave out a zero",
    "CostRate": "since 2026; absent from queries",
    "DefaultTaxCodeRef": "queries mostly leave it out",
    "BillEmail": "taken over from the customer, who had none when this was recorded",
    "LastUpdatedTime": "one create answer lacked it",
}
NOT_KEPT = {
    "ExchangeRate": "multicurrency company",
    "HomeTotalAmt": "multicurrency company",
    "HomeBalance": "multicurrency company",
    "RecurDataRef": "made by a recurring template",
    "ClassRef": "classes are not kept",
    "Deposit": "down payments on an invoice are not kept",
    "DeliveryInfo": "only after a mail was sent",
    "MarkupInfo": "billable expenses are not kept",
    "TaxIdentifier": "masked by QuickBooks, not to be written back",
    "alternative_ids": "ids of another Intuit system",
}
NOT_KEPT_ON_LINES = ("LinkedTxn",)  # to an estimate or a time activity


def kind(value):
    """The JSON type of a value."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float | Decimal):
        return "number"
    return {str: "string", dict: "object", list: "array", type(None): "null"}[type(value)]


def merged(rows):
    """One object with every key that any row has; lists are put together."""
    result = {}
    for row in rows:
        for key, value in row.items():
            if isinstance(value, dict) and isinstance(result.get(key), dict):
                result[key] = merged([result[key], value])
            elif isinstance(value, list) and isinstance(result.get(key), list):
                result[key] = result[key] + value
            else:
                result.setdefault(key, value)
    return result


def differences(recorded, answered, path="", *, typed=True):
    """What the recorded answer has and ours has not, and the reverse."""
    if kind(recorded) != kind(answered):
        same = not typed and kind(recorded) in ("string", "number", "boolean")
        return [] if same else [f"{path}: {kind(recorded)} recorded, {kind(answered)} answered"]
    if isinstance(recorded, list):
        return _lists(recorded, answered, path, typed)
    if not isinstance(recorded, dict):
        return []
    kept = [key for key in recorded if not (path.endswith("Line[]") and key in NOT_KEPT_ON_LINES)]
    found = [f"{path}.{key}: missing" for key in kept if _missing(key, recorded, answered)]
    found += [
        f"{path}.{key}: not recorded" for key in answered if _extra(path, key, recorded, answered)
    ]
    for key in recorded:
        if key in answered:
            found += differences(recorded[key], answered[key], f"{path}.{key}", typed=typed)
    return found


def _missing(key, recorded, answered):
    if key in answered or key in NOT_KEPT or key == "totalCount":
        return False
    return recorded[key] not in ([], {}, "")


def _extra(path, key, recorded, answered):
    if path.endswith("SalesTermRef") and key == "name":
        return False  # since 2026
    return key not in recorded and key not in NEWER and answered[key] not in ([], {})


def _lists(recorded, answered, path, typed):
    if not recorded or not answered:
        return []
    if isinstance(recorded[0], dict):
        return differences(merged(recorded), merged(answered), f"{path}[]", typed=typed)
    return differences(recorded[0], answered[0], f"{path}[]", typed=typed)


NUMBER = re.compile(r'"(\w+)":(-?\d+(?:\.\d+)?)')


def _format(text):
    if text == "0":
        return "zero"
    if re.fullmatch(r"-?\d+\.\d\d", text):
        return "two decimals"
    return "whole" if "." not in text else "unpadded"


def number_formats(text):
    """How each key writes its numbers."""
    formats = {}
    for key, number in NUMBER.findall(text):
        formats.setdefault(key, set()).add(_format(number))
    return formats


def format_differences(recorded, answered):
    """Keys whose numbers are written in a way that was not recorded."""
    ours, theirs = number_formats(answered), number_formats(recorded)
    return [
        f"{key}: {sorted(formats - theirs[key])} where {sorted(theirs[key])} was recorded"
        for key, formats in ours.items()
        if key in theirs and formats - theirs[key] - {"zero"}
    ]
