"""The accounting settings A to M: offered by kind, preset, checked live, kept when refused."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from ascora.chart.models import CustomField, LedgerAccount, TaxCode
from ascora.tenancy.rls import acting_for
from integrations.errors import Unreachable
from integrations.models import AccountingSettings
from payments.models import PaymentMethod, PaymentSettings
from payments.services import round_cash
from tests.browsing import form_of
from tests.house.strangers import KEY, a_stranger
from tests.house.test_doors import everything
from tests.integrations.rows import reread

PAGE = "/administration/accounts-integration/settings/"


def offered(browser, name, query=""):
    """The texts of a drop-down, without the empty choice."""
    page = browser.get(PAGE + query).content.decode()
    drop_down = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL).group(0)
    return re.findall(r'<option value="\d+"[^>]*>\s*(.*?)\s*</option>', drop_down, re.DOTALL)


@pytest.fixture
def answers(connected, bright_spark):
    """A full and right set of choices."""
    with acting_for(bright_spark):
        accounts = {a.code: a.pk for a in LedgerAccount.objects.owned_by(bright_spark)}
        codes = {t.name: t.pk for t in TaxCode.objects.owned_by(bright_spark)}
        field = CustomField.objects.owned_by(bright_spark).get()
        method = PaymentMethod.objects.owned_by(bright_spark).get(name="Direct Deposit")
    return {
        "sales_tax_code": codes["GST"],
        "sales_free_code": codes["GST free"],
        "purchase_tax_code": codes["GST on purchases"],
        "purchase_free_code": codes["GST free"],
        "lead_source_field": field.pk,
        "accepts_cards": "on",
        "payments_account": accounts["1100"],
        "card_account": accounts["1150"],
        "default_method": method.pk,
        "supplier_invoice_account": accounts["5100"],
        "expense_account": accounts["6100"],
        "labour_account": accounts["4100"],
        "materials_account": accounts["4200"],
        "credit_note_account": accounts["4900"],
        "pushes_lines": "on",
        "invoice_reference": "purchase_order",
        "cut_off_on": "2026-07-01",
    }


def kept(organization):
    with acting_for(organization):
        rows = AccountingSettings.objects.owned_by(organization)
        return rows.select_related("labour_account", "card_account", "lead_source_field").first()


CHOSEN = [
    "sales_tax_code", "sales_free_code", "purchase_tax_code", "purchase_free_code",
    "rounding_tax_code", "lead_source_field", "default_method", "payments_account", "card_account",
    "supplier_invoice_account", "expense_account", "labour_account", "materials_account",
    "credit_note_account", "rounding_account",
]  # fmt: skip


def test_what_another_business_has_is_refused_at_the_field_and_nothing_is_kept(
    answers, bright_spark, ada, client_of
):
    a_stranger()
    browser, before = client_of(ada), everything()
    for name in CHOSEN:
        answer = browser.post(f"{PAGE}?all", answers | {name: KEY})
        assert answer.status_code == 422, name
        assert [*answer.context["form"].errors] == [name]
    assert everything() == before


@pytest.mark.parametrize(
    ("name", "usual", "widened"),
    [
        ("payments_account", ["1100 Business Cheque Account"], ["1150 Card Clearing"]),
        ("card_account", ["1100 Business Cheque Account", "1150 Card Clearing"], []),
        ("labour_account", ["4100 Labour Income", "4200 Materials Income",
         "4900 Credit Notes Given"], ["4950 Interest Earned"]),
        ("expense_account", ["5100 Cost of Goods Sold", "6100 Job Expenses"], []),
        ("supplier_invoice_account", ["5100 Cost of Goods Sold", "6100 Job Expenses"], []),
        ("materials_account", ["4100 Labour Income", "4200 Materials Income",
         "4900 Credit Notes Given"], ["4950 Interest Earned"]),
        ("credit_note_account", ["4100 Labour Income", "4200 Materials Income",
         "4900 Credit Notes Given"], ["4950 Interest Earned"]),
        ("rounding_account", ["4100 Labour Income", "4200 Materials Income",
         "4900 Credit Notes Given", "4950 Interest Earned"], []),
        ("sales_tax_code", ["GST", "GST free"], []),
        ("sales_free_code", ["GST", "GST free"], []),
        ("purchase_free_code", ["GST", "GST free", "GST on purchases"], []),
        ("rounding_tax_code", ["GST", "GST free"], []),
        ("purchase_tax_code", ["GST", "GST free", "GST on purchases"], []),
    ],
)  # fmt: skip
def test_a_drop_down_offers_what_quickbooks_accepts_there(
    connected, ada, client_of, name, usual, widened
):
    browser = client_of(ada)
    assert offered(browser, name) == usual
    assert offered(browser, name, "?all") == usual + widened


def test_every_letter_stands_on_the_page_in_the_briefs_words(connected, olive, client_of):
    page = client_of(olive).get(PAGE).content.decode()
    for label in (
        "A - Sales Tax Code", "B - Sales Tax Free Code", "C - Purchases Tax Code",
        "D - Purchases Tax Free Code", "E - Lead Source Field", "F - Accept credit card payments",
        "G - Account for Payments", "H - Default Payment Method", "I - Supplier Invoice Account",
        "J - Default Expense Account", "K - Labour Income Account", "L - Materials Income Account",
        "M - Credit Note Account", "Push line items", "Invoice reference",
        "Account for Credit Card Payments", "Do not send documents dated before",
        "Save Accounting Settings", "Refresh Chart of Accounts",
    ):  # fmt: skip
        assert label in page


def test_every_choice_says_what_it_decides(connected, olive, client_of):
    form = client_of(olive).get(PAGE).context["form"]
    assert [field.label for field in form if not field.help_text] == []
    page = client_of(olive).get(PAGE).content.decode()
    for words in (
        "Supplier invoices and supplier credits, unless the line or the supplier says otherwise.",
        "Expenses on jobs, unless another account is chosen on the expense.",
        "Every line of every credit note.",
    ):
        assert words in page


def test_the_presets_are_guessed_from_rates_and_names(connected, olive, client_of, bright_spark):
    initial = client_of(olive).get(PAGE).context["form"].initial
    with acting_for(bright_spark):
        gst = TaxCode.objects.owned_by(bright_spark).get(name="GST")
    assert initial["sales_tax_code"] in {gst, gst.pk}
    assert str(initial["labour_account"]) == "4100 Labour Income"
    assert str(initial["credit_note_account"]) == "4900 Credit Notes Given"
    assert kept(bright_spark) is None


def test_saving_keeps_everything_and_lets_the_connection_begin(
    connected, bright_spark, ada, client_of, answers
):
    answer = client_of(ada).post(PAGE, answers)
    assert answer.headers["Location"] == reverse("integrations:import_question")
    row = kept(bright_spark)
    assert str(row.labour_account) == "4100 Labour Income"
    assert str(row.card_account) == "1150 Card Clearing"
    assert (row.invoice_reference, str(row.cut_off_on)) == ("purchase_order", "2026-07-01")
    assert row.saved_by == ada
    reread(connected)
    assert connected.is_set_up is True
    assert connected.next_pull_at is not None


def test_what_another_bookkeeper_saved_meanwhile_is_told_before_it_is_saved_over(
    connected, bright_spark, olive, ada, client_of, answers
):
    olives, adas = client_of(olive), client_of(ada)
    olives.post(PAGE, answers)
    as_ada_saw_it = form_of(adas.get(PAGE))
    olives.post(PAGE, form_of(olives.get(PAGE)) | {"invoice_reference": "job_number"})
    refused = adas.post(PAGE, as_ada_saw_it | {"cut_off_on": "2026-08-01"})
    assert refused.status_code == 422
    assert "This was changed elsewhere while you had it open: Invoice reference is now" in (
        refused.content.decode()
    )
    before = kept(bright_spark)
    assert (before.invoice_reference, str(before.cut_off_on)) == ("job_number", "2026-07-01")
    assert adas.post(PAGE, form_of(refused)).status_code == 302
    after = kept(bright_spark)
    assert (after.invoice_reference, str(after.cut_off_on)) == ("job_number", "2026-08-01")


def test_f_and_h_live_with_the_payments(connected, bright_spark, olive, client_of, answers):
    del answers["accepts_cards"]
    client_of(olive).post(PAGE, answers)
    with acting_for(bright_spark):
        settings = PaymentSettings.objects.owned_by(bright_spark).get()
        assert settings.accepts_cards is False
        assert settings.default_method_id == answers["default_method"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("labour_account", "", "Choose one."),
        ("cut_off_on", "someday", "Enter a valid date"),
        ("payments_account", "4100", "Select a valid choice"),
    ],
)
def test_a_wrong_choice_is_told_at_its_field_and_the_others_are_kept(
    connected, bright_spark, olive, client_of, answers, name, value, words
):
    with acting_for(bright_spark):
        rows = LedgerAccount.objects.owned_by(bright_spark)
        chosen = rows.get(code=value).pk if value == "4100" else value
    answer = client_of(olive).post(PAGE, answers | {name: chosen})
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[name])
    assert answer.context["form"]["materials_account"].value() == str(answers["materials_account"])
    assert kept(bright_spark) is None
    reread(connected)
    assert connected.is_set_up is False


def test_taxed_and_free_sales_must_be_different_codes(
    connected, bright_spark, olive, client_of, answers
):
    answers["sales_free_code"] = answers["sales_tax_code"]
    answer = client_of(olive).post(PAGE, answers)
    assert answer.status_code == 422
    assert "sales_free_code" in answer.context["form"].errors
    assert kept(bright_spark) is None


def test_an_account_that_vanished_meanwhile_is_refused_with_what_was_chosen_kept(
    connected, world, bright_spark, olive, client_of, answers
):
    with acting_for(bright_spark):
        connected.chart_read_at = None
        connected.save(update_fields=["chart_read_at"])
    world.inactive.add("41")
    answer = client_of(olive).post(PAGE, answers)
    assert answer.status_code == 422
    errors = str(answer.context["form"].errors["labour_account"])
    assert "4100 Labour Income is no longer active in QuickBooks" in errors
    assert answer.context["form"]["labour_account"].value() == str(answers["labour_account"])
    assert kept(bright_spark) is None


def test_quickbooks_out_of_reach_saves_nothing_and_keeps_the_form(
    connected, world, bright_spark, olive, client_of, answers
):
    with acting_for(bright_spark):
        connected.chart_read_at = None
        connected.save(update_fields=["chart_read_at"])
    world.fails = Unreachable("no")
    answer = client_of(olive).post(PAGE, answers)
    assert answer.status_code == 422
    assert "nothing was saved" in answer.content.decode()
    assert kept(bright_spark) is None


def test_a_strangers_account_cannot_be_chosen(
    connected, bright_spark, drain_co, olive, client_of, answers
):
    with acting_for(drain_co):
        foreign = LedgerAccount.objects.create(
            organization=drain_co, remote_id="1", code="4100", name="Theirs", full_name="Theirs",
            kind="income",
        )  # fmt: skip
    answer = client_of(olive).post(PAGE, answers | {"labour_account": foreign.pk})
    assert answer.status_code == 422
    assert kept(bright_spark) is None


def test_refreshing_reads_the_chart_again_and_says_so(connected, world, ada, client_of):
    world.accounts.append(("45", "4400", "Equipment Hire", "income"))
    browser = client_of(ada)
    page = browser.post(reverse("integrations:chart_refresh"), follow=True).content.decode()
    assert "The chart of accounts was read again." in page
    assert "4400 Equipment Hire" in offered(browser, "materials_account")


@pytest.mark.parametrize(
    ("code", "words"),
    [("GST", "GST charges tax."), ("GST free", "Choose another code than for untaxed sales (B).")],
)
def test_cash_rounding_takes_a_tax_code_of_its_own_that_charges_nothing(
    connected, bright_spark, olive, client_of, answers, code, words
):
    with acting_for(bright_spark):
        chosen = TaxCode.objects.owned_by(bright_spark).get(name=code)
    answer = client_of(olive).post(PAGE, answers | {"rounding_tax_code": chosen.pk})
    assert answer.status_code == 422
    assert words in answer.context["form"].errors["rounding_tax_code"]
    assert kept(bright_spark) is None


def test_where_cash_is_rounded_both_its_codes_are_needed(
    connected, bright_spark, olive, client_of, answers
):
    with acting_for(bright_spark):
        round_cash(organization=bright_spark, step=Decimal("0.05"), by=olive)
    answer = client_of(olive).post(PAGE, answers)
    assert answer.status_code == 422
    assert {"rounding_account", "rounding_tax_code"} <= set(answer.context["form"].errors)
    assert kept(bright_spark) is None


def test_what_can_no_longer_be_used_is_told_above_the_settings(
    connected, bright_spark, olive, client_of, answers
):
    client_of(olive).post(PAGE, answers)
    with acting_for(bright_spark):
        LedgerAccount.objects.owned_by(bright_spark).filter(code="5100").update(is_active=False)
        CustomField.objects.owned_by(bright_spark).update(name="Crew")
    page = client_of(olive).get(PAGE).content.decode()
    assert "5100 Cost of Goods Sold is no longer active in QuickBooks." in page
    assert "is called Crew in the books now" in page
    assert 'href="#id_supplier_invoice_account"' in page
    assert 'href="#id_lead_source_field"' in page


def test_a_custom_field_that_is_gone_is_asked_about_and_never_let_go_unnoticed(
    connected, bright_spark, olive, client_of, answers
):
    browser = client_of(olive)
    with acting_for(bright_spark):
        field = CustomField.objects.owned_by(bright_spark).get()
        browser.post(PAGE, answers | {"lead_source_field": str(field.pk)})
        CustomField.objects.owned_by(bright_spark).update(is_active=False)
    shown = browser.get(PAGE).content.decode()
    assert f'<option value="{field.pk}" selected>Lead Source (no longer active)</option>' in shown
    refused = browser.post(PAGE, answers | {"lead_source_field": str(field.pk)})
    said = "Lead Source is no longer active in QuickBooks. Choose another one, or None."
    assert refused.context["form"].errors["lead_source_field"] == [said]
    assert kept(bright_spark).lead_source_field == field
    answered = browser.post(PAGE, answers | {"lead_source_field": ""})
    assert answered.headers["Location"] == PAGE, "customers were offered when they were first saved"
    assert kept(bright_spark).lead_source_field is None
