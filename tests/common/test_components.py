"""The template components."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory

from ascora.common import icons


def rendered(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1765.36", "$1,765.36"),
        ("0", "$0.00"),
        ("-12.5", "\N{MINUS SIGN}$12.50"),
        ("-0.004", "$0.00"),
        ("1234567.005", "$1,234,567.01"),
        (None, ""),
    ],
)
def test_money_reads_with_dollars_thousands_and_cents(amount, text):
    assert rendered("{{ amount|money }}", amount=amount and Decimal(amount)) == text


def test_plain_money_has_no_dollar_sign():
    assert rendered("{{ a|plain_money }}", a=Decimal(1577)) == "1,577.00"
    assert rendered("{{ a|plain_money }}", a=None) == ""


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("3.5000", "3.5"),
        ("1200", "1,200"),
        ("0.0001", "0.0001"),
        ("0", "0"),
        ("-2", "\N{MINUS SIGN}2"),
    ],
)
def test_quantities_have_no_idle_zeros(amount, text):
    assert rendered("{{ a|quantity }}", a=Decimal(amount)) == text
    assert rendered("{{ a|quantity }}", a=None) == ""


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("12.5", "12.50"),
        ("7.2055", "7.2055"),
        ("1095.1000", "1,095.10"),
        ("-3.005", "\N{MINUS SIGN}3.005"),
    ],
)
def test_unit_prices_have_two_places_or_as_many_as_they_need(amount, text):
    assert rendered("{{ a|unit_price }}", a=Decimal(amount)) == text
    assert rendered("{{ a|unit_price }}", a=None) == ""


def test_a_rate_keeps_its_sign_on_its_line():
    assert rendered("{{ a|percent }}", a=Decimal("1.7500")) == "1.75\N{NO-BREAK SPACE}%"
    assert rendered("{{ a|percent }}", a=None) == ""


def test_a_chip_shows_its_text_escaped_in_one_of_five_tones():
    chip = rendered("{% chip status 'good' %}", status="<b>Paid</b>")
    assert chip == '<span class="chip chip-good">&lt;b&gt;Paid&lt;/b&gt;</span>'
    with pytest.raises(TemplateSyntaxError, match="not a tone"):
        rendered("{% chip 'Paid' 'pink' %}")


def test_an_icon_is_drawn_in_the_page_and_hidden_from_screen_readers():
    drawn = rendered("{% icon 'users' %}")
    assert drawn.startswith('<svg class="icon"')
    assert 'aria-hidden="true"' in drawn


def test_an_icon_with_a_label_says_it():
    assert 'role="img" aria-label="Paid &amp; done"' in rendered(
        "{% icon 'check' said %}", said="Paid & done"
    )


def test_an_icon_stands_as_a_ring_where_the_kit_is_not_installed(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    icons.drawing_of.cache_clear()
    assert "<circle" in rendered("{% icon 'users' %}")
    icons.drawing_of.cache_clear()


def test_an_icon_cannot_name_a_file_elsewhere():
    with pytest.raises(ValueError, match="not the name of an icon"):
        rendered("{% icon '../../secret' %}")


def test_a_menu_entry_whose_page_does_not_exist_is_hidden():
    assert rendered("{% menu_entry 'x' 'Nowhere' 'users' 'nowhere:at_all' %}").strip() == ""
    assert 'href="/healthz"' in rendered("{% menu_entry 'x' 'Health' 'heart' 'healthz' %}")


class SupplyForm(forms.Form):
    name = forms.CharField(help_text="As on the invoice.")
    price = forms.DecimalField(required=False)
    bought_on = forms.DateField(required=False)
    taxed = forms.BooleanField(required=False)
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    account = forms.ChoiceField(choices=[("", "---")], required=False)
    token = forms.CharField(widget=forms.HiddenInput)


def test_a_field_ties_its_label_help_and_errors_to_its_input():
    shown = rendered("{% field form.name %}", form=SupplyForm({}))
    assert '<label class="form-label" for="id_name">' in shown
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'id="id_name_helptext">As on the invoice.' in shown
    assert 'id="id_name_error"' in shown
    assert "This field is required." in shown


def test_a_field_keeps_what_was_typed():
    form = SupplyForm({"name": '"Cable" <2.5>'})
    assert 'value="&quot;Cable&quot; &lt;2.5&gt;"' in rendered("{% field form.name %}", form=form)


def test_a_price_is_aligned_as_a_number_and_carries_its_sign():
    shown = rendered("{% field form.price prefix='$' %}", form=SupplyForm())
    assert 'class="form-control number"' in shown
    assert '<span class="input-group-text">$</span>' in shown
    assert "needed" not in shown
    assert "needed" in rendered("{% field form.name %}", form=SupplyForm())


@pytest.mark.parametrize("widget", [forms.DateInput(), forms.DateInput({"type": "date"})])
def test_a_date_gets_the_browsers_picker_which_reads_iso_dates_only(widget):
    form = SupplyForm(initial={"bought_on": date(2026, 11, 23)})
    form.fields["bought_on"].widget = widget
    assert 'type="date" name="bought_on" value="2026-11-23"' in rendered(
        "{% field form.bought_on %}", form=form
    )


def test_a_date_that_is_a_pickers_already_is_written_as_pickers_read_it():
    class Form(forms.Form):
        on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%d/%m/%Y"))

    shown = rendered("{% field form.on %}", form=Form(initial={"on": date(2026, 10, 9)}))
    assert 'value="2026-10-09"' in shown


def test_a_tick_box_stands_before_its_label_and_choices_form_a_group():
    assert 'class="form-check-input"' in rendered("{% field form.taxed %}", form=SupplyForm())
    group = rendered("{% field form.kind %}", form=SupplyForm())
    assert "<legend" in group
    assert 'type="radio"' in group
    assert 'class="form-check-input"' in group


def test_a_hidden_field_shows_nothing_but_its_errors_are_told_with_the_form():
    form = SupplyForm({"name": "Cable", "kind": "a"})
    assert "label" not in rendered("{% field form.token %}", form=form)
    assert "(Hidden field" not in rendered("{% form_errors form %}", form=form)
    assert "This field is required." in rendered("{% form_errors form %}", form=form)


def test_an_account_field_without_codes_says_where_they_come_from():
    assert "No account codes yet" in rendered("{% account_field form.account %}", form=SupplyForm())


def test_a_form_in_order_shows_no_errors():
    form = SupplyForm({"name": "Cable", "kind": "a", "token": "t"})
    assert rendered("{% form_errors form %}", form=form).strip() == ""


def test_a_card_a_fact_and_an_empty_state_hold_their_content():
    source = (
        "{% card 'Contacts' action_url='/add' action='+Add New' %}"
        "{% facts %}{% fact 'Phone' phone %}{% fact 'E-mail' mail href='mailto:x' %}{% endfacts %}"
        "{% nothing 'No contacts yet' %}Add one.{% endnothing %}{% endcard %}"
    )
    shown = rendered(source, phone="", mail="x@y.test")
    assert '<h2 class="card-title">Contacts</h2>' in shown
    assert 'hx-get="/add" hx-target="#dialog"' in shown
    assert '<dt>Phone</dt><dd class="as-typed">\N{EN DASH}</dd>' in shown
    assert '<a href="mailto:x">x@y.test</a>' in shown
    assert "No contacts yet" in shown


def test_a_live_region_loads_with_the_page_and_again():
    shown = rendered("{% live '/lamp' every=5 name='lamp' %}")
    assert 'hx-get="/lamp"' in shown
    assert 'hx-trigger="load, every 5s, ascora:look from:body"' in shown
    assert "every" not in rendered("{% live '/lamp' %}")


@pytest.mark.parametrize("name", ["403", "404", "500", "403_csrf"])
def test_an_error_page_needs_nothing_from_the_request(name):
    assert 'href="/"' in render_to_string(f"{name}.html")


def test_a_page_holds_no_inline_script_or_style():
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    page = render_to_string("base.html", {}, request)
    assert "style=" not in page
    assert "<style" not in page
    assert "hx-on" not in page
    assert page.count("<script") == page.count('<script src="/static/')
