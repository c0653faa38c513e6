"""What can be done to invoices, payments, payment methods and tax."""

from payments.services.methods import (
    MethodValues,
    RuleValues,
    archive_method,
    change_method,
    create_method,
    restore_method,
    set_surcharge,
)
from payments.services.refusals import Refused
from payments.services.settings import (
    accept_cards,
    choose_default_method,
    prepare_organization,
    set_payment_days,
    set_tax_rate,
)

__all__ = [
    "MethodValues",
    "Refused",
    "RuleValues",
    "accept_cards",
    "archive_method",
    "change_method",
    "choose_default_method",
    "create_method",
    "prepare_organization",
    "restore_method",
    "set_payment_days",
    "set_surcharge",
    "set_tax_rate",
]
