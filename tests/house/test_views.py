"""Views read through selectors and write through services, say their methods, and stay short."""

import ast
import re

import pytest

from tests.house.sources import functions, modules, name_of

LINES = 25
DOORS = {"members_only", "office_only", "bookkeepers_only", "owners_only", "people_only"}
METHODS = {"require_GET", "require_POST", "require_http_methods"}
# Open to whoever comes: each says for itself whom it believes.
OPEN = {"healthz", "invitation_accept", "mailbox", "metrics", "readyz", "webhook"}
FORBIDDEN = re.compile(r"\.objects\b|\.save\(|\.filter\(")


def is_view(function):
    """Takes a request and answers it."""
    arguments = function.node.args.args
    return function.is_public and bool(arguments) and arguments[0].arg == "request"


VIEWS = [each for each in functions("views") if is_view(each)]


def test_there_are_views():
    assert len(VIEWS) > 50


def test_a_view_never_touches_rows_itself():
    for path, tree in modules("views"):
        assert not FORBIDDEN.search(ast.unparse(tree)), path


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_a_view_is_short(view):
    assert view.lines <= LINES


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_a_view_says_who_may_enter_and_by_which_methods(view):
    assert view.decorators & METHODS
    assert view.decorators & DOORS or view.name in OPEN


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_the_mark_of_a_view_without_transaction_stands_outermost(view):
    marks = [name_of(each) for each in view.node.decorator_list]
    if "without_transaction" in marks:
        assert marks[0] == "without_transaction"
