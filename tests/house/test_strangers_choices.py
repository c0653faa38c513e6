"""Whatever drop-down is sent with the id of another organization's row: it is refused at the field,
and nothing changes, neither here nor there.
"""

from django.db import connection, transaction

from tests.house.spoils import forms_of
from tests.house.strangers import ID, KEY, TYPED, a_stranger
from tests.house.test_bad_input import FORMS, is_refused, olives
from tests.house.test_doors import address_of, everything, the_row

__all__ = ["olives"]

NAMES_NO_ROW = ("-FORMS", "seen")
# The lines of a document are all alike; one of them is enough.
FURTHER_LINES = ("lines-1-", "lines-2-")
# Sent with a press of its own; elsewhere nobody reads it. A row that is not found adds no line.
PRESSED = {"new_supply": "add_supply"}


def typed_into(form, name):
    """As the drop-down's own choices look: ids of the one kind, of the other, or nobody knows."""
    offered = [value for value in form.options.get(name, []) if value]
    if not offered:
        return TYPED if form.kinds[name] == "choice" else [str(ID)]
    return [str(ID) if all("-" in value for value in offered) else str(KEY)]


def complaints_of(browser, form, before):
    """Every field that takes a stranger's row, or says nothing where it refuses it."""
    for name, kind in form.kinds.items():
        if kind not in {"choice", "hidden"} or name.endswith(NAMES_NO_ROW):
            continue
        if name.startswith(FURTHER_LINES):
            continue
        for value in typed_into(form, name):
            typed = {name: value} | ({PRESSED[name]: "1"} if name in PRESSED else {})
            with transaction.atomic():
                answer = browser.post(form.action, form.filled() | typed)
                wrong = what_is_wrong(answer, name, kind)
                if not is_refused(answer):
                    transaction.set_rollback(True)
            if wrong:
                yield f"{name}={value}: {wrong}"
    if everything() != before:
        yield "refused, and something changed"


def what_is_wrong(answer, name, kind):
    """With this answer; nothing, as it should be."""
    if answer.status_code >= 500:
        return f"answered {answer.status_code}"
    if kind != "choice":
        # Looked for among the own rows, or no id at all: either way no row of a stranger.
        return ""
    if not is_refused(answer):
        return "was taken"
    if name in PRESSED:
        return "is shown" if str(ID) in answer.content.decode() else ""
    return "" if is_said_at(answer, name) else f"{answer.status_code}, but not at the field"


def is_said_at(answer, name):
    """The refusal stands under the field."""
    return f'id="id_{name}_error"' in answer.content.decode()


def test_a_strangers_row_is_refused_in_every_drop_down(olives, bright_spark):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    a_stranger()
    complaints = []
    for door in FORMS:
        with transaction.atomic():
            path = address_of(door, the_row(door, bright_spark))
            forms = forms_of(path, olives.get(path))
            before = everything()
            for form in forms:
                complaints += [f"{door.name} {c}" for c in complaints_of(olives, form, before)]
            transaction.set_rollback(True)
    assert not complaints, "\n".join(complaints)
