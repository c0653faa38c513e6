"""One sweep over every form: whatever is typed, the answer is a page that says what is wrong, with
what was typed still in it, and nothing is half saved.
"""

import html
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse

from integrations.connections import ledgers
from tests.house.doors import DOORS
from tests.house.spoils import IMPOSSIBLE, ODD, Form, forms_of
from tests.house.test_doors import address_of, everything, the_row

FORMS = [door for door in DOORS if door.methods == "GET POST" and not door.is_far]
# Drop-downs and ticks offer what there is; a made-up value has no place in the form again.
RETYPED = {"text", "number", "date"}
TAKEN = {204, 302, 286}
# Given up with a choice beside it: the price of a job that is not of a fixed price.
MEANS_NOTHING = {"/jobs/": ("fixed_price",)}


@pytest.fixture
def olives(bright_spark, olive, client_of, monkeypatch):
    """The owner's browser; every spoiled form is sent in a transaction that is taken back."""
    cache.clear()
    monkeypatch.setattr(ledgers, "DEPTH_OF_NO_TRANSACTION", ledgers.DEPTH_OF_NO_TRANSACTION + 1)
    return client_of(olive)


def is_refused(answer):
    """As the house refuses a form; a page with a message is a refusal, too."""
    return answer.status_code not in TAKEN and not answer.headers.get("HX-Redirect")


@dataclass
class Spoiled:
    """One form sent with one field spoiled: the answer, all rows after it if it was refused, and
    the form as it opens again if it was taken.
    """

    answer: HttpResponse
    rows: list | None = None
    reopened: list[Form] = field(default_factory=list)


def sent_spoiled(browser, path, form, typed):
    """Post the form with one field spoiled, look, and take it back."""
    with transaction.atomic():
        found = Spoiled(browser.post(form.action, form.filled() | typed))
        if is_refused(found.answer):
            found.rows = everything()
        elif path.endswith("/edit/") and (page := browser.get(path)).status_code == 200:
            found.reopened = forms_of(path, page)
        transaction.set_rollback(True)
    return found


def complaints_of(browser, path, form, before):
    """Everything that is wrong with how this form takes bad input."""
    for name, kind in form.kinds.items():
        for value in [*IMPOSSIBLE[kind], *ODD[kind]]:
            try:
                found = sent_spoiled(browser, path, form, {name: value})
            except Exception as error:  # noqa: BLE001 - whatever a view does not catch
                wrong = f"{type(error).__name__}: {error}"[:300]
            else:
                wrong = what_is_wrong(found, before, (name, kind, value))
            if wrong and name not in MEANS_NOTHING.get(path[:6], ()):
                yield f"{name}={value[:20]!r}: {wrong}"


def what_is_wrong(found, before, typed):
    """With this answer; nothing, as it should be."""
    _, kind, value = typed
    if found.answer.status_code >= 500:
        return f"answered {found.answer.status_code}"
    if not is_refused(found.answer):
        if value in IMPOSSIBLE[kind] and kind in RETYPED:
            return "was taken"
        return "" if is_whole(found.reopened, typed) else "was taken as something else"
    if found.rows != before:
        return "refused, and something changed"
    is_form = found.answer.status_code == 422
    return "what was typed is gone" if is_form and not kept(found.answer, typed) else ""


def is_whole(reopened, typed):
    """What was taken stands in the form that is opened again, to the last digit."""
    name, kind, value = typed
    shown = next((form.values[name] for form in reopened if name in form.values), None)
    if shown is None or not value.strip() or kind not in RETYPED:
        return True
    if kind == "number":
        return Decimal(shown or 0) == Decimal(value)
    return shown.split() == value.split()


def kept(answer, typed):
    """What was typed stands in the form again (a NUL cannot be shown)."""
    _, kind, value = typed
    if kind not in RETYPED or "\x00" in value or not value.strip():
        return True
    page = html.unescape(answer.content.decode())
    return value.strip().replace("\r\n", "\n") in page.replace("\r\n", "\n")


@pytest.mark.parametrize("door", FORMS, ids=lambda door: door.name)
def test_whatever_is_typed_is_answered_and_nothing_is_half_saved(door, olives, bright_spark):
    path = address_of(door, the_row(door, bright_spark))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    page = olives.get(path)
    before = everything()
    complaints = [
        complaint
        for form in forms_of(path, page)
        for complaint in complaints_of(olives, path, form, before)
    ]
    assert not complaints, "\n".join(complaints)
