"""What can be imported from a file. A new kind is a module here and a row in KINDS."""

from integrations.file_imports.kinds.customers import CUSTOMERS
from integrations.file_imports.kinds.importable import Importable
from integrations.file_imports.kinds.suppliers import SUPPLIERS
from integrations.file_imports.kinds.supplies import SUPPLIES
from integrations.models import FileKind

__all__ = ["KINDS", "Importable"]

KINDS: dict[str, Importable] = {
    FileKind.CUSTOMERS: CUSTOMERS,
    FileKind.SUPPLIERS: SUPPLIERS,
    FileKind.SUPPLIES: SUPPLIES,
}
