"""Suppliers and their vendors in the simulator: sent with the first need, merged by field."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from ascora.history.models import FieldChange, Verdict
from ascora.history.selectors import changes_for
from ascora.outbox.models import EntryState, Hold
from integrations import repairs
from integrations.pull import pull
from inventory.models import Supplier
from inventory.services import archive_supplier, change_supplier, create_supplier, restore_supplier
from tests.engine.connected import Connected, company, running, spark

__all__ = ["company", "running", "spark"]


def known(business: Connected, name: str = "Reece Plumbing", **values: str) -> Supplier:
    """A supplier that somebody has sent."""
    with business.acting():
        supplier = create_supplier(organization=business.organization, by=None, name=name, **values)
        repairs.send_now(document=supplier, by=None)
    business.drain(2)
    return supplier


def vendor(business: Connected) -> dict:
    (row,) = business.company.rows("Vendor", "where Active in (true, false)")
    return row


def again(business: Connected, supplier: Supplier) -> Supplier:
    with business.acting():
        supplier.refresh_from_db()
    return supplier


def read(business: Connected) -> None:
    business.time_passes()
    assert pull(business.organization).bad == []


def test_everything_that_the_books_can_hold_goes_there(spark: Connected) -> None:
    supplier = known(
        spark, 'O\'Brien & "Sons"', company_name="O'Brien Pty Ltd", given_name="Pat",
        family_name="O'Brien", email="pat@obrien.test", phone="02 5550 1000", mobile="0400 000 000",
        tax_number="51824753556", street="Unit 1\n5 High St", city="Parramatta", region="NSW",
        postcode="2150", country="Australia",
    )  # fmt: skip
    row = vendor(spark)
    assert spark.entry(supplier).state == EntryState.DONE
    assert (row["DisplayName"], row["CompanyName"]) == ('O\'Brien & "Sons"', "O'Brien Pty Ltd")
    assert row["PrimaryEmailAddr"] == {"Address": "pat@obrien.test"}
    assert (row["BillAddr"]["Line1"], row["BillAddr"]["Line2"]) == ("Unit 1", "5 High St")
    assert row["BillAddr"]["CountrySubDivisionCode"] == "NSW"
    assert row["TaxIdentifier"] == "XXXXXX53556", "the books show the last characters only"
    read(spark)
    assert again(spark, supplier).tax_number == "51824753556"


def test_a_supplier_that_nothing_needs_is_not_sent(spark: Connected) -> None:
    with spark.acting():
        create_supplier(organization=spark.organization, by=None, name="Not yet")
    spark.drain(2)
    assert spark.company.rows("Vendor") == []


def test_a_vendor_of_the_same_name_is_adopted(spark: Connected) -> None:
    theirs = spark.company.post("Vendor", {"DisplayName": "Reece Plumbing"})
    supplier = known(spark)
    assert spark.link(supplier).remote_id == theirs["Id"]
    assert spark.entry(supplier).state == EntryState.DONE


def test_a_name_that_a_customer_has_gets_a_suffix_once_and_keeps_it(spark: Connected) -> None:
    spark.company.post("Customer", {"DisplayName": "Reece Plumbing"})
    supplier = known(spark)
    assert vendor(spark)["DisplayName"] == "Reece Plumbing (Supplier)"
    with spark.acting():
        change_supplier(supplier=supplier, by=None, phone="02 5550 2000")
    spark.drain(2)
    row = vendor(spark)
    assert row["DisplayName"] == "Reece Plumbing (Supplier)"
    assert row["PrimaryPhone"] == {"FreeFormNumber": "02 5550 2000"}
    assert again(spark, supplier).name == "Reece Plumbing"


def test_archived_and_restored_here_is_inactive_and_active_there(spark: Connected) -> None:
    supplier = known(spark)
    with spark.acting():
        archive_supplier(supplier=supplier, by=None)
    spark.drain(2)
    assert vendor(spark)["Active"] is False
    with spark.acting():
        restore_supplier(supplier=supplier, by=None)
    spark.drain(2)
    row = vendor(spark)
    assert (row["Active"], row["DisplayName"]) == (True, "Reece Plumbing")


def test_edited_renamed_and_switched_off_there_is_taken_over(spark: Connected) -> None:
    supplier = known(spark, phone="02 5550 1000")
    remote_id = spark.link(supplier).remote_id
    spark.company.bookkeeper("edit_vendor", id=remote_id, email="new@reece.test")
    spark.company.bookkeeper("rename_vendor", id=remote_id, name="Reece")
    read(spark)
    ours = again(spark, supplier)
    assert (ours.name, ours.email, ours.phone) == ("Reece", "new@reece.test", "02 5550 1000")
    spark.company.bookkeeper("deactivate_vendor", id=remote_id)
    read(spark)
    ours = again(spark, supplier)
    assert (ours.name, ours.is_archived) == ("Reece", True)
    assert spark.attempts(supplier)[0] == ("create", "done")
    assert {way for way, _ in spark.attempts(supplier)[1:]} == {"read"}, "nothing is sent back"


def test_both_sides_change_other_fields_and_neither_change_is_lost(spark: Connected) -> None:
    supplier = known(spark)
    spark.company.bookkeeper(
        "edit_vendor", id=spark.link(supplier).remote_id, email="there@reece.test"
    )
    with spark.acting():
        change_supplier(supplier=supplier, by=None, phone="02 9999 0000")
    spark.drain(3)
    row, ours = vendor(spark), again(spark, supplier)
    assert row["PrimaryEmailAddr"] == {"Address": "there@reece.test"}
    assert row["PrimaryPhone"] == {"FreeFormNumber": "02 9999 0000"}
    assert (ours.email, ours.phone) == ("there@reece.test", "02 9999 0000")


@pytest.mark.parametrize(
    ("ours_is_later", "wins", "verdict"),
    [(True, "ours@reece.test", Verdict.OURS), (False, "theirs@reece.test", Verdict.THEIRS)],
)
def test_a_field_that_both_sides_changed_is_the_newer_one_and_the_history_shows_both(
    spark: Connected,
    monkeypatch: pytest.MonkeyPatch,
    ours_is_later: bool,
    wins: str,
    verdict: Verdict,
) -> None:
    supplier = known(spark)
    spark.company.bookkeeper(
        "edit_vendor", id=spark.link(supplier).remote_id, email="theirs@reece.test"
    )
    ours_at = now() + timedelta(days=800 if ours_is_later else -800)
    written_at = FieldChange._meta.get_field("changed_at")
    with spark.acting(), monkeypatch.context() as at_that_time:
        at_that_time.setitem(written_at.__dict__, "_get_default", lambda: ours_at)
        change_supplier(supplier=supplier, by=None, email="ours@reece.test")
    spark.drain(3)
    assert vendor(spark)["PrimaryEmailAddr"] == {"Address": wins}
    assert again(spark, supplier).email == wins
    with spark.acting():
        told = changes_for(supplier).exclude(verdict="").get()
    assert {told.before, told.after} == {"ours@reece.test", "theirs@reece.test"}
    assert (told.after, told.verdict) == (wins, verdict)


def test_a_lost_answer_leaves_one_vendor(spark: Connected) -> None:
    spark.company.running.control("/knobs", {"drop_reply": 1})
    supplier = known(spark)
    assert spark.entry(supplier).state == EntryState.WAITING
    spark.time_passes(timedelta(seconds=151))
    spark.drain(2)
    assert spark.entry(supplier).state == EntryState.DONE
    assert vendor(spark)["DisplayName"] == "Reece Plumbing"


def test_a_switched_off_vendor_of_the_name_is_no_obstacle(spark: Connected) -> None:
    theirs = spark.company.post("Vendor", {"DisplayName": "Reece Plumbing"})
    spark.company.bookkeeper("deactivate_vendor", id=theirs["Id"])
    supplier = known(spark)
    assert spark.entry(supplier).hold == Hold.NONE
    assert spark.link(supplier).remote_id != theirs["Id"]
