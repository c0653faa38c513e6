"""Inward: read what changed in the books, apply each record by itself, move the cursor after a
clean pass.

A webhook only says that something changed; the sweep with its overlap is the guarantee. Knows no
provider.
"""

from integrations.pull.hints import expect_changes
from integrations.pull.merges import go_on
from integrations.pull.payments import take_payment
from integrations.pull.sweeping import Pulled, pull

__all__ = ["Pulled", "expect_changes", "go_on", "pull", "take_payment"]
