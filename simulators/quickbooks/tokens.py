"""Grants, codes and tokens (field guide 2.3 to 2.5): who may call, for which company, how long."""

import base64
import json
import secrets
import sqlite3
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
        "expires": simulator.clock.now() + simulator.knobs.scaled(CODE_LIFE),
    }
    simulator.store.execute("INSERT INTO codes VALUES (?, ?)", (code, write(body)))
    return code


def exchange(simulator: Simulator, client_id: str, code: str, redirect_uri: str) -> Document:
    """Tokens for a code; a code used a second time ends what it gave the first time."""
    row = simulator.store.row("SELECT body FROM codes WHERE code = ?", code)
    facts = read(row["body"]) if row else {}
    simulator.store.execute(
        "UPDATE grants SET revoked = 1 WHERE id = ?", (int(facts.get("grant", 0)),)
    )
    good = (
        "grant" not in facts
        and facts.get("client_id") == client_id
        and facts.get("redirect_uri") == redirect_uri
        and facts.get("expires", 0) > simulator.clock.now()
    )
    if not good:
        simulator.tally.note(str(facts.get("realm", "")), "invalid_grants")
        raise TokenError(400, "invalid_grant", "Invalid authorization code")
    simulator.tally.note(facts["realm"], "exchanges")
    issued = grant(simulator, client_id, facts["realm"], facts["scope"])
    simulator.store.execute(
        "UPDATE codes SET body = json_set(body, '$.grant', "
        "(SELECT grant_id FROM access_tokens WHERE token = ?)) WHERE code = ?",
        (issued["access_token"], code),
    )
    return issued


def grant(simulator: Simulator, client_id: str, realm: str, scope: str) -> Document:
    """A new connection of an app with a company; an older one of the same pair ends."""
    now, scaled = simulator.clock.now(), simulator.knobs.scaled
    simulator.store.execute(
        "UPDATE grants SET revoked = 1 WHERE client_id = ? AND realm = ?", (client_id, realm)
    )
    cursor = simulator.store.execute(
        "INSERT INTO grants (client_id, realm, scope, refresh_token, issued, refresh_expires, "
        "hard_expires, revoked) VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
        (
            client_id,
            realm,
            scope,
            _refresh_text(),
            now,
            now + scaled(REFRESH_LIFE),
            now + scaled(HARD_LIFE),
        ),
    )
    return _tokens(simulator, int(cursor.lastrowid or 0))


def refresh(simulator: Simulator, client_id: str, token: str) -> Document:
    """New tokens for a refresh token; a superseded one is refused once its grace is over."""
    row = _grant_of(simulator, client_id, token)
    if row is None or not _is_good(row, token, simulator.clock.now()):
        simulator.tally.note(row["realm"] if row else "", "invalid_grants")
        raise TokenError(400, "invalid_grant", "Incorrect or invalid refresh token")
    if row["refresh_token"] == token:
        _prolong(simulator, row)
    simulator.tally.note(row["realm"], "refreshes")
    return _tokens(simulator, row["id"])


def _is_good(row: sqlite3.Row, token: str, now: float) -> bool:
    is_over = min(row["refresh_expires"], row["hard_expires"]) <= now
    is_superseded = row["refresh_token"] != token and row["is_late"]
    return not (row["revoked"] or is_over or is_superseded)


def _prolong(simulator: Simulator, row: sqlite3.Row) -> None:
    """Another hundred days, and once a day or each time another value."""
    now, knobs, token = simulator.clock.now(), simulator.knobs, row["refresh_token"]
    rotates = knobs.rotation == "strict" or now - row["issued"] >= knobs.scaled(ROTATION)
    if rotates:
        simulator.store.execute(
            "INSERT OR REPLACE INTO superseded_tokens VALUES (?, ?, ?)", (token, row["id"], now)
        )
    simulator.store.execute(
        "UPDATE grants SET refresh_token = ?, issued = ?, refresh_expires = ? WHERE id = ?",
        (
            _refresh_text() if rotates else token,
            now if rotates else row["issued"],
            now + knobs.scaled(REFRESH_LIFE),
            row["id"],
        ),
    )


def realm_of(simulator: Simulator, client_id: str, token: str) -> str:
    """The company that a refresh token, present or superseded, belongs to."""
    row = _grant_of(simulator, client_id, token)
    return str(row["realm"]) if row else ""


def _grant_of(simulator: Simulator, client_id: str, token: str) -> sqlite3.Row | None:
    """The grant that a present or a superseded refresh token belongs to."""
    grace = simulator.knobs.scaled(simulator.knobs.rotation_grace_seconds)
    return simulator.store.row(
        "SELECT g.*, coalesce(s.at, 0) + ? <= ? AS is_late FROM grants g "
        "LEFT JOIN superseded_tokens s ON s.grant_id = g.id AND s.token = ? "
        "WHERE g.client_id = ? AND g.id IN (SELECT id FROM grants WHERE refresh_token = ? "
        "UNION ALL SELECT grant_id FROM superseded_tokens WHERE token = ?)",
        grace,
        simulator.clock.now(),
        token,
        client_id,
        token,
        token,
    )


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
    life = simulator.knobs.scaled(ACCESS_LIFE)
    access = "eyJhbGciOiJkaXIi" + secrets.token_urlsafe(240)
    store.execute(
        "INSERT INTO access_tokens VALUES (?, ?, ?, ?)",
        (access, grant_id, row["realm"], now + life),
    )
    tokens: Document = {
        "x_refresh_token_expires_in": int(row["refresh_expires"] - now),
        "refresh_token": row["refresh_token"],
        "access_token": access,
        "token_type": "bearer",
        "expires_in": int(life),
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
        "exp": now + int(simulator.knobs.scaled(ACCESS_LIFE)),
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
