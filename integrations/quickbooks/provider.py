"""QuickBooks Online as a Provider: signing in, tokens, webhooks, and opening a company's books."""

from collections.abc import Mapping
from typing import Any

from integrations.contracts import ConnectionRefused, Grant, Hint, Ledger, Limits, Tokens
from integrations.errors import Rejected
from integrations.quickbooks import oauth, webhooks
from integrations.quickbooks.ledger import QuickBooksLedger
from integrations.quickbooks.transport import READ_SECONDS

_DISCOVERY = "https://developer.intuit.com/.well-known/openid_{}configuration/"
_APIS = {
    "production": "https://quickbooks.api.intuit.com",
    "sandbox": "https://sandbox-quickbooks.api.intuit.com",
}
_PAGES = {
    "production": "https://app.qbo.intuit.com",
    "sandbox": "https://app.sandbox.qbo.intuit.com",
}


class QuickBooksProvider:
    """Made from a plain mapping: environment, client_id, client_secret, webhook_verifiers, the
    two addresses (discovery_url, api_url) that override what the environment implies, the speed
    of the engine, which shortens how long an answer is waited for, and the reads of the plan.
    """

    slug = "quickbooks"
    label = "QuickBooks"
    connect_label = "Connect to QuickBooks"

    def __init__(self, config: Mapping[str, Any]) -> None:
        environment = str(config["environment"])
        sandbox = "" if environment == "production" else "sandbox_"
        self._app = oauth.App(
            client_id=config["client_id"],
            client_secret=config["client_secret"],
            discovery_url=config["discovery_url"] or _DISCOVERY.format(sandbox),
        )
        self._api_url = config["api_url"] or _APIS.get(environment, "")
        self._pages_url = _PAGES.get(environment, self._api_url)
        self._verifiers = tuple(config["webhook_verifiers"])
        self._read_seconds = READ_SECONDS / float(config.get("speed", 1))
        # 500 requests and 40 batches a minute; 10 at once, of which two are left to other apps.
        self.limits = Limits(
            per_minute=500,
            batches_per_minute=40,
            in_flight=8,
            reads_per_month=int(config.get("reads_per_month", 0)),
        )

    def authorize_url(self, *, state: str, redirect_uri: str) -> str:
        """See Provider."""
        return oauth.authorize_url(self._app, state=state, redirect_uri=redirect_uri)

    def grant_from(self, query: Mapping[str, str], *, redirect_uri: str) -> Grant:
        """See Provider. The company comes in the callback's address, not with the tokens."""
        if query.get("error") == "access_denied":
            raise ConnectionRefused
        if query.get("error"):
            raise Rejected("QuickBooks broke the sign-in off.")
        if not query.get("code") or not query.get("realmId"):
            raise Rejected("QuickBooks' answer names no company.")
        tokens = oauth.exchange(self._app, code=query["code"], redirect_uri=redirect_uri)
        return Grant(realm=query["realmId"], tokens=tokens)

    def refresh(self, tokens: Tokens) -> Tokens:
        """See Provider."""
        return oauth.refresh(self._app, tokens.refresh_token)

    def revoke(self, tokens: Tokens) -> None:
        """See Provider."""
        oauth.revoke(self._app, tokens.refresh_token)

    def open(self, realm: str, tokens: Tokens) -> Ledger:
        """See Provider."""
        return QuickBooksLedger(
            api_url=self._api_url,
            pages_url=self._pages_url,
            realm=realm,
            access_token=tokens.access_token,
            read_seconds=self._read_seconds,
        )

    def hints_from(self, body: bytes, headers: Mapping[str, str]) -> tuple[Hint, ...]:
        """See Provider."""
        return webhooks.hints_from(body, headers, self._verifiers)
