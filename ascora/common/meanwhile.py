"""Two people with the same form open: what each was shown, and what was changed meanwhile.

A form carries, hidden, when it was shown and a short digest of each value that it showed. When it
comes back, values of the row that differ from those were changed by somebody else.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone

LONGEST_QUOTE = 80
SAVE_AGAIN = "What you typed is kept. Save again to save it over what is there now."


@dataclass(frozen=True, slots=True)
class Seen:
    """What a form showed: a digest of each value, by the name of its field."""

    digests: Mapping[str, str]
    at: datetime = field(default_factory=timezone.now)

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> "Seen":
        """These values, shown now."""
        return cls({name: _digest(text) for name, text in texts.items()})

    @classmethod
    def unpacked(cls, packed: object) -> "Seen | None":
        """What came back with the form; nothing when it is not ours."""
        try:
            found = json.loads(str(packed or ""))
            digests = {str(name): str(digest) for name, digest in found["of"].items()}
            return cls(digests, datetime.fromisoformat(found["at"]))
        except (ValueError, TypeError, KeyError, AttributeError):
            return None

    def packed(self) -> str:
        """For the hidden input."""
        return json.dumps({"at": self.at.isoformat(), "of": dict(self.digests)})

    def differences(self, texts: Mapping[str, str]) -> list[str]:
        """The names whose values are not the ones that were shown."""
        return [
            name
            for name, text in texts.items()
            if name in self.digests and self.digests[name] != _digest(text)
        ]


class Remembering(forms.BaseForm):
    """A form of settings that many people share, with no service that holds one row: it tells what
    somebody else saved since it was shown, before that is saved over.

    Built from rows that are held until the transaction ends, or judged against a form that is.
    """

    _shown_again = ""

    @property
    def seen(self) -> str:
        """What this page shows, for the hidden input."""
        sent = str(self.data.get("seen", ""))
        return self._shown_again or sent or Seen.of(shown_texts(self)).packed()

    def was_changed_meanwhile(self, now: forms.BaseForm | None = None) -> bool:
        """Say on the form what changed while it was open. What was typed is kept; the rest shows
        what is there now.
        """
        there = now or self
        seen, texts = Seen.unpacked(self.data.get("seen")), shown_texts(there)
        changed = seen.differences(texts) if seen else []
        if seen is None or not changed:
            return False
        words = "; ".join(f"{there[name].label} is now {quoted(there, name)}" for name in changed)
        mine = seen.differences(typed_texts(self))
        self.add_error(None, f"This was changed elsewhere while you had it open: {words}.")
        self.add_error(None, SAVE_AGAIN)
        show_afresh(self, [name for name in changed if name not in mine])
        self._shown_again = Seen.of(texts).packed()
        return True


def shown_texts(form: forms.BaseForm) -> dict[str, str]:
    """What each input shows when the form is opened, as the browser will send it back."""
    return {name: _text(_shown(form, name)) for name in form.fields}


def typed_texts(form: forms.BaseForm) -> dict[str, str]:
    """What each input said when the form was sent."""
    return {name: _text(form[name].data) for name in form.fields}


def show_afresh(form: forms.BaseForm, names: Iterable[str]) -> None:
    """Let these inputs show what the row says now, the others what was typed."""
    data = QueryDict(mutable=True)
    data.update(cast("Any", form.data))
    for name in names:
        shown = _shown(form, name)
        data.pop(form.add_prefix(name), None)
        if shown is not False:
            data[form.add_prefix(name)] = "on" if shown is True else _text(shown)
    form.data = data


def quoted(form: forms.BaseForm, name: str) -> str:
    """What the row says now, in words: the label of a choice, yes or no, the text."""
    column, value = form.fields[name], _shown(form, name)
    if isinstance(column, forms.BooleanField):
        return "ticked" if value else "not ticked"
    if isinstance(column, forms.ModelChoiceField):
        return _quote(_label_of_row(column, value))
    if isinstance(column, forms.ChoiceField):
        labels: dict[Any, Any] = dict(cast("Any", column.choices))
        return _quote(str(labels.get(value, value)))
    return _quote(_text(value))


def _label_of_row(column: forms.ModelChoiceField[Any], value: object) -> str:
    if not value:
        return str(column.empty_label or "")
    rows = column.queryset
    if rows is None:
        return ""
    return ", ".join(str(row) for row in rows.filter(**{column.to_field_name or "pk": value}))


def _shown(form: forms.BaseForm, name: str) -> object:
    column = form.fields[name]
    value = column.prepare_value(form.get_initial_for_field(column, name))
    if isinstance(column, forms.BooleanField):
        return bool(value)
    if isinstance(column, forms.ChoiceField | forms.ModelChoiceField):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return column.widget.format_value(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ",".join(str(part) for part in value)
    return str(value).replace("\r\n", "\n").strip()


def _quote(text: str) -> str:
    if not text:
        return "empty"
    short = text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}\N{HORIZONTAL ELLIPSIS}"
    return f"\N{LEFT DOUBLE QUOTATION MARK}{short}\N{RIGHT DOUBLE QUOTATION MARK}"


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=6).hexdigest()
