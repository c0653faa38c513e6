"""What a person sees on the simulator's own pages, and what else can be pressed there."""

import re
from decimal import Decimal
from urllib.parse import urlencode

import pytest

from tests.simulator.client import Company
from tests.simulator.person import Person, field, said


def test_every_page_says_that_it_is_a_simulator(person, sydney, customer, invoice):
    paid = sydney.bookkeeper("receive_payment", invoice_ids=[invoice])["Id"]
    made = sydney.bookkeeper("deposit", payment_ids=[paid], account_number="1100")["Id"]
    places = ["", "customers", "invoices", "payments", "deposits", "settings", "activity"]
    places += [f"accounts/{sydney.account('4100')}", f"customers/{customer}"]
    places += [f"invoices/{invoice}", f"payments/{paid}", f"deposits/{made}", "/"]
    for place in places:
        text = person.see(place)
        assert "This is a simulator of QuickBooks Online. Nothing here reaches Intuit." in text
        assert sydney.name in text


def test_the_trial_balance_shows_debits_and_credits_that_agree(person, invoice):
    text = person.see()
    total = re.search(r"<tfoot>.*?</tfoot>", text, re.DOTALL).group(0)
    assert re.findall(r'class="number">([^<]*)<', total) == ["550.00", "550.00"]
    assert "Debits and credits agree." in text


def test_a_tampered_ledger_is_said_to_be_out_of_balance(person, sydney, invoice):
    sydney.control("tamper", {"account_number": "4100", "cents": 1})
    assert "The ledger is out of balance by 0.01." in person.see()


def test_a_customer_is_added_renamed_mailed_deactivated_and_brought_back(person, sydney):
    text = person.press("customers/add", name="Ümit Kaya", email="u@example.com", phone="")
    assert said(text) == "Ümit Kaya is added."
    [made] = sydney.rows("Customer", "where DisplayName = 'Ümit Kaya'")
    at = f"customers/{made['Id']}"
    assert said(person.press(f"{at}/rename", name="Ümit & Co")) == (
        "The customer is now called Ümit & Co."
    )
    person.press(f"{at}/email", email="new@example.com")
    assert sydney.read("Customer", made["Id"])["PrimaryEmailAddr"] == {"Address": "new@example.com"}
    person.press(f"{at}/email", email="")
    assert "PrimaryEmailAddr" not in sydney.read("Customer", made["Id"])
    assert ">inactive<" in person.press(f"{at}/deactivate")
    assert sydney.read("Customer", made["Id"])["Active"] is False
    person.press(f"{at}/activate")
    seen = sydney.read("Customer", made["Id"])
    assert (seen["Active"], seen["DisplayName"]) == (True, "Ümit & Co")


def test_a_name_that_is_taken_is_refused_and_kept(person, sydney, customer):
    text = person.refused("customers/add", name="Zoë O'Brien & Sons", email="z@example.com")
    assert "(fault 6240)" in said(text)
    assert field(text, "name") == "Zoë O'Brien & Sons"
    assert field(text, "email") == "z@example.com"
    other = sydney.bookkeeper("add_customer", name="Another")["Id"]
    text = person.refused(f"customers/{other}/rename", name="zoë o'brien & sons")
    assert field(text, "name") == "zoë o'brien & sons"
    assert sydney.read("Customer", other)["DisplayName"] == "Another"


def test_long_lists_are_paged_both_ways_and_searched(running):
    person = Person(Company(running, name="Many", customers=120))
    names = []
    address = person.at("customers")
    pages = []
    while address:
        text = person.see(address)
        pages.append(re.findall(r'customers/\d+">([^<]+)</a>', text))
        names += pages[-1]
        found = re.search(r'rel="next" href="([^"]+)"', text)
        address = person.at("customers") + found.group(1) if found else ""
    assert [len(each) for each in pages] == [50, 50, 20]
    assert names == sorted(names, key=str.lower)
    assert len(set(names)) == 120
    back = re.search(r'rel="prev" href="([^"]+)"', text).group(1)
    text = person.see(person.at("customers") + back)
    assert re.findall(r'customers/\d+">([^<]+)</a>', text) == pages[1]
    wanted = [name for name in names if names[60].lower() in name.lower()]
    text = person.see(person.at("customers?") + urlencode({"q": names[60].upper()}))
    assert re.findall(r'customers/\d+">([^<]+)</a>', text) == wanted


def test_invoices_are_found_by_number_customer_and_status(person, sydney, invoice):
    for query in ("q=a-7", "q=zo%C3%AB", "status=open", "q=A-&status=open"):
        assert f"invoices/{invoice}" in person.see(f"invoices?{query}"), query
    for query in ("q=b-7", "status=paid", "status=void", "status=deleted"):
        assert f"invoices/{invoice}" not in person.see(f"invoices?{query}"), query


def test_custom_transaction_numbers_are_switched_off_and_on(person, sydney):
    assert "They are <strong>on</strong>" in person.see("settings")
    for on in (False, True):
        text = person.press("settings/numbers", own_transaction_numbers="on" if on else "off")
        assert said(text) == f"Custom transaction numbers are {'on' if on else 'off'}."
        seen = sydney.call("GET", "preferences").body["Preferences"]["SalesFormsPrefs"]
        assert seen["CustomTxnNumbers"] is on


def test_disconnecting_in_quickbooks_ends_the_connection_of_the_app(person, sydney):
    assert sydney.call("GET", "preferences").status == 200
    assert "simulator-test" in person.see("settings")
    assert "simulator-test" not in person.press("settings/disconnect")
    assert sydney.call("GET", "preferences").status == 401


def test_requests_are_listed_with_their_fault_and_trace(person, sydney):
    answer = sydney.call("GET", "customer/999999")
    text = person.see("activity")
    assert answer.headers["intuit_tid"] in text
    assert ">610<" in text


def test_a_pressed_button_raises_the_webhooks_that_the_api_raises(person, sydney, invoice):
    heard = sydney.running.simulator.courier
    before = list(heard.waiting.values())
    sydney.running.control("/knobs", {"webhooks": {"delay_ms": 60_000}})
    try:
        person.press(f"invoices/{invoice}/void")
        told = [
            (event.entity, event.identifier, event.operation)
            for event in heard.waiting.values()
            if event.realm == sydney.realm and event not in before
        ]
    finally:
        sydney.running.control("/knobs", {"webhooks": {"delay_ms": 300}})
    assert ("Invoice", invoice, "Void") in told


def test_the_clock_moves_forward_only(person, sydney):
    before = sydney.running.control("/clock")["now"]
    status, location, _text = person.go("POST", "/clock", {"hours": "24", "realm": sydney.realm})
    assert (status, location) == (303, person.at("activity"))
    assert said(person.see(location)) == "The clock stands 24 hours later."
    after = sydney.running.control("/clock")["now"]
    assert after - before == pytest.approx(86_400, abs=30)
    for hours in ("-1", "soon", "99999"):
        assert person.go("POST", "/clock", {"hours": hours})[0] == 422
    assert sydney.running.control("/clock")["now"] - after < 30


@pytest.mark.parametrize(
    ("link", "noun"),
    [
        ("/app/invoice?txnId={}", "invoices"),
        ("/app/recvpayment?txnId={}", "payments"),
        ("/app/customerdetail?nameId={}", "customers"),
    ],
)
def test_a_deep_link_leads_to_the_page_of_the_document(person, sydney, invoice, link, noun):
    paid = sydney.bookkeeper("receive_payment", invoice_ids=[invoice])
    found = {"invoices": invoice, "payments": paid["Id"]}
    identifier = found.get(noun, paid["CustomerRef"]["value"])
    address = f"{link.format(identifier)}&companyId={sydney.realm}"
    status, location, _text = person.go("GET", address)
    assert (status, location) == (302, person.at(f"{noun}/{identifier}"))
    assert person.see(location)


@pytest.mark.parametrize("link", ["invoice?txnId=1", "invoice?companyId=1", "dance?txnId=1"])
def test_a_deep_link_that_names_nothing_is_a_calm_page(person, link):
    status, _location, text = person.go("GET", f"/app/{link}")
    assert status == 404
    assert "This is a simulator" in text


def test_what_does_not_exist_is_a_calm_page(person):
    lost = ["/companies/1", person.at("invoices/999"), person.at("customers/999")]
    for address in lost:
        status, _location, text = person.go("GET", address)
        assert status == 404
        assert "This is not possible" in text
    assert person.go("POST", person.at("settings/dance"))[0] == 404


def test_a_form_from_another_site_is_not_listened_to(person, sydney, invoice):
    header = {"Sec-Fetch-Site": "cross-site"}
    path = person.at(f"invoices/{invoice}/delete")
    assert person.go("POST", path, {}, **header)[0] == 403
    assert sydney.read("Invoice", invoice)["TotalAmt"] == Decimal("550.00")


def test_the_consent_page_offers_first_a_company_that_is_not_connected(running, sydney, oakland):
    back = "http://localhost:9/callback"
    app = {"client_id": "fresh", "client_secret": "x", "redirect_uris": [back]}
    running.control("/apps", app)
    known = [each["realm"] for each in running.control("/companies")]
    for realm in known:
        if realm != oakland.realm:
            running.control("/tokens", {"realm": realm, "client_id": "fresh"})
    asked = {"client_id": "fresh", "response_type": "code", "redirect_uri": back, "state": "s"}
    asked["scope"] = "com.intuit.quickbooks.accounting"
    person = Person(sydney)
    text = person.see("/connect/oauth2?" + urlencode(asked))
    assert 'value="bookkeeper@example.test"' in text
    assert "Any e-mail and any password work" in text
    person.cookies["qbsim_session"] = "x"
    text = person.see("/connect/oauth2?" + urlencode(asked))
    [chosen] = re.findall(r'<option value="(\d+)" selected>', text)
    assert chosen == oakland.realm
    assert f"{sydney.name} (already connected)" in text
