"""The bookkeeper's side: the simulator's control address, and its pages for signing in."""

import json
from decimal import Decimal
from typing import Any
from urllib.request import Request, urlopen

SECONDS = 30


class Simulator:
    """The simulator at an address of this machine."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str) -> Any:
        """Read."""
        with urlopen(f"{self.url}/_simulator{path}", timeout=SECONDS) as response:
            return json.load(response)

    def post(self, path: str, **body: object) -> Any:
        """Wish."""
        data = json.dumps(body, default=str).encode()
        request = Request(
            f"{self.url}/_simulator{path}", data, {"Content-Type": "application/json"}
        )
        with urlopen(request, timeout=SECONDS) as response:
            return json.load(response)

    def company(self, name: str, **wish: object) -> "Books":
        """A new company."""
        return Books(self, self.post("/companies", name=name, country="AU", **wish)["realm"])


class Books:
    """One company's books, as its bookkeeper sees them."""

    def __init__(self, simulator: Simulator, realm: str) -> None:
        self.simulator, self.realm = simulator, realm

    def get(self, path: str) -> Any:
        """Read."""
        return self.simulator.get(f"/companies/{self.realm}/{path}")

    def do(self, action: str, **wish: object) -> Any:
        """What a bookkeeper does."""
        return self.simulator.post(f"/companies/{self.realm}/bookkeeper/{action}", **wish)

    def tamper(self, account_number: str) -> None:
        """One cent more, behind everybody's back."""
        self.simulator.post(
            f"/companies/{self.realm}/tamper", account_number=account_number, cents=1
        )

    def balances(self) -> dict[str, tuple[str, Decimal]]:
        """Account number to name and balance, debit positive; those of nothing left out."""
        accounts = self.get("trial-balance")["accounts"]
        return {
            a["number"] or a["name"]: (a["name"], Decimal(a["balance"]))
            for a in accounts
            if Decimal(a["balance"])
        }

    def documents(self, kind: str) -> list[dict[str, Any]]:
        """Every document of a kind, void and deleted ones too."""
        rows: list[dict[str, Any]] = self.get(f"documents?kind={kind}")
        return rows
