"""Documents on paper: plain words in, a PDF out. The words travel as data, never as code."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

_HERE = Path(__file__).parent
_FONTS = "font_source_sans_pro"
_LONG_WORD = re.compile(r"\S{24}(?=\S)")
_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
BREAK_HERE = "\N{ZERO WIDTH SPACE}"


def pdf(template: str, data: Mapping[str, Any], *, logo: bytes = b"") -> bytes:
    """The document as a PDF. `template` is invoice, receipt or statement."""
    return _compiled(template, data, logo, "pdf")[0]


def pictures(template: str, data: Mapping[str, Any], *, logo: bytes = b"") -> list[bytes]:
    """The same pages as PNG pictures, to look at."""
    return _compiled(template, data, logo, "png")


def _compiled(template: str, data: Mapping[str, Any], logo: bytes, kind: str) -> list[bytes]:
    files = {
        "main.typ": _source(template),
        "paper.typ": _source("paper"),
        "data.json": json.dumps(_printable(data), ensure_ascii=False).encode(),
    }
    if logo:
        files[str(data["business"]["logo"])] = logo
    with TemporaryDirectory(prefix="ascora-") as folder:
        for name, content in files.items():
            Path(folder, name).write_bytes(content)
        made = typst.compile(
            Path(folder, "main.typ"),
            root=Path(folder),
            format=kind,
            font_paths=_fonts(),
            timestamp=0,
        )  # type: ignore[call-overload]
    return made if isinstance(made, list) else [made]


def _printable(value: object) -> object:
    """Words without what no printer shows, and with places where endless ones may break."""
    if isinstance(value, str):
        clean = _UNPRINTABLE.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n"))
        return _LONG_WORD.sub(lambda found: found.group() + BREAK_HERE, clean)
    if isinstance(value, Mapping):
        return {key: _printable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(inner) for inner in value]
    return value


@cache
def _source(name: str) -> bytes:
    return (_HERE / f"{name}.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """Ours first; the machine's own fill in for scripts that ours does not have."""
    spec = find_spec(_FONTS)
    folders = list(spec.submodule_search_locations or []) if spec else []
    return typst.Fonts(
        include_system_fonts=True, font_paths=[str(Path(folder, "files")) for folder in folders]
    )
