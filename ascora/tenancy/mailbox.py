"""The mail of a demonstration, readable in the browser. Off unless SHOW_MAIL is set."""

from dataclasses import dataclass
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

BETWEEN = "-" * 79
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as a person reads it."""

    to: str
    subject: str
    date: str
    text: str


@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest messages first."""
    letters = letters_in(Path(str(settings.EMAIL_CONFIG["EMAIL_FILE_PATH"])))
    return render(request, "tenancy/mailbox.html", {"letters": letters})


def letters_in(folder: Path) -> list[Letter]:
    """What Django's file backend wrote: several messages to a file, a line of dashes after each."""
    files = sorted(folder.glob("*.log"), reverse=True)[:SHOWN]
    letters = [_letter(raw) for path in files for raw in reversed(_messages(path.read_text()))]
    return letters[:SHOWN]


def _messages(text: str) -> list[str]:
    return [message for message in text.split(f"{BETWEEN}\n") if message.strip()]


def _letter(raw: str) -> Letter:
    message = message_from_string(raw, EmailMessage, policy=policy.default)
    body = message.get_body(("plain",))
    return Letter(
        to=str(message["to"]),
        subject=str(message["subject"]),
        date=str(message["date"]),
        text=body.get_content() if body is not None else "",
    )
