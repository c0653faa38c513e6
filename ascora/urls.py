"""The roof: which app answers which address."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from ascora.health.views import healthz, readyz
from ascora.tenancy.mailbox import mailbox

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
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
