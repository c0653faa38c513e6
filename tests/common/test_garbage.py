"""How often cycles are looked for."""

import gc

import pytest

from ascora.common.garbage import rarely_collected


def test_cycles_are_looked_for_rarely_within_it_and_as_before_behind_it():
    before = gc.get_threshold()
    with rarely_collected():
        assert gc.get_threshold()[0] > 10 * before[0]
        assert gc.isenabled()
    assert gc.get_threshold() == before


def test_also_after_an_error():
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), rarely_collected():
        raise ZeroDivisionError
    assert gc.get_threshold() == before
