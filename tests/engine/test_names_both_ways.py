"""Customers and suppliers that the books know under other names, switch off, or merge."""

from decimal import Decimal

from ascora.outbox.models import EntryState, Hold
from ascora.search.services import matching
from ascora.tenancy.models import OwnedModel
from integrations import repairs
from integrations.pull import pull
from integrations.selectors import document_state_for
from jobs.models import Customer
from jobs.services import change_customer
from payments.models import Invoice
from tests.engine.connected import Connected, company, running, spark

__all__ = ["company", "running", "spark"]

LONG = "The Honourable Society of Plumbers, Drainers and Gas Fitters of Greater Western Sydney " * 2


def sent(business: Connected, name: str = "Jo Smith", **values: object) -> Invoice:
    """An invoice of 110.00 and its customer, in the books."""
    invoice = business.invoice(business.customer(name, **values))
    business.drain(2)
    assert business.entry(invoice).state == EntryState.DONE
    return invoice


def read(business: Connected) -> None:
    business.time_passes()
    assert pull(business.organization).bad == []


def again(business: Connected, row: OwnedModel) -> Customer:
    with business.acting():
        row.refresh_from_db()
    return row


def there(business: Connected, customer: Customer) -> dict:
    remote_id = business.link(customer).remote_id
    (row,) = business.company.rows(
        "Customer", f"where Id = '{remote_id}' and Active in (true, false)"
    )
    return row


def found(business: Connected, words: str) -> list[Invoice]:
    with business.acting():
        rows = Invoice.objects.owned_by(business.organization)
        return list(matching(rows, business.organization, words))


def test_a_renamed_customers_invoices_are_found_by_its_new_name_only(spark: Connected) -> None:
    invoice = sent(spark)
    with spark.acting():
        change_customer(customer=invoice.customer, by=None, name="Josephine Miller")
    assert found(spark, "josephine") == [invoice]
    assert found(spark, "smith") == []


def test_renamed_in_the_books_its_invoices_are_found_by_that_name(spark: Connected) -> None:
    invoice = sent(spark)
    remote_id = spark.link(invoice.customer).remote_id
    spark.company.bookkeeper("edit_customer", id=remote_id, DisplayName="Josephine Miller")
    read(spark)
    assert again(spark, invoice.customer).name == "Josephine Miller"
    assert found(spark, "josephine") == [invoice]


def test_switched_off_there_with_an_open_invoice_it_stays_and_a_press_switches_it_on(
    spark: Connected,
) -> None:
    invoice = sent(spark)
    customer = invoice.customer
    spark.company.bookkeeper("deactivate_customer", id=spark.link(customer).remote_id)
    read(spark)
    assert not again(spark, customer).is_archived
    entry = spark.entry(customer)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.CHANGED_THERE)
    assert "still open here" in entry.message
    repairs.send_ours(organization=spark.organization, document=customer)
    spark.drain(2)
    assert spark.entry(customer).state == EntryState.DONE
    row = there(spark, customer)
    assert (row["Active"], row["DisplayName"]) == (True, "Jo Smith")


def test_switched_off_there_with_nothing_open_it_is_archived_and_comes_back(
    spark: Connected,
) -> None:
    invoice = sent(spark)
    customer = invoice.customer
    remote_id = spark.link(customer).remote_id
    spark.void(invoice)
    spark.drain(2)
    spark.company.bookkeeper("deactivate_customer", id=remote_id)
    read(spark)
    ours = again(spark, customer)
    assert (ours.name, ours.is_archived) == ("Jo Smith", True)
    assert spark.entry(customer).state == EntryState.DONE
    spark.company.bookkeeper("edit_customer", id=remote_id, Active=True, DisplayName="Jo Smith")
    read(spark)
    ours = again(spark, customer)
    assert (ours.name, ours.is_archived) == ("Jo Smith", False)


def test_a_name_too_long_for_here_is_taken_cut_and_never_sent_back_cut(spark: Connected) -> None:
    invoice = sent(spark)
    customer, name = invoice.customer, LONG.strip()
    remote_id = spark.link(customer).remote_id
    spark.company.bookkeeper("edit_customer", id=remote_id, DisplayName=name)
    read(spark)
    assert again(spark, customer).name == name[:100].strip()
    with spark.acting():
        change_customer(customer=customer, by=None, phone="02 5550 2000")
        assert document_state_for(customer).known_as == name
    spark.drain(2)
    row = there(spark, customer)
    assert (row["DisplayName"], row["PrimaryPhone"]["FreeFormNumber"]) == (name, "02 5550 2000")
    with spark.acting():
        change_customer(customer=customer, by=None, name="Plumbers Society")
    spark.drain(2)
    assert there(spark, customer)["DisplayName"] == "Plumbers Society"


def test_the_page_says_under_which_name_the_books_know_a_customer(spark: Connected) -> None:
    spark.company.bookkeeper("add_employee", name="Jo Smith")
    customer = sent(spark).customer
    with spark.acting():
        assert document_state_for(customer).known_as == "Jo Smith (Customer)"
        other = spark.customer("Ann Lee")
        assert document_state_for(other).known_as == ""


def test_foreign_letters_travel_and_what_the_books_cannot_hold_is_kept_here(
    spark: Connected,
) -> None:
    customer = sent(
        spark, "Zoë Ångström 🚀", email="", phone="+61 2 5550 1000 ext. 12345",
        site_street="Unit 1\n5 High St", site_city="Łódź", site_postcode="2150",
    ).customer  # fmt: skip
    row = there(spark, customer)
    assert row["DisplayName"] == "Zoë Ångström"
    assert (row["ShipAddr"]["Line1"], row["ShipAddr"]["City"]) == ("Unit 1", "Łódź")
    assert row["PrimaryPhone"]["FreeFormNumber"] == "+61 2 5550 1000 ext. 12345"
    assert "PrimaryEmailAddr" not in row
    read(spark)
    ours = again(spark, customer)
    assert (ours.name, ours.phone) == ("Zoë Ångström 🚀", "+61 2 5550 1000 ext. 12345")
    address = {"Line1": "7 Low St", "City": "Parramatta", "PostalCode": "2150"}
    spark.company.bookkeeper("edit_customer", id=row["Id"], ShipAddr=address)
    read(spark)
    ours = again(spark, customer)
    assert (ours.site_street, ours.site_city) == ("7 Low St", "Parramatta")
    assert ours.phone == "+61 2 5550 1000 ext. 12345"


def test_a_list_of_addresses_travels_both_ways(spark: Connected) -> None:
    customer = sent(spark, email="jo@smith.test, ann@smith.test").customer
    row = there(spark, customer)
    assert row["PrimaryEmailAddr"] == {"Address": "jo@smith.test, ann@smith.test"}
    spark.company.bookkeeper("edit_customer", id=row["Id"], email="a@smith.test, b@smith.test")
    read(spark)
    assert again(spark, customer).email == "a@smith.test, b@smith.test"


def test_one_press_repairs_a_service_item_that_was_pointed_elsewhere(spark: Connected) -> None:
    sent(spark)
    account = spark.accounts["4100"]
    item = spark.link(account).remote_id
    for change in ({"account_number": "4200"}, {"Active": False}):
        spark.company.bookkeeper("edit_item", id=item, **change)
        read(spark)
        assert spark.entry(account).hold == Hold.CHANGED_THERE
        repairs.send_ours(organization=spark.organization, document=account)
        spark.drain(2)
        assert spark.entry(account).state == EntryState.DONE
        row = spark.company.rows("Item", f"where Id = '{item}' and Active in (true, false)")[0]
        assert (row["IncomeAccountRef"]["value"], row["Active"]) == (account.remote_id, True)
    before = spark.balances()
    spark.invoice(spark.customer("Ann Lee"))
    spark.drain(2)
    moved = {key: value - before.get(key, 0) for key, value in spark.balances().items()}
    assert moved["4100"] == Decimal("-100.00")
