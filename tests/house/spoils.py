"""What people type that no field can take, by kind of field; and the forms of a page as they
stand.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

LONG = "Replaced the switchboard \N{EM DASH} " * 179
FOREIGN = "Żółć 北京 \u202eevil\u202c \U0001f527 <b>&amp;\"'"

# Where a value can never be what somebody means, it must be refused.
IMPOSSIBLE = {
    "number": ["NaN", "Infinity", "-Infinity", "9" * 20, "1\x00", "ten", FOREIGN, "1.2.3"],
    "date": ["2026-02-31", "0000-01-01", "10000-01-01", "soon", "\x00", "2026-13-01"],
    "text": ["a\x00b"],
    "choice": ["99999999999999999999", "no-such", "\x00", FOREIGN],
    "hidden": ["99999999999999999999", "\x00", FOREIGN, "-1"],
    "tick": [],
    "file": [],
}
# Whether these are taken is the field's affair; what is taken is taken whole, or refused.
ODD = {
    "number": ["0", "-1", "1e5", "-0.005", "0.001", "1.005", "999999999.99", "0.00000001", ""],
    "date": ["0001-01-01", "9999-12-31", "1899-12-31", ""],
    "text": [LONG, FOREIGN, " ", "", "\r\n=1+1", "x" * 101],
    "choice": [""],
    "hidden": [""],
    "tick": ["on", "yes", "\x00"],
    "file": [],
}


@dataclass
class Form:
    """One form of a page: where it goes, and its fields with their kinds and values."""

    action: str
    kinds: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    needed: set[str] = field(default_factory=set)

    def filled(self) -> dict[str, str]:
        """As it stands, with something plausible where something is asked for."""
        plausible = {"number": "2", "date": "2026-11-02", "text": "Switchboard"}
        sent = dict(self.values)
        for name in self.needed:
            kind = self.kinds[name]
            if not sent.get(name) and kind in plausible:
                sent[name] = plausible[kind]
            elif not sent.get(name) and kind == "choice":
                sent[name] = next(filter(None, self.options[name]), "")
        return sent


class _Forms(HTMLParser):
    """Every form that is sent with POST."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.forms = path, []
        self._form = self._area = self._select = None

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            method = found.get("method", "").lower()
            goes_to = found.get("hx-post") or (found.get("action") or self.path)
            self._form = None
            if method == "post" or "hx-post" in found:
                self._form = Form(goes_to)
                self.forms.append(self._form)
        elif self._form is not None and tag in {"input", "textarea", "select"}:
            self._take(tag, found)
        elif tag == "option" and self._select:
            chosen = found.get("value", "")
            self._form.options[self._select].append(chosen)
            self._form.values.setdefault(self._select, chosen)
            if "selected" in found:
                self._form.values[self._select] = chosen

    def _take(self, tag, found):
        name, kind = found.get("name"), found.get("type", "text")
        if not name or kind in {"submit", "button", "search"} or name == "csrfmiddlewaretoken":
            return
        form = self._form
        if "required" in found:
            form.needed.add(name)
        if tag == "select":
            form.kinds[name], self._select = "choice", name
            form.options[name] = []
            return
        if tag == "textarea":
            form.kinds[name], form.values[name], self._area = "text", "", name
            return
        form.kinds[name] = self._kind(kind, found)
        if kind not in {"checkbox", "radio"} or "checked" in found:
            form.values[name] = found.get("value", "on" if kind == "checkbox" else "") or ""

    def _kind(self, kind, found):
        special = {"checkbox": "tick", "radio": "choice", "date": "date", "hidden": "hidden"}
        if kind in special or kind == "file":
            return special.get(kind, kind)
        return "number" if found.get("inputmode") in {"decimal", "numeric"} else "text"

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None
        elif tag == "form":
            self._form = None

    def handle_data(self, data):
        if self._area and self._form is not None:
            self._form.values[self._area] += data


def forms_of(path, answer):
    """The forms of an answer."""
    page = _Forms(path)
    page.feed(answer.content.decode())
    return [form for form in page.forms if form.kinds]
