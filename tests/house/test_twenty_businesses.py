"""Twenty businesses in one installation: no page, list, report, file or letter of one ever shows a
word of another.
"""

import re
import zipfile
from io import BytesIO
from itertools import product

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from ascora.tenancy.models import Role
from ascora.tenancy.rls import acting_for
from ascora.tenancy.services import invite
from integrations.registry import provider_for
from integrations.reports.catalogue import OFFERS
from inventory.models import Supplier, SupplierInvoice, Supply
from jobs.models import Customer, Expense, Job
from payments.models import CreditNote, Invoice, Payment
from payments.services import deliver_letters
from tests.house.canaries import WORD, a_business
from tests.house.doors import DOORS
from tests.payments.papers import words_of

MANY = 20
VISITORS = 3
WORDS = re.compile(rf"{WORD}\d\dz", re.IGNORECASE)
A_YEAR = {"begins_on": "2026-01-01", "ends_on": "2026-12-31"}
# Signs a person in, or away; what they show is another person's own affair.
NO_PAGE = {"tenancy:invitation_accept", "integrations:callback"}
# Words and figures of no document, or of the installation.
SHOW_NO_WORD = {
    *NO_PAGE,
    "healthz",
    "readyz",
    "integrations:metrics",
    "integrations:import_progress",
    "integrations:file_import_progress",
    "integrations:file_import_columns",
    "integrations:file_import_left_out",
    "integrations:job_profit",
    "jobs:supply_terms",
    "payments:customer_payments",
}
# What a page may be asked for beside its address.
ASKED = {
    "customer": Customer, "invoice": Invoice, "supplier": Supplier, "supply": Supply, "job": Job,
}  # fmt: skip
OF_ANY_DOCUMENT = ("integrations:document_state", "integrations:document_accounts")
IN_BOOKS = (Customer, Invoice, Payment, CreditNote, Supplier, SupplierInvoice, Expense)
# Asked for by days, never by the id of a row.
FIGURES = ("integrations:report_detail", "integrations:file_export")
# Everybody's word begins alike.
SEARCHES = ("q", "customer_search", "supply_search", "job_search")
PAPERS = {"invoice": Invoice, "credit-note": CreditNote, "receipt": Payment, "statement": Customer}


def pages():
    """Every page that a GET answers, as (name, what its address speaks of, arguments, query)."""
    for door in DOORS:
        if "GET" in door.methods and door.name not in (*NO_PAGE, *OF_ANY_DOCUMENT):
            yield door.name, door.of, (door.args, door.args_after), {}
        if door.name.endswith(("_list", "_choices")):
            yield door.name, door.of, ((), ()), dict.fromkeys(SEARCHES, WORD)
    yield from pages_of_documents()
    yield from pages_of_figures()


def pages_of_documents():
    """What there is of every kind of document: paper, drafts, the state in the books."""
    for (kind, model), what in product(PAPERS.items(), ("pdf", "send", "letters")):
        yield f"payments:paper_{what}", model, ((kind,), ()), {}
    for kind in ("invoice", "credit_note"):
        yield f"payments:{kind}_edit", f"draft {kind}", ((), ()), {}
    for name, model in product(OF_ANY_DOCUMENT, IN_BOOKS):
        yield name, model, ((model._meta.label_lower,), ()), {}


def pages_of_figures():
    """Every report and every export, as a page and as the files that they are had as."""
    for offer, form in product(OFFERS, ({}, {"as": "csv"}, {"as": "xlsx"})):
        yield "integrations:report_detail", None, ((offer.slug,), ()), A_YEAR | form
    for kind, form in product(("customers", "suppliers", "supplies"), ("csv", "xlsx")):
        yield "integrations:file_export", None, ((kind, form), ()), {}


def text_of(answer):
    """What a person reads, in whatever format it comes."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    heads = " ".join(f"{name}: {value}" for name, value in answer.items())
    return heads + readable(content)


def readable(content):
    """The words of a PDF, of a workbook or of a text."""
    if content.startswith(b"%PDF") and b"endobj" in content:
        return words_of(content)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as parts:
            content = b" ".join(parts.read(name) for name in parts.namelist())
    return content.decode(errors="replace")


def words_in(text):
    """Whose words it holds."""
    return {word.lower() for word in WORDS.findall(text)}


@pytest.fixture
def businesses(db, settings):
    """Twenty, one row of every kind each, connected to books that nobody speaks to."""
    cache.clear()
    path, config = settings.ACCOUNTING_PROVIDERS["quickbooks"]
    nowhere = {"api_url": "http://books.test", "discovery_url": "http://books.test"}
    settings.ACCOUNTING_PROVIDERS = {"quickbooks": (path, config | nowhere)}
    provider_for.cache_clear()
    yield [a_business(number) for number in range(MANY)]
    provider_for.cache_clear()


def address(name, row, args):
    """The page's path for a row."""
    before, after = args
    return reverse(name, args=[*before, *([row.public_id] if row else []), *after])


def leaks_on_pages(businesses, browsers, shown):
    """Every page that shows a word of somebody else; notes which showed the own."""
    for turn, (name, of, args, query) in enumerate(pages()):
        for place in range(VISITORS):
            here = (turn * VISITORS + place) % MANY
            mine = businesses[here]
            answer = browsers[here].get(address(name, mine.rows.get(of), args), query)
            words = words_in(text_of(answer))
            if answer.status_code >= 500 or words - {mine.word.lower()}:
                yield name, query, mine.word, answer.status_code, words
            if words:
                shown.add(name)


def leaks_to_strangers(businesses, browsers):
    """Every page that opens for a row of the next business, or shows a word of it when asked by an
    own page's address.
    """
    asked_for = [page for page in pages() if page[0] not in FIGURES]
    for here, (name, of, args, query) in enumerate(asked_for):
        mine, theirs = businesses[here % MANY], businesses[(here + 1) % MANY]
        path = address(name, (theirs if of else mine).rows.get(of), args)
        ids = {asked: theirs.rows[model].public_id for asked, model in ASKED.items()}
        answer = browsers[here % MANY].get(path, query if of else query | ids)
        words = words_in(text_of(answer)) - {mine.word.lower()}
        if words or (of and answer.status_code != 404):
            yield name, mine.word, answer.status_code, words


def letters_of(business, run_after_commit):
    """All that is sent when somebody is invited and what waits goes out."""
    mail.outbox.clear()
    with run_after_commit(execute=True), acting_for(business.organization):
        invite(
            organization=business.organization, email="new@person.test", role=Role.OFFICE,
            by=business.owner,
        )  # fmt: skip
    deliver_letters(organization=business.organization)
    return list(mail.outbox)


def said_in(letter):
    """Every word of a letter, in its heads and its files too."""
    files = " ".join(f"{name} {readable(content)}" for name, content, _ in letter.attachments)
    heads = f"{letter.from_email} {letter.to} {letter.cc} {letter.bcc} {letter.reply_to}"
    return f"{heads} {letter.extra_headers} {letter.subject} {letter.body} {files}"


def test_no_word_of_one_business_is_ever_shown_to_another(
    businesses, client_of, django_capture_on_commit_callbacks
):
    browsers = [client_of(business.owner) for business in businesses]
    shown = set()
    assert not [*leaks_on_pages(businesses, browsers, shown)]
    assert {door.name for door in DOORS if "GET" in door.methods} - shown == SHOW_NO_WORD
    assert not [*leaks_to_strangers(businesses, browsers)]
    for business in businesses:
        letters = letters_of(business, django_capture_on_commit_callbacks)
        assert len(letters) == 2, business.word
        for letter in letters:
            assert words_in(said_in(letter)) == {business.word.lower()}
