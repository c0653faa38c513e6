"""Bright Spark and the stranger with books in memory, as the engine's tests have them."""

from tests.engine.conftest import drain, open_books, spark

__all__ = ["drain", "open_books", "spark"]
