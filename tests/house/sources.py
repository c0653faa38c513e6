"""The source as syntax trees: what the house rules of services, views and tasks are read from."""

import ast
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

ROOMS = ("ascora", "integrations", "inventory", "jobs", "payments")


@dataclass(frozen=True)
class Function:
    """A function at the top of a module."""

    path: str
    node: ast.FunctionDef

    @property
    def name(self) -> str:
        """As it is called."""
        return self.node.name

    @property
    def is_public(self) -> bool:
        """Meant for other modules."""
        return not self.name.startswith("_")

    @property
    def lines(self) -> int:
        """From its first line to its last, without its docstring."""
        said = self.node.body[0]
        is_docstring = isinstance(said, ast.Expr) and isinstance(said.value, ast.Constant)
        words = said.end_lineno - said.lineno + 1 if is_docstring else 0
        return self.node.end_lineno - self.node.lineno + 1 - words

    @property
    def decorators(self) -> set[str]:
        """Their bare names."""
        return {name_of(each) for each in self.node.decorator_list}

    @property
    def calls(self) -> list[ast.Call]:
        """Every call inside."""
        return [node for node in ast.walk(self.node) if isinstance(node, ast.Call)]

    def __str__(self) -> str:
        return f"{self.path}:{self.name}"


def name_of(node: ast.AST) -> str:
    """The last part of a dotted name, also of a call of it."""
    if isinstance(node, ast.Call):
        return name_of(node.func)
    return getattr(node, "attr", None) or getattr(node, "id", "")


def modules(part: str) -> list[tuple[str, ast.Module]]:
    """Modules of ours that are called `part` or lie in a package of that name."""
    found = []
    for room in ROOMS:
        for path in sorted((Path(settings.BASE_DIR) / room).rglob("*.py")):
            inside = path.relative_to(settings.BASE_DIR)
            is_named = inside.stem == part or part in inside.parts[:-1]
            if is_named and "migrations" not in inside.parts:
                found.append((inside.as_posix(), ast.parse(path.read_text("utf-8"))))
    return found


def functions(part: str) -> list[Function]:
    """The functions at the top of those modules."""
    return [
        Function(path, node)
        for path, tree in modules(part)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    ]
