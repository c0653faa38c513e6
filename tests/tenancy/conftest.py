"""What the tests of people share."""

import pytest
from django.core.cache import cache

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def fresh_rate_limits():
    """Limits are counted in Redis, which outlives a test."""
    cache.clear()
    yield
    cache.clear()
