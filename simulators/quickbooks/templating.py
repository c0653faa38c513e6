"""HTML pages out of jinja2 templates; every page says that it is a simulator."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.responses import HTMLResponse

ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(default=True),
)


def page(template: str, context: dict[str, Any], *, status: int = 200) -> HTMLResponse:
    """One rendered page."""
    return HTMLResponse(ENVIRONMENT.get_template(template).render(**context), status)
