"""Answers to htmx, which are ordinary pages and redirects for a browser without it."""

import json
from typing import Any, cast
from urllib.parse import urlsplit

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

UNPROCESSABLE = 422


class HtmxRequest(HttpRequest):
    """A request as it is behind HtmxMiddleware."""

    htmx: HtmxDetails


def htmx_of(request: HttpRequest) -> HtmxDetails:
    """What htmx said about the request; falsy when a browser asked by itself."""
    return cast("HtmxRequest", request).htmx


def dialog(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A pop-up (or the same as a page). 422 when `context["form"]` was sent and is not in order."""
    form = context.get("form")
    refused = isinstance(form, BaseForm) and form.is_bound and not form.is_valid()
    return render(request, template, context, status=UNPROCESSABLE if refused else 200)


def saved(request: HttpRequest, *, to: str, message: str = "") -> HttpResponse:
    """The end of a pop-up: says `message` and shows the page `to`.

    Where the pop-up was opened from that very page, the page is refreshed as it stands, with its
    search and its scroll position. Without htmx it is a redirect.
    """
    if message:
        messages.success(request, message)
    htmx = htmx_of(request)
    if not htmx:
        return HttpResponseRedirect(to)
    if urlsplit(htmx.current_url_abs_path or "").path == urlsplit(to).path:
        return HttpResponseClientRefresh()
    return HttpResponseClientRedirect(to)


def toast(response: HttpResponse, message: str, *, tone: str = "good") -> HttpResponse:
    """Adds a short message to a fragment's answer (tones: good, info, warn, bad)."""
    response.headers["HX-Trigger"] = json.dumps(
        {"ascora:toast": {"message": message, "tone": tone}}
    )
    return response
