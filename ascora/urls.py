"""The roof: which app answers which address."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from ascora.tenancy.mailbox import mailbox


def healthz(_request: HttpRequest) -> HttpResponse:
    """Answers while the web server serves."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("", include("ascora.attachments.urls")),
    path("", include("inventory.urls")),
    path("", include("jobs.urls")),
    path("", include("payments.urls")),
    path("", include("ascora.tenancy.urls")),
    path("", include("integrations.urls")),
]

if settings.SHOW_MAIL:
    urlpatterns.append(path("mail/", mailbox, name="mailbox"))
