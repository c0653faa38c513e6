"""Where the books announce that something changed. Nothing is believed of it but that."""

import logging

from django.conf import settings
from django.db import Error, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ascora.tenancy.rls import acting_for
from integrations import connections
from integrations.contracts import BadSignature, Hint
from integrations.pull import expect_changes
from integrations.registry import provider_for
from integrations.tasks import ring_for_pull

logger = logging.getLogger(__name__)
MOST_BYTES = 1024 * 1024


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, slug: str) -> HttpResponse:
    """Check the signature over the raw body, note the hints, answer at once."""
    if slug not in settings.ACCOUNTING_PROVIDERS:
        raise Http404
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        told = provider_for(slug).hints_from(body, dict(request.headers))
    except BadSignature:
        logger.warning("a webhook with a bad signature was refused")
        return HttpResponse(status=401)
    try:
        for realm in {hint.realm for hint in told}:
            _expect(slug, realm, [hint for hint in told if hint.realm == realm])
    except Error:
        # Announced again later, because it was not acknowledged: nothing is believed to be noted.
        logger.exception("a webhook could not be noted")
        return HttpResponse(status=503)
    return HttpResponse(status=200)


def _expect(slug: str, realm: str, told: list[Hint]) -> None:
    """A company of ours is read soon; a stranger's is nobody's business."""
    connection = connections.holder_of(slug, realm)
    if connection is None:
        return
    with acting_for(connection.organization):
        if expect_changes(connection, told):
            transaction.on_commit(lambda: ring_for_pull(connection.organization_id.hex))
