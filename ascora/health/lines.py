"""What is written down: one JSON object per line, made of an allow-list of keys and shapes.

A text that a program put together may hold a name, an amount or a token. So of a message only the
words of its author are kept and never its arguments, of an exception its kind and where it arose,
and of what a caller adds only the keys below, in the shapes below.
"""

import json
import logging
import re
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ImproperlyConfigured

OURS = ("ascora", "integrations", "inventory", "jobs", "payments")
_DOTTED = re.compile(r"[A-Za-z_][\w.:-]{0,99}")
_WORD = re.compile(r"[a-z_]{1,40}")
_NUMBER = re.compile(r"\d{1,18}")
# What a caller may add, as `extra`.
FIELDS: Mapping[str, re.Pattern[str]] = {
    "organization": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "connection": _NUMBER,
    "document": re.compile(r"[a-z]+\.[a-z]+ \d{1,18}"),
    "attempt": _NUMBER,
    "direction": _WORD,
    "operation": _WORD,
    "kind": _WORD,
    "outcome": _WORD,
    # Intuit's ids of an exchange are either of these; a text of words is neither.
    "intuit_tid": re.compile(
        r"\d-[0-9a-f]{8}-[0-9a-f]{24}|[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}"
    ),
    "error": re.compile(r"[A-Za-z_]{1,40}|\d{1,6}"),
    "task": _DOTTED,
    "task_id": re.compile(r"[0-9a-f-]{36}"),
    "view": _DOTTED,
    "status": re.compile(r"[1-5]\d\d"),
}
ALWAYS = ("time", "level", "logger", "event", "process")
OF_EXCEPTIONS = ("raised", "because", "at")
# Words of libraries that come without arguments; others of theirs may have been put together.
_KNOWN = frozenset({"beat: Starting...", "beat: Shutting down...", "Handling signal: term"})
_FRAMES = 8


def about(row: object, **more: object) -> dict[str, object]:
    """The fields that name an entry or an attempt, by ids alone."""
    label, pk = getattr(row, "label", ""), getattr(row, "object_pk", None)
    fields: dict[str, object] = {"organization": getattr(row, "organization_id", None)}
    if label and pk:
        fields["document"] = f"{label} {pk}"
    return {**fields, **more}


class JsonLine(logging.Formatter):
    """A record as one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Never calls `getMessage`: arguments stay where they are."""
        line: dict[str, object] = {
            "time": _utc(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
            "process": record.process,
        }
        line.update(_allowed(vars(record)))
        line.update(_of_celery(record))
        line.update(_of_request(record))
        if record.exc_info and record.exc_info[1]:
            line.update(_of_exception(record.exc_info[1]))
        return json.dumps(line)


def _utc(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _event(record: logging.LogRecord) -> str:
    """The author's words. A library's text without arguments may be one put together: where it was
    said instead.
    """
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    is_ours = record.name.split(".")[0] in OURS
    if is_ours or record.args or record.msg in _KNOWN:
        return record.msg.strip()
    return f"{record.module}.{record.funcName}:{record.lineno}"


def _allowed(values: Mapping[str, object]) -> dict[str, object]:
    """The known keys whose values have the known shape."""
    return {
        key: values[key] if isinstance(values[key], int | float) else str(values[key])
        for key, shape in FIELDS.items()
        if values.get(key) is not None and shape.fullmatch(str(values[key]))
    }


def _of_celery(record: logging.LogRecord) -> dict[str, object]:
    """Which task, of what Celery says about tasks."""
    data = getattr(record, "data", None)
    if not isinstance(data, Mapping):
        return {}
    return _allowed({"task": data.get("name"), "task_id": data.get("id")})


def _of_request(record: logging.LogRecord) -> dict[str, object]:
    """Which view and whose, of what Django says about a request; never its address."""
    request: Any = getattr(record, "request", None)
    if request is None:
        return {}
    match = getattr(request, "resolver_match", None)
    return _allowed(
        {
            "status": getattr(record, "status_code", None),
            "view": getattr(match, "view_name", None),
            "organization": getattr(getattr(request, "organization", None), "pk", None),
        }
    )


def _of_exception(error: BaseException) -> dict[str, object]:
    """Its kind, those behind it, and the innermost places; of its words only those about
    settings.
    """
    behind: list[str] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and len(behind) < _FRAMES:
        behind.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = [f"{PurePath(f.filename).name}:{f.lineno} {f.name}" for f in frames]
    told: dict[str, object] = {"raised": type(error).__name__, "because": behind, "at": places}
    if isinstance(error, ImproperlyConfigured):
        told["event"] = str(error)
    return told


def lines(level: str) -> dict[str, Any]:
    """The configuration of logging: every record of the process, to stderr, as such a line."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "ascora.health.lines.JsonLine"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django gives it a handler of its own, which writes addresses.
            "django.server": {"handlers": [], "propagate": True},
            # These say what goes over the wire at DEBUG.
            "urllib3": {"level": "WARNING"},
            "intuitlib": {"level": "WARNING"},
            "requests_oauthlib": {"level": "WARNING"},
        },
    }
