"""Intuit's OAuth addresses: discovery, authorise, sign in, consent, token, revoke."""

import base64
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulators.quickbooks import effects, rules, tokens
from simulators.quickbooks.serialise import read, write
from simulators.quickbooks.simulator import Simulator, new_tid
from simulators.quickbooks.templating import page
from simulators.quickbooks.wire import cut

SESSION = "qbsim_session"
ASKED = ("client_id", "response_type", "scope", "redirect_uri", "state")
TOKEN_HEADERS = {"Cache-Control": "no-cache, no-store", "Pragma": "no-cache"}
HARD_EXPIRY = "x-include-refresh-token-hard-expires-in"


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    extra = {"intuit_tid": new_tid(), **(headers or {})}
    return Response(write(body), status, extra, "application/json;charset=utf-8")


async def discovery(request: Request) -> Response:
    """The OpenID discovery document with this server's own addresses (field guide 2.1)."""
    base = request.app.state.simulator.public_url
    body = {
        "issuer": f"{base}/op/v1",
        "authorization_endpoint": f"{base}/connect/oauth2",
        "token_endpoint": f"{base}/oauth2/v1/tokens/bearer",
        "userinfo_endpoint": f"{base}/v1/openid_connect/userinfo",
        "revocation_endpoint": f"{base}/v2/oauth2/tokens/revoke",
        "jwks_uri": f"{base}/op/v1/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile", "address", "phone"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
    }
    return _json(body)


def _problem(simulator: Simulator, asked: dict[str, str]) -> str:
    """Why an authorise request cannot be shown to anybody, or nothing."""
    app = simulator.app(asked["client_id"])
    if app is None:
        return "The client_id is not registered."
    if asked["redirect_uri"] not in app["redirect_uris"]:
        return "The redirect_uri does not match a registered one exactly."
    if asked["response_type"] != "code":
        return "The response_type must be code."
    if "com.intuit.quickbooks.accounting" not in asked["scope"].split():
        return "The scope must contain com.intuit.quickbooks.accounting."
    return "" if asked["state"] else "A state is required."


async def authorise(request: Request) -> Response:
    """Sign in first, then choose a company and agree."""
    simulator: Simulator = request.app.state.simulator
    asked = {name: request.query_params.get(name, "") for name in ASKED}
    problem = _problem(simulator, asked)
    if problem:
        return page("refused.html", {"problem": problem}, status=400)
    if not request.cookies.get(SESSION):
        return page("sign_in.html", {"asked": asked})
    context = {
        "asked": asked,
        "companies": simulator.companies(),
        "connected": simulator.connected_realms(asked["client_id"]),
        "cancel": _back(asked, error="access_denied"),
    }
    return page("consent.html", context)


def _back(asked: dict[str, str], **extra: str) -> str:
    joint = "&" if "?" in asked["redirect_uri"] else "?"
    return asked["redirect_uri"] + joint + urlencode({**extra, "state": asked["state"]})


async def sign_in(request: Request) -> Response:
    """Anybody is let in: this is a simulator."""
    form = await request.form()
    asked = {name: str(form.get(name, "")) for name in ASKED}
    response = RedirectResponse(f"/connect/oauth2?{urlencode(asked)}", 303)
    response.set_cookie(SESSION, secrets.token_hex(16), httponly=True, samesite="lax")
    return response


async def consent(request: Request) -> Response:
    """The person pressed Connect: back to the app with a code and the company."""
    simulator: Simulator = request.app.state.simulator
    form = await request.form()
    asked = {name: str(form.get(name, "")) for name in ASKED}
    realm = str(form.get("realm", ""))
    problem = _problem(simulator, asked)
    if problem or not request.cookies.get(SESSION):
        return page("refused.html", {"problem": problem or "Sign in first."}, status=400)
    if realm not in {company["realm"] for company in simulator.companies()}:
        return page("refused.html", {"problem": "Choose a company."}, status=400)
    agreed = tokens.Consent(asked["client_id"], asked["redirect_uri"], asked["scope"], realm)
    code = tokens.new_code(simulator, agreed)
    return RedirectResponse(_back(asked, code=code, realmId=realm), 303)


def _client(simulator: Simulator, request: Request, form: dict[str, str]) -> str:
    """The app that calls, by Basic or by form fields; 401 otherwise."""
    header = request.headers.get("Authorization", "")
    client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    if header.lower().startswith("basic "):
        try:
            text = base64.b64decode(header[6:]).decode()
        except ValueError:
            text = ""
        client_id, _colon, secret = text.partition(":")
    app = simulator.app(client_id)
    if app is None or not secrets.compare_digest(app["client_secret"], secret):
        raise tokens.TokenError(401, "invalid_client")
    return client_id


@dataclass
class Errand:
    """One request to the token endpoint."""

    simulator: Simulator
    request: Request
    form: dict[str, str]
    realm: str = ""
    body: bytes = b""

    @property
    def moment(self) -> float:
        """When it came."""
        return self.simulator.clock.now()

    @property
    def headers(self) -> dict[str, str]:
        """What every answer carries."""
        return {"intuit_tid": new_tid(), **TOKEN_HEADERS}

    def record(self, status: int, code: str, reads: int) -> None:
        """Tokens are not in the list of requests: the tally counts them."""

    def rule(self) -> rules.Rule | None:
        """The fault rule that strikes, if any."""
        if not self.simulator.rules.rules:
            return None
        realm = tokens.realm_of(
            self.simulator, self._client_id(), self.form.get("refresh_token", "")
        )
        scene = rules.Scene(realm, rules.TOKEN, self.form.get("grant_type", ""))
        return self.simulator.strike(scene, rules.EFFECTS)

    def _client_id(self) -> str:
        try:
            return _client(self.simulator, self.request, self.form)
        except tokens.TokenError:
            return ""


async def token(request: Request) -> Response:
    """The token endpoint."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    errand = Errand(request.app.state.simulator, request, form)
    rule = errand.rule()
    if rule is None:
        return _granted(errand)
    if rule.effect == "throttle":
        return effects.throttled(errand, rule)
    if rule.effect == "invalid_grant":
        errand.simulator.tally.note("", "invalid_grants")
        return _json({"error": "invalid_grant"}, 400, TOKEN_HEADERS)
    return await effects.spoil(errand, rule, lambda: _granted(errand))


def _granted(errand: Errand) -> Response:
    simulator, request = errand.simulator, errand.request
    with simulator.store.transaction():
        body = _outcome(simulator, request, errand.form)
    if isinstance(body, tokens.TokenError):
        headers = {"WWW-Authenticate": 'Basic realm="Intuit"'} if body.status == 401 else {}  # noqa: PLR2004
        return _json(body.body, body.status, {**TOKEN_HEADERS, **headers})
    if request.headers.get(HARD_EXPIRY, "").lower() != "true":
        body.pop("x_refresh_token_hard_expires_in")
    if simulator.knobs.drop_token_reply > 0:
        simulator.knobs.drop_token_reply -= 1
        cut(request)
    return _json(body, headers=TOKEN_HEADERS)


def _outcome(
    simulator: Simulator, request: Request, form: dict[str, str]
) -> dict[str, Any] | tokens.TokenError:
    """Tokens, or a refusal; what a refusal ends is written down all the same."""
    try:
        return _issue(simulator, _client(simulator, request, form), form)
    except tokens.TokenError as error:
        return error


def _issue(simulator: Simulator, client: str, form: dict[str, str]) -> dict[str, Any]:
    kind = form.get("grant_type")
    if kind == "authorization_code":
        code, address = form.get("code", ""), form.get("redirect_uri", "")
        return tokens.exchange(simulator, client, code, address)
    if kind == "refresh_token":
        return tokens.refresh(simulator, client, form.get("refresh_token", ""))
    raise tokens.TokenError(400, "unsupported_grant_type")


async def revoke(request: Request) -> Response:
    """Revoke a token: JSON body, Basic authentication, empty answer."""
    simulator: Simulator = request.app.state.simulator
    body = await request.body()
    try:
        _client(simulator, request, {})
        found = tokens.revoke(simulator, str(read(body).get("token", "")))
    except tokens.TokenError as error:
        return _json(error.body, error.status)
    except (ValueError, AttributeError):
        found = False
    if not found:
        return _json({"error": "invalid_request"}, 400)
    return Response(status_code=200, headers={"intuit_tid": new_tid()})


async def userinfo(request: Request) -> Response:
    """Who signed in."""
    simulator: Simulator = request.app.state.simulator
    text = request.headers.get("Authorization", "").partition(" ")[2]
    row = simulator.store.row(
        "SELECT 1 FROM access_tokens WHERE token = ? AND expires > ?", text, simulator.clock.now()
    )
    if row is None:
        return _json({"error": "invalid_token"}, 401)
    body = {"sub": "simulated-person", "email": "person@example.com", "emailVerified": True}
    return _json({**body, "givenName": "Simulated", "familyName": "Person"})


async def keys(_request: Request) -> Response:
    """The keys that id_tokens are signed with."""
    return _json(tokens.key_set())


ROUTES = [
    Route("/.well-known/openid_configuration", discovery),
    Route("/.well-known/openid_configuration/", discovery),
    Route("/.well-known/openid_sandbox_configuration", discovery),
    Route("/.well-known/openid_sandbox_configuration/", discovery),
    Route("/connect/oauth2", authorise),
    Route("/connect/sign-in", sign_in, methods=["POST"]),
    Route("/connect/consent", consent, methods=["POST"]),
    Route("/oauth2/v1/tokens/bearer", token, methods=["POST"]),
    Route("/v2/oauth2/tokens/revoke", revoke, methods=["POST"]),
    Route("/v1/openid_connect/userinfo", userinfo),
    Route("/op/v1/jwks", keys),
]
