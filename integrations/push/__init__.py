"""Outward: claim, prepare, send, settle, by the protocol of exactly one effect
(docs/architecture.md).

An intent with its frozen payload is committed before anything is sent; no transaction is open while
the books are spoken to; an outcome that nobody knows is looked up, after nothing can be in flight
any more, before anything is sent again. Knows no provider.
"""

from integrations.push.draining import Drained, drain

__all__ = ["Drained", "drain"]
