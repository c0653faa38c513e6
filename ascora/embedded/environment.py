"""What the processes of the demonstration are told: addresses, secrets made once, the simulator."""

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

CALLBACK = "/administration/integrations/quickbooks/callback/"
WEBHOOK = "/webhooks/quickbooks/"
ENGINE_SPEED = "10"


@dataclass(frozen=True)
class Place:
    """Where one demonstration lives: its folder and its two ports."""

    folder: Path
    web_port: int
    simulator_port: int

    @property
    def site_url(self) -> str:
        """By name, not by number: passkeys refuse addresses, and cookies do not know ports."""
        return f"http://localhost:{self.web_port}"

    @property
    def simulator_url(self) -> str:
        return f"http://localhost:{self.simulator_port}"

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    @property
    def logs(self) -> Path:
        return self.folder / "log"


def environment_of(place: Place, urls: dict[str, str]) -> dict[str, str]:
    """Settings as a real installation has them, but for plain HTTP, kept mail and the simulator."""
    ours = {
        "DEBUG": "0",
        "SITE_URL": place.site_url,
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "REQUIRE_OWNER_MFA": "0",
        "REQUIRE_CONFIRMATION": "0",
        # Four slashes: the path begins after the third.
        "EMAIL_URL": f"filemail:///{place.mail}",
        "SHOW_MAIL": "1",
        "QUICKBOOKS_ENVIRONMENT": "simulator",
        "QUICKBOOKS_DISCOVERY_URL": f"{place.simulator_url}/.well-known/openid_configuration/",
        "QUICKBOOKS_API_URL": place.simulator_url,
        "SIMULATOR_URL": place.simulator_url,
        "ENGINE_SPEED": ENGINE_SPEED,
        "ASCORA_DATA": str(place.folder),
        "PYTHONUNBUFFERED": "1",
        # Whether worker and beat are ready is read in their logs.
        "LOG_LEVEL": "INFO",
    }
    inherited = {key: value for key, value in os.environ.items() if key != "ASCORA_TESTING"}
    return inherited | ours | secrets_kept_in(place.folder / "secrets.env") | urls


def simulator_command(place: Place, env: dict[str, str]) -> list[str]:
    """How the simulator is started for this place; everything after the module is its own."""
    return [
        "-m", "simulators.quickbooks",
        "--port", str(place.simulator_port),
        "--data", str(place.folder / "quickbooks.sqlite3"),
        "--public-url", place.simulator_url,
        "--client-id", env["QUICKBOOKS_CLIENT_ID"],
        "--client-secret", env["QUICKBOOKS_CLIENT_SECRET"],
        "--redirect-uri", f"{place.site_url}{CALLBACK}",
        "--webhook-url", f"{place.site_url}{WEBHOOK}",
        "--webhook-verifier", env["QUICKBOOKS_WEBHOOK_VERIFIER"],
        # Ascora goes at ENGINE_SPEED there, QuickBooks' limits by the clock on the wall.
        "--no-throttle",
    ]  # fmt: skip


def secrets_kept_in(path: Path) -> dict[str, str]:
    """Made the first time and readable by their owner alone: sessions and tokens outlive a stop."""
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(60),
            "FIELD_ENCRYPTION_KEYS": f"demo:{base64.b64encode(os.urandom(32)).decode()}",
            "QUICKBOOKS_CLIENT_ID": secrets.token_hex(12),
            "QUICKBOOKS_CLIENT_SECRET": secrets.token_hex(20),
            "QUICKBOOKS_WEBHOOK_VERIFIER": secrets.token_hex(16),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        unfinished.touch(mode=0o600)
        unfinished.write_text("".join(f"{key}={value}\n" for key, value in made.items()))
        unfinished.rename(path)
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)
