"""Every address x logged out, stranger, too low a role, right role. A refusal changes nothing."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLResolver

from ascora.tenancy.rls import acting_for, acting_for_everyone
from tests.house.doors import DOORS, ENTRANCE, OWN_LOG_IN, Who
from tests.house.rows import a_whole_row, owned_models

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")
LOG_IN = "/accounts/login/"


def names_in(resolver, prefix=""):
    """Every URL name below."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            space = f"{prefix}{each.namespace}:" if each.namespace else prefix
            yield from names_in(each, space)
        elif each.name:
            yield f"{prefix}{each.name}"
        else:
            yield f"nameless {each.pattern}"


def test_every_address_has_a_row_and_every_row_an_address():
    doors = [door.name for door in DOORS]
    assert len(doors) == len(set(doors))
    assert set(names_in(get_resolver())) == {*doors, *ENTRANCE, *OWN_LOG_IN}


def address_of(door, row):
    """The door's path."""
    return reverse(
        door.name, args=[*door.args, *([row.public_id] if row else []), *door.args_after]
    )


def everything():
    """A print of every owned table, of organizations and of people."""
    tables = [model._meta.db_table for model in owned_models()]
    people = "(SELECT id, email, name, password, is_active FROM tenancy_user)"
    prints = " UNION ALL ".join(
        f"SELECT {place}, md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t"
        for place, table in enumerate([*tables, "tenancy_organization", people])
    )
    with acting_for_everyone(), connection.cursor() as cursor:
        cursor.execute(f"{prints} ORDER BY 1")
        return cursor.fetchall()


def knock(visitor, person, client_of):
    """The visitor's browser."""
    return Client() if visitor == "nobody" else client_of(person(visitor))


def ask(browser, method, path):
    """As a page does: a form posts as a form."""
    return browser.post(path) if method == "POST" else browser.generic(method, path)


def is_sent_to_log_in(answer):
    """Led to the log-in, and to nothing else."""
    return answer.status_code == 302 and answer.url.startswith(LOG_IN)


def is_refused(answer, visitor):
    """As the house refuses each kind of visitor."""
    if visitor == "nobody":
        return is_sent_to_log_in(answer)
    return answer.status_code == (404 if visitor == "stan" else 403)


@pytest.fixture
def bare(settings):
    """Organizations without what other storeys prepare: a refusal needs none of it."""
    settings.ORGANIZATION_PREPARERS = []


@pytest.fixture
def cast(bright_spark, drain_co, person, client_of):
    """Everybody, and no rate limits left over from another test."""
    cache.clear()
    return lambda visitor: knock(visitor, person, client_of)


def the_row(door, organization):
    """What the address speaks of, at Bright Spark."""
    if door.of is None:
        return None
    with acting_for(organization):
        return a_whole_row(door.of, organization)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_who_may_not_enter_is_refused_and_nothing_changes(bare, door, cast, bright_spark):
    path = address_of(door, the_row(door, bright_spark))
    before = everything()
    # A stranger finds the own organization behind an address that names no row.
    kept_out = {"nobody", "olive", "otto", "ada", *(["stan"] if door.of else [])}
    for visitor in kept_out:
        if door.least.lets_in(visitor):
            continue
        browser = cast(visitor)
        for method in ("GET", "POST"):
            if method not in door.methods and visitor != "nobody":
                continue
            answer = ask(browser, method, path)
            if method in door.methods:
                assert is_refused(answer, visitor), (visitor, method, answer.status_code)
            else:
                assert answer.status_code in {302, 405}
    assert everything() == before


@pytest.mark.parametrize("door", [d for d in DOORS if not d.is_far], ids=lambda door: door.name)
def test_who_may_enter_does(door, cast, bright_spark):
    for visitor in door.least.value.split():
        if door.least is not Who.PERSON and visitor == "stan":
            continue
        for method in door.methods.replace("any", "GET").split():
            row = the_row(door, bright_spark)
            answer = ask(cast(visitor), method, address_of(door, row))
            assert answer.status_code in {200, 204, 286, 302, 400, 422}, (visitor, method)
            assert not is_sent_to_log_in(answer)


@pytest.mark.parametrize("door", [d for d in DOORS if d.methods != "any"], ids=lambda d: d.name)
def test_unused_methods_are_not_allowed(bare, door, cast, bright_spark):
    path = address_of(door, the_row(door, bright_spark))
    before = everything()
    browser = cast("olive")
    for method in METHODS:
        if method not in door.methods:
            assert browser.generic(method, path).status_code == 405, method
    assert everything() == before


@pytest.mark.parametrize("name", sorted(OWN_LOG_IN))
def test_the_pages_of_a_log_in_are_for_its_person(db, client, name):
    try:
        path = reverse(name)
    except NoReverseMatch:
        path = reverse(name, args=[1])
    for method in ("GET", "POST"):
        assert is_sent_to_log_in(client.generic(method, path)), method


def test_a_stranger_finds_nothing_of_bright_spark_behind_an_address_without_a_row(cast):
    browser = cast("stan")
    for door in DOORS:
        if "GET" in door.methods and not door.of and not door.args:
            answer = browser.get(reverse(door.name))
            assert b"Bright Spark" not in answer.content, door.name
