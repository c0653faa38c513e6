"""Turns a bound form field into what its template shows: control classes and kinds of input."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField

_TICKED = (forms.CheckboxInput,)
_CHOSEN_FROM_LIST = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def _kind_of(widget: forms.Widget) -> str:
    if isinstance(widget, _TICKED):
        return "tick"
    return "choices" if isinstance(widget, _CHOSEN_FROM_LIST) else "control"


def _control_class(widget: forms.Widget, kind: str) -> str:
    if kind in {"tick", "choices"}:
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def _settle_input_type(bound: BoundField) -> None:
    """Dates get the browser's own picker (each form has its own copy of the widget)."""
    widget = bound.field.widget
    if isinstance(widget, forms.DateInput) and widget.input_type in {"text", "date"}:
        widget.input_type = "date"
        widget.format = "%Y-%m-%d"


def _attributes_for(bound: BoundField, kind: str) -> dict[str, str | bool]:
    widget = bound.field.widget
    classes = [widget.attrs.get("class", ""), _control_class(widget, kind)]
    if bound.errors:
        classes.append("is-invalid")
    if isinstance(bound.field, forms.DecimalField):
        classes.append("number")
    attributes: dict[str, str | bool] = {"class": " ".join(filter(None, classes))}
    if isinstance(bound.field, forms.DecimalField | forms.IntegerField) and kind == "control":
        attributes["inputmode"] = "decimal"
    return attributes


def described_field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """The context of components/field.html."""
    kind = _kind_of(bound.field.widget)
    _settle_input_type(bound)
    if kind == "choices":
        # Its parts are drawn one by one, from the widget's own attributes.
        bound.field.widget.attrs["class"] = "form-check-input"
    return {
        "field": bound,
        "kind": kind,
        "control": bound.as_widget(attrs=_attributes_for(bound, kind)),
        "label": options.get("label", bound.label),
        "is_needed": bound.field.required and kind == "control",
        **options,
    }
