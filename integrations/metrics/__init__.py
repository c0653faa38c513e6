"""Figures for a scraper, computed from PostgreSQL at each scrape: the same from every process.

No business, document, person or amount is in a label or a value.
"""

from integrations.metrics.exposition import CONTENT_TYPE, exposition

__all__ = ["CONTENT_TYPE", "exposition"]
