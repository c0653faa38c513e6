"""E: the customer's lead source in the custom field chosen, on each invoice; never dropped
silently.
"""

import pytest
from django.core.exceptions import ValidationError

from ascora.chart.models import CustomField
from ascora.outbox.models import EntryState, Hold
from integrations import accounting, connections
from integrations.contracts import Hint
from integrations.models import AccountingSettings
from integrations.pull import expect_changes, pull
from payments.models import Invoice
from tests.brief.acts import again, there
from tests.builders import a_customer, a_lead_source, an_invoice
from tests.engine.connected import Connected

LONG = "Radio Brunswick, breakfast show"


@pytest.fixture
def asked(spark: Connected) -> Connected:
    """The company has one custom field for sales forms, and it is chosen at E."""
    spark.company.bookkeeper("name_custom_field", number="1", name="Lead Source")
    connections.take_chart(spark.connection, spark.open())
    choose(spark, "Lead Source")
    return spark


def choose(spark: Connected, name: str | None) -> None:
    """As the settings page saves it."""
    with spark.acting():
        field = CustomField.objects.owned_by(spark.organization).filter(name=name).first()
        accounting.save_settings(
            connection=spark.connection, values={"lead_source_field": field}, by=None
        )


def an_invoice_from(spark: Connected, source: str) -> Invoice:
    """Issued to a customer who came from there."""
    with spark.acting():
        lead = a_lead_source(spark.organization, name=source)
        customer = a_customer(spark.organization, lead_source=lead)
        invoice = an_invoice(spark.organization, customer=customer)
    spark.drain(2)
    return invoice


def written(spark: Connected, invoice: Invoice) -> list[str | None]:
    return [field.get("StringValue") for field in there(spark, invoice)["CustomField"]]


def test_the_list_of_fields_comes_from_the_preferences_of_the_company(asked: Connected) -> None:
    asked.company.bookkeeper("name_custom_field", number="2", name="Crew")
    connections.take_chart(asked.connection, asked.open())
    with asked.acting():
        fields = CustomField.objects.owned_by(asked.organization).filter(is_active=True)
        assert list(fields.values_list("remote_id", "name")) == [
            ("2", "Crew"),
            ("1", "Lead Source"),
        ]


def test_the_lead_source_is_on_the_invoice_in_at_most_31_characters(asked: Connected) -> None:
    assert written(asked, an_invoice_from(asked, "Google")) == ["Google"]
    assert written(asked, an_invoice_from(asked, LONG)) == [LONG]
    with asked.acting(), pytest.raises(ValidationError, match="at most 31 characters"):
        a_lead_source(asked.organization, name=f"{LONG}s")


def test_none_chosen_writes_none(asked: Connected) -> None:
    choose(asked, None)
    assert written(asked, an_invoice_from(asked, "Google")) == [None]


@pytest.mark.parametrize(
    ("now", "question"),
    [("", "The custom field Lead Source is gone from the books"),
     ("Crew", "The custom field Lead Source is called Crew in the books now")],
)  # fmt: skip
def test_a_field_that_disappears_or_is_renamed_is_noticed_and_asked_about(
    asked: Connected, now: str, question: str
) -> None:
    asked.company.bookkeeper("name_custom_field", number="1", name=now)
    with asked.acting():
        hint = Hint("event-1", asked.company.realm, "preferences", "1", "updated")
        expect_changes(asked.connection, [hint])
    assert pull(asked.organization).was_made
    with asked.acting():
        settings = AccountingSettings.objects.owned_by(asked.organization).get()
        assert question in accounting.troubles_of(settings)[0].message
    invoice = an_invoice_from(asked, "Google")
    entry = asked.entry(invoice)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.NEEDS_MAPPING)
    assert question in entry.message
    assert asked.remote_invoices(invoice.number) == []
    choose(asked, now or None)
    asked.drain(2)
    assert asked.entry(invoice).state == EntryState.DONE
    assert written(asked, invoice) == (["Google"] if now else [])
    assert again(asked, invoice).total == there(asked, invoice)["TotalAmt"]


def test_a_customer_without_a_lead_source_is_not_held_up(asked: Connected) -> None:
    asked.company.bookkeeper("name_custom_field", number="1", name="")
    connections.take_chart(asked.connection, asked.open())
    with asked.acting():
        invoice = an_invoice(asked.organization)
    asked.drain(2)
    assert asked.entry(invoice).state == EntryState.DONE


def test_a_field_that_vanished_a_moment_ago_is_asked_about_when_the_invoice_is_refused(
    asked: Connected,
) -> None:
    asked.company.bookkeeper("name_custom_field", number="1", name="")
    invoice = an_invoice_from(asked, "Google")
    entry = asked.entry(invoice)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.NEEDS_MAPPING)
    assert "the custom field chosen for the lead source (E)" in entry.message
    choose(asked, None)
    asked.drain(2)
    assert asked.entry(invoice).state == EntryState.DONE
