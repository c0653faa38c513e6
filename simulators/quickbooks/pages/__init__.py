"""Pages for people: what a bookkeeper sees and presses, and QuickBooks' own deep links."""

from simulators.quickbooks.pages import (
    accounts,
    activity,
    billpayments,
    creditmemos,
    customers,
    deposits,
    files,
    invoices,
    payments,
    purchases,
    settings,
    shell,
    vendors,
)

ROUTES = [
    *shell.ROUTES,
    *accounts.ROUTES,
    *customers.ROUTES,
    *invoices.ROUTES,
    *creditmemos.ROUTES,
    *payments.ROUTES,
    *deposits.ROUTES,
    *vendors.ROUTES,
    *purchases.ROUTES,
    *billpayments.ROUTES,
    *files.ROUTES,
    *settings.ROUTES,
    *activity.ROUTES,
]
