"""Long lists."""

from itertools import chain
from urllib.parse import parse_qs, urlsplit

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from ascora.common import listing as listing_module
from ascora.common.listing import Filter, Listing
from jobs.models import Customer, LeadSource


def a_request(address="/customers/", **headers):
    request = RequestFactory().get(address, **headers)
    request.htmx = HtmxDetails(request)
    return request


def customers(organization, *names, **values):
    return Customer.objects.bulk_create(
        Customer(organization=organization, name=name, **values) for name in names
    )


def listed(organization, address="/customers/", **headers):
    return Listing(
        a_request(address, **headers),
        Customer.objects.owned_by(organization),
        search=lambda rows, query: rows.filter(name__icontains=query),
        filters=[
            Filter(
                "taxed",
                "Taxed",
                [("", "All"), ("no", "Not taxed")],
                lambda rows, value: rows.filter(is_taxed=value != "no"),
            )
        ],
        sorts={"name": "name", "lead": "lead_source__name", "tax": "is_taxed"},
        default_sort="name",
    )


def names(listing):
    return [customer.name for customer in listing]


@pytest.fixture
def pages_of_three(monkeypatch):
    monkeypatch.setattr(listing_module, "PAGE_SIZE", 3)


def walk(organization, address, step):
    """Every page from this address on, by its links."""
    for _ in range(20):
        listing = listed(organization, address)
        yield names(listing)
        address = getattr(listing, f"{step}_address")
        if not address:
            return
    pytest.fail("the pages do not end")


@pytest.mark.usefixtures("pages_of_three")
def test_pages_show_every_row_once_in_order(at_bright_spark):
    customers(at_bright_spark, *"GCAFBED")
    assert list(walk(at_bright_spark, "/customers/", "next")) == [
        ["A", "B", "C"],
        ["D", "E", "F"],
        ["G"],
    ]


@pytest.mark.usefixtures("pages_of_three")
def test_pages_walk_back_the_way_they_came(at_bright_spark):
    customers(at_bright_spark, *"ABCDEFG")
    last = listed(at_bright_spark, f"/customers/?after={public_id(at_bright_spark, 'F')}")
    assert list(walk(at_bright_spark, last.previous_address, "previous")) == [
        ["D", "E", "F"],
        ["A", "B", "C"],
    ]


def public_id(organization, name):
    return Customer.objects.owned_by(organization).get(name=name).public_id


@pytest.mark.usefixtures("pages_of_three")
@pytest.mark.parametrize("sort", ["lead", "-lead", "tax", "-tax"])
def test_pages_lose_no_row_among_equal_and_missing_values(at_bright_spark, sort):
    web = LeadSource.objects.create(organization=at_bright_spark, name="Web")
    ute = LeadSource.objects.create(organization=at_bright_spark, name="Ute")
    customers(at_bright_spark, *"ABCD")
    customers(at_bright_spark, *"EFGH", lead_source=web, is_taxed=False)
    customers(at_bright_spark, *"IJ", lead_source=ute)
    there = list(walk(at_bright_spark, f"/customers/?sort={sort}", "next"))
    assert sorted(chain.from_iterable(there)) == list("ABCDEFGHIJ")
    if "lead" in sort:
        assert set(list(chain.from_iterable(there))[-4:]) == set("ABCD"), (
            "rows without a value come last"
        )
    end = f"/customers/?sort={sort}&after={public_id(at_bright_spark, there[-2][-1])}"
    back = list(walk(at_bright_spark, end, "previous"))
    assert back[::-1] == there


@pytest.mark.usefixtures("pages_of_three")
def test_a_page_before_which_little_is_left_starts_at_the_top(at_bright_spark):
    customers(at_bright_spark, *"ABCDE")
    assert names(listed(at_bright_spark, f"/?before={public_id(at_bright_spark, 'C')}")) == [
        "A",
        "B",
        "C",
    ]


@pytest.mark.parametrize(
    "nonsense",
    ["after=x", "before=", "after=862fc067-67e5-4c9b-9456-b1bf9697b163", "sort=pk", "q=%00"],
)
def test_an_address_that_means_nothing_shows_the_first_page(at_bright_spark, nonsense):
    customers(at_bright_spark, "B", "A")
    assert names(listed(at_bright_spark, f"/customers/?{nonsense}")) == ["A", "B"]


def test_a_strangers_row_is_no_place_to_go_on_from(bright_spark, drain_co):
    from ascora.tenancy.rls import acting_for

    with acting_for(drain_co):
        customers(drain_co, "Z")
        theirs = public_id(drain_co, "Z")
    with acting_for(bright_spark):
        customers(bright_spark, "A")
        assert names(listed(bright_spark, f"/?after={theirs}")) == ["A"]


def test_searching_narrows_and_says_so_when_nothing_is_found(at_bright_spark):
    customers(at_bright_spark, "Smith", "Smythe", "Jones")
    assert names(listed(at_bright_spark, "/?q=sm")) == ["Smith", "Smythe"]
    nothing = listed(at_bright_spark, "/?q=nobody")
    assert (nothing.is_empty, nothing.is_narrowed) == (True, True)


def test_an_empty_list_that_nobody_narrowed_has_nothing_yet(at_bright_spark):
    listing = listed(at_bright_spark)
    assert (listing.is_empty, listing.is_narrowed) == (True, False)
    request = a_request()
    assert "Nothing here yet" in render_to_string(
        "components/list_page.html", {"listing": listing}, request
    )


def test_a_filter_narrows_by_its_choices_only(at_bright_spark):
    customers(at_bright_spark, "Taxed")
    customers(at_bright_spark, "Free", is_taxed=False)
    assert names(listed(at_bright_spark, "/?taxed=no")) == ["Free"]
    assert names(listed(at_bright_spark, "/?taxed=maybe")) == ["Free", "Taxed"]


@pytest.mark.parametrize(
    ("many", "said"), [(1, "1 customer"), (3, "3 customers"), (5, "4+ customers")]
)
def test_the_count_stops_where_counting_costs_more_than_it_tells(
    at_bright_spark, monkeypatch, many, said
):
    monkeypatch.setattr(listing_module, "COUNTED_UP_TO", 4)
    customers(at_bright_spark, *"ABCDE"[:many])
    assert listed(at_bright_spark).count == said


@pytest.mark.parametrize("many", [1, 100])
def test_a_page_costs_two_queries_however_many_rows(
    at_bright_spark, django_assert_num_queries, many
):
    customers(at_bright_spark, *(f"Customer {n:03}" for n in range(many)))
    with django_assert_num_queries(2):
        listing = listed(at_bright_spark, "/?q=customer")
        render_to_string("components/list_page.html", {"listing": listing}, a_request())


def test_going_on_costs_one_query_more(at_bright_spark, django_assert_num_queries):
    customers(at_bright_spark, *(f"Customer {n:03}" for n in range(120)))
    address = listed(at_bright_spark).next_address
    with django_assert_num_queries(3):
        listing = listed(at_bright_spark, address)
        assert listing.count == "120 customers"
        assert len(names(listing)) == 50


def test_a_heading_turns_the_order_around_and_forgets_the_page(at_bright_spark):
    listing = listed(at_bright_spark, "/customers/?q=a&sort=name&after=x")
    assert listing.direction_of("name") == "ascending"
    assert parse_qs(urlsplit(listing.address_sorted_by("name")).query) == {
        "q": ["a"],
        "sort": ["-name"],
    }
    assert listed(at_bright_spark, "/?sort=-name").direction_of("name") == "descending"
    assert listing.direction_of("tax") == "none"
    assert listing.cleared_address == "/customers/"


def test_htmx_gets_the_table_without_the_frame(at_bright_spark):
    assert listed(at_bright_spark).frame == "base.html"
    assert listed(at_bright_spark, headers={"HX-Request": "true"}).frame == "components/bare.html"
