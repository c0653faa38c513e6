"""A batch has the effect of its documents once, whatever of it is lost, cut, late or forgotten."""

from dataclasses import replace

import pytest

from tests.model.batch import Rules, explore

OURS = Rules()


def test_a_batch_makes_each_document_once_and_never_gets_stuck():
    found = explore(OURS)
    assert found.story == []
    assert found.stuck == []
    assert found.states > 50


@pytest.mark.parametrize("rule", ["is_sent_whole", "waits"])
def test_what_saves_a_blind_look_is_the_batch_itself_and_the_second_look(rule):
    blind = replace(OURS, lags=True, forgets=False, is_cut=False)
    assert explore(blind).story == []
    assert explore(replace(blind, **{rule: False})).story


@pytest.mark.parametrize("world", ["forgets", "is_cut"])
def test_blind_and_forgetful_books_are_what_only_the_comparison_sees(world):
    blind = replace(OURS, lags=True, forgets=False, is_cut=False)
    assert explore(replace(blind, **{world: True})).story
