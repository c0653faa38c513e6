"""Entering a company's books: the handshake, its tokens, the chart, and an open ledger."""

from integrations.connections.charts import (
    refresh_chart,
    refresh_chart_unless_just_read,
    take_chart,
)
from integrations.connections.handshake import (
    AnotherCompany,
    CompanyTaken,
    Handshake,
    StateRefused,
    begin,
    complete,
    disconnect,
    enter,
    holder_of,
)
from integrations.connections.ledgers import open_ledger
from integrations.connections.tokens import lose

__all__ = [
    "AnotherCompany",
    "CompanyTaken",
    "Handshake",
    "StateRefused",
    "begin",
    "complete",
    "disconnect",
    "enter",
    "holder_of",
    "lose",
    "open_ledger",
    "refresh_chart",
    "refresh_chart_unless_just_read",
    "take_chart",
]
