"""The template components of the house, a builtin library; docs/components.md shows each."""

from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ascora.common import wording
from ascora.common.form_fields import described_field
from ascora.common.icons import icon_svg
from ascora.common.listing import Listing

register = template.Library()

TONES = frozenset({"neutral", "info", "good", "warn", "bad"})


@register.filter
def money(amount: Decimal | int | None) -> str:
    """`$1,765.36`; nothing for None."""
    return "" if amount is None else wording.money(amount)


@register.filter
def plain_money(amount: Decimal | int | None) -> str:
    """`1,765.36`; nothing for None."""
    return "" if amount is None else wording.plain_money(amount)


@register.filter
def quantity(amount: Decimal | int | None) -> str:
    """`3.5`; nothing for None."""
    return "" if amount is None else wording.quantity(amount)


@register.filter
def unit_price(amount: Decimal | int | None) -> str:
    """`12.50`, `7.2055`; nothing for None."""
    return "" if amount is None else wording.unit_price(amount)


@register.filter
def percent(rate: Decimal | int | None) -> str:
    """`1.75 %`; nothing for None."""
    return "" if rate is None else wording.percent(rate)


@register.simple_tag
def icon(name: str, label: str = "", classes: str = "") -> SafeString:
    """`{% icon "users" %}`: an outline icon of the kit, in the page itself."""
    return icon_svg(name, label=label, classes=classes)


@register.simple_tag
def chip(text: object, tone: str = "neutral") -> SafeString:
    """`{% chip "Paid" "good" %}`: a status in one of five tones."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"{tone!r} is not a tone of chips: {sorted(TONES)}")
    return format_html('<span class="chip chip-{}">{}</span>', tone, text)


@register.simple_tag
def menu_url(name: str, *args: Any) -> str:
    """The address of a URL name, or nothing where no app has it: the menu then hides the entry."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("components/menu_entry.html")
def menu_entry(section: str, label: str, icon_name: str, url_name: str) -> dict[str, str]:
    """One entry of the top menu."""
    return {"section": section, "label": label, "icon": icon_name, "url": menu_url(url_name)}


@register.inclusion_tag("components/menu_choice.html")
def menu_choice(label: str, url_name: str) -> dict[str, str]:
    """One entry of a drop-down in the top menu."""
    return {"label": label, "url": menu_url(url_name)}


@register.simple_tag
def field(bound: BoundField, **options: Any) -> SafeString:
    """`{% field form.name %}`: label, input, help and errors, tied together for screen readers.

    Options: `prefix="$"`, `suffix="%"`, `label="..."`, `classes="..."`, `wide=True` (a whole row of
    a form grid).
    """
    return render_to_string("components/field.html", described_field(bound, **options))


@register.simple_tag
def account_field(bound: BoundField, **options: Any) -> SafeString:
    """A drop-down of account codes; where there are none yet it says where they come from."""
    has_codes = any(value for value, label in getattr(bound.field, "choices", ()))
    described = described_field(bound, **options) | {"has_no_codes": not has_codes}
    return render_to_string("components/field.html", described)


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What is wrong with the form as a whole, and with fields that nobody sees; hidden, what the
    form shows, so that two people do not save over each other unawares.
    """
    hidden = [error for bound in form.hidden_fields() for error in bound.errors]
    return {
        "errors": [*form.non_field_errors(), *hidden],
        "has_field_errors": bool(form.errors),
        "seen": getattr(form, "seen", ""),
    }


@register.inclusion_tag("components/sort_header.html")
def sort_header(listing: Listing[Any], key: str, label: str, classes: str = "") -> dict[str, Any]:
    """`{% sort_header listing "name" "Name" %}`: a heading that sorts by `key`, and back."""
    return {
        "label": label,
        "classes": classes,
        "address": listing.address_sorted_by(key),
        "direction": listing.direction_of(key),
    }


@register.inclusion_tag("components/pager.html")
def pager(listing: Listing[Any]) -> dict[str, Any]:
    """How many there are, and the pages before and after."""
    return {"listing": listing}


@register.simple_tag
def dialog_link(url: str, label: str, icon_name: str = "", classes: str = "btn") -> SafeString:
    """A link that opens a pop-up, or the same address as a page where scripts do not run."""
    drawing = icon_svg(icon_name) if icon_name else ""
    return format_html(
        '<a class="{}" href="{}" hx-get="{}" hx-target="#dialog" hx-swap="innerHTML">{}{}</a>',
        classes, url, url, drawing, label,
    )  # fmt: skip


@register.simple_block_tag
def card(content: SafeString, title: str = "", **options: str) -> SafeString:
    """`{% card "Contacts" %}...{% endcard %}`: a section of a page.

    Options: `action_url` with `action` (a pop-up link at its head, perhaps with `action_icon`),
    `flush="yes"` (a table that reaches the edges), `id`.
    """
    context = {"content": content, "title": title, "action_icon": "", **options}
    return render_to_string("components/card.html", context)


@register.simple_block_tag
def facts(content: SafeString) -> SafeString:
    """`{% facts %}{% fact "Phone" customer.phone %}{% endfacts %}`: a definition list."""
    return format_html('<dl class="facts">{}</dl>', content)


@register.simple_tag
def fact(label: str, value: object, href: str = "") -> SafeString:
    """One line of a definition list; a dash where there is nothing."""
    is_empty = value is None or value == ""
    said = "\N{EN DASH}" if is_empty else value
    if href and value:
        said = format_html('<a href="{}">{}</a>', href, said)
    return format_html(
        '<div class="fact{}"><dt>{}</dt><dd class="as-typed">{}</dd></div>',
        " fact-empty" if is_empty else "",
        label,
        said,
    )


@register.simple_block_tag
def nothing(content: SafeString, title: str, icon_name: str = "inbox") -> SafeString:
    """`{% nothing "No jobs yet" "tool" %}what to do next{% endnothing %}`: an empty state."""
    context = {"content": content, "title": title, "icon": icon_name}
    return render_to_string("components/empty.html", context)


@register.inclusion_tag("components/live.html")
def live(url: str, every: int = 0, name: str = "", classes: str = "") -> dict[str, Any]:
    """A region that another storey serves: loaded with the page, again every so many seconds."""
    return {"url": url, "every": every, "name": name, "classes": classes}
