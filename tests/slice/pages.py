"""A browser without JavaScript: follows links, fills forms by their labels, and submits them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
SECONDS = 30


class StoryError(AssertionError):
    """The page is not what the story expects."""


@dataclass
class Element:
    """An element with its attributes, its parent and its children (elements and texts)."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def all(self, *tags: str) -> "list[Element]":
        """Every element below with one of these tags, in page order."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                if child.tag in tags:
                    found.append(child)
                found += child.all(*tags)
        return found

    @property
    def text(self) -> str:
        """The visible text with single spaces."""
        parts = [c if isinstance(c, str) else c.text for c in self.children]
        return "" if self.tag in {"script", "style"} else " ".join(" ".join(parts).split())


class _TreeBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("root", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {k: v if v is not None else k for k, v in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Element(tag, {k: v or "" for k, v in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        element: Element | None = self.here
        while element is not None and element.tag != tag:
            element = element.parent
        if element is not None and element.parent is not None:
            self.here = element.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


class Form:
    """A form as it stands on the page: every control with its present value."""

    def __init__(self, page: "Page", element: Element) -> None:
        self.page, self.element = page, element
        self.values: list[tuple[str, str]] = []
        for control in element.all("input", "select", "textarea"):
            self.values += _present_values(control)

    def fill(self, **by_name: object) -> "Form":
        """Set controls by their names; True ticks a box, None empties a control or unticks it."""
        for name, value in by_name.items():
            self._require(name)
            self.values = [(n, v) for n, v in self.values if n != name]
            if value is not None:
                self.values.append((name, self._ticked(name) if value is True else str(value)))
        return self

    def label(self, label: str, value: object) -> "Form":
        """Set the control that bears this label (its beginning is enough)."""
        return self.fill(**{self.name_of(label): value})

    def choose(self, label: str, option: str) -> "Form":
        """Choose the option of a drop-down whose text contains this."""
        control = self._named(self.name_of(label))
        for candidate in control.all("option"):
            if option in candidate.text:
                return self.fill(**{control["name"]: candidate["value"]})
        raise StoryError(
            f"{label!r} offers no {option!r}: {[o.text for o in control.all('option')]}"
        )

    def offered(self, label: str) -> list[str]:
        """The texts of a drop-down's options."""
        return [o.text for o in self._named(self.name_of(label)).all("option")]

    def options(self, name: str) -> list[Element]:
        """The options of a drop-down by its name."""
        return self._named(name).all("option")

    def values_of(self, label: str) -> list[str]:
        """The present values of the control that bears this label."""
        name = self.name_of(label)
        return [value for each, value in self.values if each == name]

    def name_of(self, label: str) -> str:
        """The name of the control that bears this label."""
        for candidate in self.page.root.all("label"):
            if candidate.text.startswith(label):
                inside = candidate.all("input", "select", "textarea")
                wanted = candidate["for"]
                for control in inside or self.element.all("input", "select", "textarea"):
                    if inside or control["id"] == wanted:
                        return control["name"]
        labels = [each.text for each in self.element.all("label")]
        raise StoryError(f"{self.page.address}: no field labelled {label!r} among {labels}")

    def submit(self, button: str = "") -> "Page":
        """Press a button (by its text, or the first one) and give the page that follows."""
        values = list(self.values)
        pressed = self._button(button)
        if pressed is not None and pressed["name"]:
            values.append((pressed["name"], pressed["value"]))
        action = (pressed["formaction"] if pressed else "") or self.element["action"]
        target = urljoin(self.page.address, action or self.page.address)
        if (self.element["method"] or "get").lower() == "get":
            return self.page.browser.get(target, params=values)
        return self.page.browser.post(target, values, came_from=self.page.address)

    def _button(self, text: str) -> Element | None:
        buttons = [
            b
            for b in self.element.all("button", "input")
            if (b.tag == "button" and b["type"] in {"", "submit"}) or b["type"] == "submit"
        ]
        outside = [
            b
            for b in self.page.root.all("button")
            if self.element["id"] and b["form"] == self.element["id"]
        ]
        for candidate in buttons + outside:
            if text in (candidate.text or candidate["value"]):
                return candidate
        if text:
            raise StoryError(f"{self.page.address}: no button {text!r}")
        return None

    def _named(self, name: str) -> Element:
        for control in self.element.all("input", "select", "textarea"):
            if control["name"] == name:
                return control
        names = [c["name"] for c in self.element.all("input", "select", "textarea")]
        raise StoryError(f"{self.page.address}: no control {name!r} among {names}")

    def _require(self, name: str) -> None:
        self._named(name)

    def _ticked(self, name: str) -> str:
        return self._named(name)["value"] or "on"


def _present_values(control: Element) -> list[tuple[str, str]]:
    name, kind = control["name"], control["type"]
    if (
        not name
        or "disabled" in control.attributes
        or kind in {"submit", "button", "file", "image"}
    ):
        return []
    if control.tag == "textarea":
        return [(name, "".join(c for c in control.children if isinstance(c, str)))]
    if control.tag == "select":
        options = control.all("option")
        chosen = [o for o in options if "selected" in o.attributes]
        if not chosen and options and "multiple" not in control.attributes:
            chosen = options[:1]
        return [(name, o.attributes.get("value", o.text)) for o in chosen]
    if kind in {"checkbox", "radio"}:
        return [(name, control["value"] or "on")] if "checked" in control.attributes else []
    return [(name, control["value"])]


class Page:
    """An answer, parsed."""

    def __init__(self, browser: "Browser", response: requests.Response) -> None:
        self.browser, self.status = browser, response.status_code
        self.address, self.html = response.url, response.text
        builder = _TreeBuilder()
        builder.feed(response.text)
        self.root = builder.root

    @property
    def text(self) -> str:
        """Everything a person can read."""
        return self.root.text

    def says(self, *texts: str) -> "Page":
        """Fail unless the page says all of this."""
        for text in texts:
            if text not in self.text:
                raise StoryError(
                    f"{self.address} ({self.status}) does not say {text!r}:\n{self.text[:1500]}"
                )
        return self

    def form(self, *, button: str = "", action: str = "") -> Form:
        """The first form with a button of this text, or with this in its action."""
        for element in self.root.all("form"):
            texts = [b.text or b["value"] for b in element.all("button", "input")]
            texts += [
                b.text
                for b in self.root.all("button")
                if element["id"] and b["form"] == element["id"]
            ]
            if action in (element["action"] or self.address) and any(button in t for t in texts):
                return Form(self, element)
        raise StoryError(
            f"{self.address} ({self.status}): no form {button or action!r}:\n{self.text[:1500]}"
        )

    def link(self, text: str) -> str:
        """The address behind the first link (or htmx button) with this text."""
        for element in self.root.all("a", "button"):
            where = element["href"] or element["hx-get"]
            if text in (element.text or element["aria-label"]) and where not in {"", "#"}:
                return urljoin(self.address, where)
        raise StoryError(f"{self.address}: no link {text!r}:\n{self.text[:1500]}")

    def follow(self, text: str) -> "Page":
        """Press a link."""
        return self.browser.get(self.link(text))


class Browser:
    """One person's browser: cookies, and where it is."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.session = requests.Session()

    def get(self, address: str, params: list[tuple[str, str]] | None = None) -> Page:
        """Open a page."""
        response = self.session.get(urljoin(self.base, address), params=params, timeout=SECONDS)
        return self._page(response)

    def post(self, address: str, values: list[tuple[str, str]], *, came_from: str) -> Page:
        """Send a form."""
        response = self.session.post(
            address, data=values, headers={"Referer": came_from}, timeout=SECONDS
        )
        return self._page(response)

    def text(self, address: str) -> str:
        """A file, as it came."""
        return self.session.get(urljoin(self.base, address), timeout=SECONDS).text

    def _page(self, response: requests.Response) -> Page:
        page = Page(self, response)
        if page.status >= 500:
            raise StoryError(f"{page.address} answered {page.status}:\n{page.text[:800]}")
        return page
