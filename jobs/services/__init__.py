"""What can be done to customers, the lists behind them, jobs and the work on them."""

from jobs.services.allocations import (
    allocate_line,
    change_allocation,
    fit_allocations,
    remove_allocation,
)
from jobs.services.contacts import add_contact, change_contact, remove_contact
from jobs.services.customers import (
    CustomerOwes,
    CustomerValues,
    archive_customer,
    change_customer,
    create_customer,
    restore_customer,
)
from jobs.services.expenses import (
    ExpenseValues,
    add_expense,
    approve_expense,
    change_expense,
    expense_with_number,
    record_owed_for_expense,
    remove_expense,
    void_expense,
)
from jobs.services.from_books import (
    import_customers_from_books,
    merge_customer_with_books,
    record_customer_from_books,
)
from jobs.services.jobs import (
    JobValues,
    LeavesWorkBehind,
    change_job,
    close_job,
    create_job,
    set_job_status,
)
from jobs.services.labour import LabourValues, change_labour, log_labour, remove_labour
from jobs.services.lists import (
    archive_job_type,
    archive_lead_source,
    change_job_type,
    change_lead_source,
    create_job_type,
    create_lead_source,
    restore_job_type,
    restore_lead_source,
)
from jobs.services.merging import merge_customers, take_over_expenses
from jobs.services.supplies import (
    SupplyUseValues,
    change_supply_use,
    remove_supply_use,
    use_supply,
)
from jobs.services.work import OnAnInvoice

__all__ = [
    "CustomerOwes",
    "CustomerValues",
    "ExpenseValues",
    "JobValues",
    "LabourValues",
    "LeavesWorkBehind",
    "OnAnInvoice",
    "SupplyUseValues",
    "add_contact",
    "add_expense",
    "allocate_line",
    "approve_expense",
    "archive_customer",
    "archive_job_type",
    "archive_lead_source",
    "change_allocation",
    "change_contact",
    "change_customer",
    "change_expense",
    "change_job",
    "change_job_type",
    "change_labour",
    "change_lead_source",
    "change_supply_use",
    "close_job",
    "create_customer",
    "create_job",
    "create_job_type",
    "create_lead_source",
    "expense_with_number",
    "fit_allocations",
    "import_customers_from_books",
    "log_labour",
    "merge_customer_with_books",
    "merge_customers",
    "record_customer_from_books",
    "record_owed_for_expense",
    "remove_allocation",
    "remove_contact",
    "remove_expense",
    "remove_labour",
    "remove_supply_use",
    "restore_customer",
    "restore_job_type",
    "restore_lead_source",
    "set_job_status",
    "take_over_expenses",
    "use_supply",
    "void_expense",
]
