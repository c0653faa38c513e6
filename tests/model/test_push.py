"""One push has one effect, whatever is killed, lost, late or forgotten; each belt is needed.

The engine's protocol is called H4 where the argument is made (docs/guarantee.md). What other
integrations do is explored with the same steps, so that the search is known to find duplicates.
"""

from dataclasses import replace

import pytest

from tests.model.push import Protocol, explore

OURS = Protocol(kills=4)
BARE = Protocol(
    intent=True, deadline=False, quarantine=False, read_back=False, request_id=False,
    fence=False, may_sleep=False,
)  # fmt: skip


def told(found):
    """The shortest way to two documents, for whoever reads a failure."""
    return " > ".join(found.story)


def test_our_protocol_creates_one_document_and_never_gets_stuck():
    found = explore(OURS)
    assert found.duplicate is None, told(found)
    assert found.stuck == []
    assert found.lost == []
    # As many as the independent search that the design was argued from.
    assert found.states == 973


@pytest.mark.parametrize("belt", ["intent", "deadline", "quarantine", "read_back"])
def test_without_this_belt_a_second_document_is_found(belt):
    found = explore(replace(OURS, kills=3, **{belt: False}))
    assert found.duplicate is not None
    assert found.story


def test_the_request_id_is_what_saves_a_blind_read_back():
    blind = replace(OURS, kills=3, lags=True)
    assert explore(replace(blind, request_id=False)).duplicate is not None
    assert explore(replace(blind, forgets=False)).duplicate is None


def test_blind_and_forgetful_books_are_what_only_the_comparison_of_both_sides_sees():
    assert explore(replace(OURS, kills=3, lags=True)).duplicate is not None


def test_without_the_fence_a_worker_that_was_taken_over_stores_its_result():
    unfenced = replace(OURS, kills=3, fence=False)
    found = explore(unfenced)
    assert found.duplicate is None, told(found)
    assert explore(replace(unfenced, quarantine=False)).duplicate is not None


@pytest.mark.parametrize(
    "others",
    [
        pytest.param(BARE, id="retry without a key"),
        pytest.param(replace(BARE, fence=True, read_back=True), id="look before sending again"),
        pytest.param(replace(BARE, fence=True, request_id=True, is_atomic=True), id="a key alone"),
        pytest.param(
            replace(BARE, fence=True, read_back=True, quarantine=True, may_sleep=True),
            id="no deadline for a sleeper",
        ),
    ],
)
def test_what_others_do_can_create_it_twice(others):
    assert explore(others).duplicate is not None


def test_a_key_alone_would_do_if_the_books_never_forgot():
    never = replace(BARE, fence=True, request_id=True, is_atomic=True, forgets=False)
    assert explore(never).duplicate is None
