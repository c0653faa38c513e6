"""Services say their arguments by name and type, and tell the outbox of every change that the books
must hear of.
"""

import ast

import pytest

from tests.house.sources import Function, functions, modules, name_of

PUSHABLE = {
    "Attachment",
    "CreditApplication", "CreditNote", "Customer", "Expense", "Invoice", "Payment", "Refund",
    "Supplier", "SupplierInvoice",
}  # fmt: skip
WRITES = {"save", "delete", "create", "bulk_create", "update", "get_or_create", "update_or_create"}
WRITES |= {"insert_rows"}
RECORDS = {"record_change", "record_known"}


def exported() -> set[str]:
    """What the packages of services offer: the rest of their modules is their own affair."""
    return {
        alias.name
        for path, tree in modules("services")
        if path.endswith("__init__.py")
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def is_service(function: Function) -> bool:
    """Offered to other modules."""
    is_module = function.path.endswith("services.py")
    return function.is_public and (is_module or function.name in exported())


SERVICES = [each for each in functions("services") if is_service(each)]
# The foundation's own vocabulary: the thing comes first, as in a sentence.
SPEAKS_OTHERWISE = {
    "ascora/outbox/services.py:record_anew",
    "ascora/outbox/services.py:record_change",
    "ascora/outbox/services.py:record_known",
    "ascora/outbox/services.py:ring",
    "ascora/history/services.py:note_changes",
    "ascora/search/services.py:index_for_search",
    "ascora/search/services.py:matching",
}
NOT_FOR_THE_BOOKS = {
    "jobs/services/merging.py:merge_customers",  # the books merged them first
    "inventory/services/merging.py:merge_suppliers",  # as above
    "inventory/services/supplierinvoices.py:draft_supplier_invoice",  # a draft
    "inventory/services/supplierinvoices.py:delete_supplier_draft",  # a draft still
    "inventory/services/supplierinvoices.py:_kept",  # told by those that change an approved one
    "inventory/services/suppliers.py:create_supplier",  # they hear of it with its first invoice
    "jobs/services/customers.py:create_customer",  # the books hear of it with its first invoice
    "payments/services/external.py:keep_deposit_account",  # the answer to what was sent
    "payments/services/applications.py:_save_standing",  # they hear of it with its application
    "payments/services/creditnotes.py:_keep_draft",  # nobody's business but ours until issued
    "payments/services/creditnotes.py:delete_credit_draft",
    "jobs/services/expenses.py:add_expense",  # a draft; the books hear of it once it is approved
    "jobs/services/expenses.py:remove_expense",  # a draft still
    "payments/services/invoices.py:keep_draft",  # nobody's business but ours until it is issued
    "payments/services/invoices.py:keep_new_draft",
}


@pytest.mark.parametrize("service", SERVICES, ids=str)
def test_a_service_takes_its_arguments_by_name_and_type(service):
    given = service.node.args
    assert service.node.returns is not None
    assert all(arg.annotation for arg in [*given.args, *given.kwonlyargs])
    if str(service) not in SPEAKS_OTHERWISE:
        assert not given.args, "arguments are keyword-only"


def pushables_in(function: Function) -> set[str]:
    """Names that hold a pushable document: by annotation, or made by its class."""
    node = function.node
    arguments = [*node.args.args, *node.args.kwonlyargs]
    held = {arg.arg for arg in arguments if arg.annotation and name_of(arg.annotation) in PUSHABLE}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assign) and name_of(inner.value) in PUSHABLE:
            held |= {name_of(target) for target in inner.targets}
    return held


def writes_a_pushable(function: Function) -> bool:
    """Whether it saves, creates, updates or deletes one."""
    held = pushables_in(function)
    for call in function.calls:
        if name_of(call) in WRITES and isinstance(call.func, ast.Attribute):
            about = {name_of(inner) for inner in ast.walk(call.func.value)}
            if about & PUSHABLE or name_of(call.func.value) in held:
                return True
    return False


def test_the_rule_sees_a_forgotten_call():
    text = "def change(*, customer: Customer) -> None:\n    customer.save()"
    assert writes_a_pushable(Function("x.py", ast.parse(text).body[0]))
    text = (
        "def move(*, organization) -> None:\n    Invoice.objects.owned_by(organization).update(a=1)"
    )
    assert writes_a_pushable(Function("x.py", ast.parse(text).body[0]))


def records(function: Function) -> bool:
    """Whether it tells the outbox; a private one may leave that to each of its callers."""
    if {name_of(call) for call in function.calls} & RECORDS:
        return True
    callers = [
        each
        for each in functions("services")
        if each.path == function.path and function.name in {name_of(call) for call in each.calls}
    ]
    return not function.is_public and bool(callers) and all(records(each) for each in callers)


@pytest.mark.parametrize("service", functions("services"), ids=str)
def test_what_changes_a_document_of_the_books_records_the_change(service):
    if writes_a_pushable(service) and str(service) not in NOT_FOR_THE_BOOKS:
        assert records(service), f"{service} writes without record_change"
