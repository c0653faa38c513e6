"""Grants, codes and tokens (field guide 2.3 to 2.5): who may call, for which company, how long."""

import base64
import json
import secrets
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from simulators.quickbooks.serialise import read, write
from simulators.quickbooks.simulator import Simulator
from simulators.quickbooks.store import Document

CODE_LIFE = 300
ACCESS_LIFE = 3600
REFRESH_LIFE = 8_726_400
HARD_LIFE = 5 * 365 * 86_400
ROTATION = 86_400
KEY_ID = "simulator"


class TokenError(Exception):
    """A refusal of the token endpoint."""

    def __init__(self, status: int, error: str, description: str = "") -> None:
        super().__init__(error)
        self.status = status
        self.body: Document = {"error": error}
        if description:
            self.body["error_description"] = description


@dataclass(frozen=True)
class Consent:
    """What a person agreed to on the consent page."""

    client_id: str
    redirect_uri: str
    scope: str
    realm: str


def new_code(simulator: Simulator, consent: Consent) -> str:
    """An authorisation code: works once, for five minutes."""
    code = "AB1" + secrets.token_hex(24)
    body = {
        "client_id": consent.client_id,
        "redirect_uri": consent.redirect_uri,
        "scope": consent.scope,
        "realm": consent.realm,
        "expires": simulator.clock.now() + CODE_LIFE,
    }
    simulator.store.execute("INSERT INTO codes VALUES (?, ?)", (code, write(body)))
    return code


def exchange(simulator: Simulator, client_id: str, code: str, redirect_uri: str) -> Document:
    """Tokens for a code."""
    row = simulator.store.row("DELETE FROM codes WHERE code = ? RETURNING body", code)
    facts = read(row["body"]) if row else {}
    good = (
        facts.get("client_id") == client_id
        and facts.get("redirect_uri") == redirect_uri
        and facts.get("expires", 0) > simulator.clock.now()
    )
    if not good:
        raise TokenError(400, "invalid_grant", "Invalid authorization code")
    return grant(simulator, client_id, facts["realm"], facts["scope"])


def grant(simulator: Simulator, client_id: str, realm: str, scope: str) -> Document:
    """A new connection of an app with a company; an older one of the same pair ends."""
    now = simulator.clock.now()
    simulator.store.execute(
        "UPDATE grants SET revoked = 1 WHERE client_id = ? AND realm = ?", (client_id, realm)
    )
    cursor = simulator.store.execute(
        "INSERT INTO grants (client_id, realm, scope, refresh_token, issued, refresh_expires, "
        "hard_expires, revoked) VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
        (client_id, realm, scope, _refresh_text(), now, now + REFRESH_LIFE, now + HARD_LIFE),
    )
    return _tokens(simulator, int(cursor.lastrowid or 0))


def refresh(simulator: Simulator, client_id: str, token: str) -> Document:
    """New tokens for a refresh token; a superseded one is refused at once."""
    now = simulator.clock.now()
    row = simulator.store.row(
        "SELECT * FROM grants WHERE refresh_token = ? AND client_id = ? AND revoked = 0 "
        "AND refresh_expires > ? AND hard_expires > ?",
        token,
        client_id,
        now,
        now,
    )
    if row is None:
        raise TokenError(400, "invalid_grant", "Incorrect or invalid refresh token")
    rotate = simulator.knobs.rotation == "strict" or now - row["issued"] >= ROTATION
    simulator.store.execute(
        "UPDATE grants SET refresh_token = ?, issued = ?, refresh_expires = ? WHERE id = ?",
        (
            _refresh_text() if rotate else token,
            now if rotate else row["issued"],
            now + REFRESH_LIFE,
            row["id"],
        ),
    )
    return _tokens(simulator, row["id"])


def revoke(simulator: Simulator, token: str) -> bool:
    """End the connection that a refresh or access token belongs to."""
    cursor = simulator.store.execute(
        "UPDATE grants SET revoked = 1 WHERE refresh_token = ? OR id IN "
        "(SELECT grant_id FROM access_tokens WHERE token = ?)",
        (token, token),
    )
    return cursor.rowcount > 0


def revoke_realm(simulator: Simulator, realm: str) -> None:
    """End every connection of a company, as its owner can from inside QuickBooks."""
    simulator.store.execute("UPDATE grants SET revoked = 1 WHERE realm = ?", (realm,))


def _refresh_text() -> str:
    return f"RT1-{secrets.randbelow(100)}-H0-{secrets.token_hex(20)}"


def _tokens(simulator: Simulator, grant_id: int) -> Document:
    store, now = simulator.store, simulator.clock.now()
    row = store.row("SELECT * FROM grants WHERE id = ?", grant_id)
    if row is None:
        raise TokenError(400, "invalid_grant")
    access = "eyJhbGciOiJkaXIi" + secrets.token_urlsafe(240)
    store.execute(
        "INSERT INTO access_tokens VALUES (?, ?, ?, ?)",
        (access, grant_id, row["realm"], now + ACCESS_LIFE),
    )
    tokens: Document = {
        "x_refresh_token_expires_in": int(row["refresh_expires"] - now),
        "refresh_token": row["refresh_token"],
        "access_token": access,
        "token_type": "bearer",
        "expires_in": ACCESS_LIFE,
        "x_refresh_token_hard_expires_in": int(row["hard_expires"] - now),
    }
    if "openid" in row["scope"].split():
        tokens["id_token"] = identity(simulator, row["client_id"], row["realm"])
    return tokens


@lru_cache(maxsize=1)
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def identity(simulator: Simulator, client_id: str, realm: str) -> str:
    """The id_token of a sign-in."""
    now = int(simulator.clock.now())
    claims = {
        "sub": "simulated-person",
        "aud": [client_id],
        "realmid": realm,
        "auth_time": now,
        "iss": f"{simulator.public_url}/op/v1",
        "exp": now + ACCESS_LIFE,
        "iat": now,
    }
    head = {"alg": "RS256", "kid": KEY_ID}
    text = ".".join(_base64(json.dumps(part).encode()) for part in (head, claims))
    signature = _key().sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{_base64(signature)}"


def key_set() -> Document:
    """The public half of the signing key."""
    numbers = _key().public_key().public_numbers()
    parts = {
        name: _base64(value.to_bytes((value.bit_length() + 7) // 8, "big"))
        for name, value in (("n", numbers.n), ("e", numbers.e))
    }
    return {"keys": [{"kty": "RSA", "kid": KEY_ID, "alg": "RS256", "use": "sig", **parts}]}
