"""Customers, suppliers and supplies from a file: read, map the columns, look through, import, take
back. The looking, importing and taking back are done by a worker, slice by slice.
"""

from integrations.file_imports.reading import Unreadable
from integrations.file_imports.runs import begin_import, begin_undo, choose_columns, open_file, work

__all__ = ["Unreadable", "begin_import", "begin_undo", "choose_columns", "open_file", "work"]
