"""What a browser would send: the inputs of a page's form with their values."""

from html.parser import HTMLParser


class _Inputs(HTMLParser):
    """Collects inputs, text areas and selects; only the form that has `seen` or a text in it."""

    def __init__(self):
        super().__init__()
        self.values, self._area, self._select = {}, None, None

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        name = found.get("name")
        if tag == "input" and name and found.get("type") not in {"submit", "button"}:
            is_tick = found.get("type") in {"checkbox", "radio"}
            if not is_tick or "checked" in found:
                self.values[name] = found.get("value", "on" if is_tick else "") or ""
        elif tag == "textarea" and name:
            self._area, self.values[name] = name, ""
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select:
            chosen = found.get("value", "")
            first = self.values.setdefault(self._select, chosen)
            self.values[self._select] = chosen if "selected" in found else first

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.values[self._area] = self.values[self._area].removeprefix("\n")
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data):
        if self._area:
            self.values[self._area] += data


def form_of(response):
    """The inputs of the answer by name, as a browser would send them back unchanged."""
    page = _Inputs()
    page.feed(response.content.decode())
    return page.values
