"""H: preset on a new payment; the method of a pulled payment that names none."""

import pytest
from django.urls import reverse

from payments.models import Payment
from payments.services import choose_default_method
from tests.brief.acts import issued, received_there
from tests.builders import a_method
from tests.engine.connected import Connected


def choose(spark: Connected, name: str) -> None:
    with spark.acting():
        method = a_method(spark.organization, name)
        choose_default_method(organization=spark.organization, method=method, by=None)


def test_it_is_preset_on_a_new_payment(spark: Connected, otto, client_of) -> None:
    choose(spark, "Cheque")
    invoice = issued(spark)
    with spark.acting():
        address = reverse("payments:payment_new", args=[invoice.customer.public_id])
    form = client_of(otto).get(address).context["form"]
    with spark.acting():
        assert form["method"].value() == a_method(spark.organization, "Cheque").pk


@pytest.mark.parametrize(("named", "expected"), [("", "Cheque"), ("Cash", "Cash")])
def test_a_pulled_payment_that_names_no_method_takes_it(
    spark: Connected, named: str, expected: str
) -> None:
    choose(spark, "Cheque")
    wish = {}
    if named:
        methods = {row["Name"]: row["Id"] for row in spark.company.rows("PaymentMethod")}
        wish = {"method_id": methods[named]}
    received_there(spark, issued(spark), "1100", **wish)
    with spark.acting():
        (payment,) = Payment.objects.owned_by(spark.organization).select_related("method")
        assert str(payment.method) == expected
