"""Pages for people: what a bookkeeper sees and presses, and QuickBooks' own deep links."""

from simulators.quickbooks.pages import (
    accounts,
    activity,
    customers,
    deposits,
    files,
    invoices,
    payments,
    settings,
    shell,
)

ROUTES = [
    *shell.ROUTES,
    *accounts.ROUTES,
    *customers.ROUTES,
    *invoices.ROUTES,
    *payments.ROUTES,
    *deposits.ROUTES,
    *files.ROUTES,
    *settings.ROUTES,
    *activity.ROUTES,
]
