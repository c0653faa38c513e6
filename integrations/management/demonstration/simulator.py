"""The simulator's control address, as the demonstration uses it; nothing else here knows it."""

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.request import Request, urlopen

from django.conf import settings

from integrations.contracts import Grant, Tokens

SECONDS = 60


def ask(path: str, **body: object) -> dict[str, Any]:
    """Send a wish to the simulator on this machine (SIMULATOR_URL) and give its answer."""
    url = f"{os.environ['SIMULATOR_URL']}/_simulator{path}"
    if not url.startswith("http://localhost:"):
        raise ValueError("the simulator is on this machine")
    request = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})  # noqa: S310
    with urlopen(request, timeout=SECONDS) as response:  # noqa: S310 - loopback only
        answer: dict[str, Any] = json.load(response)
        return answer


def hurry(*, is_on: bool) -> None:
    """No throttle and no webhooks while a past is made up; nobody listens to them yet."""
    ask("/knobs", throttle=not is_on, webhooks={"enabled": not is_on})


def a_company(name: str, *, customers: int, seed: int) -> str:
    """A company with customers; gives its realm."""
    made = ask("/companies", name=name, country="AU", customers=customers, seed=seed)
    return str(made["realm"])


def permission_for(realm: str) -> Grant:
    """What signing in and pressing Connect would have given."""
    tokens = ask("/tokens", realm=realm, client_id=settings.QUICKBOOKS["client_id"])
    now = datetime.now(tz=UTC)
    return Grant(
        realm=realm,
        tokens=Tokens(
            access_token=tokens["access_token"],
            access_expires_at=now + timedelta(seconds=int(tokens["expires_in"])),
            refresh_token=tokens["refresh_token"],
            refresh_expires_at=now + timedelta(seconds=int(tokens["x_refresh_token_expires_in"])),
        ),
    )
