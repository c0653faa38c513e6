"""`make demo`: the whole site on this machine, with a loaded demonstration, until Ctrl-C."""

import json
import os
import shutil
import sys
import time
from pathlib import Path

from ascora.embedded.environment import Place, environment_of
from ascora.embedded.processes import EmbeddedError
from ascora.embedded.servers import Servers, addresses_given, data_folder
from ascora.embedded.site import ROOT, Site, refuse_used_port

LOADED = "demonstration.json"
UNFINISHED = "demonstration.unfinished"
OURS = ("postgres", "redis", "mail", "log", "quickbooks.sqlite3", "beat-schedule", LOADED)


def place_of_the_demonstration() -> Place:
    """Its folder and ports; PORT and SIMULATOR_PORT choose others."""
    return Place(
        folder=data_folder(),
        web_port=int(os.environ.get("PORT") or 8000),
        simulator_port=int(os.environ.get("SIMULATOR_PORT") or 8010),
    )


def demonstrate(*, afresh: bool) -> int:
    """Start everything, say where it is, and stay until the person at the terminal ends it."""
    place = place_of_the_demonstration()
    if Servers(place.folder).is_held_elsewhere():
        raise EmbeddedError(
            f"A demonstration already runs on {place.folder}: stop it with Ctrl-C where it runs, "
            "or choose another folder with ASCORA_DATA=... and other ports."
        )
    refuse_used_port(place.web_port, variable="PORT")
    refuse_used_port(place.simulator_port, variable="SIMULATOR_PORT")
    if afresh and addresses_given():
        raise EmbeddedError("DATABASE_URL names a database of yours: it is not thrown away.")
    if afresh or (place.folder / UNFINISHED).exists():
        forget(place.folder)
    _say("PostgreSQL and Redis")
    with Servers(place.folder) as servers, Site(place, environment_of(place, servers.urls)) as site:
        prepare(site)
        if not (place.folder / LOADED).exists():
            load(site)
        _say("web server, workers and beat")
        site.start_ascora()
        print(invitation(place), flush=True)
        while True:
            site.look_after()
            time.sleep(0.5)


def prepare(site: Site) -> None:
    """What each start needs: the tables of today, the files that pages use, the simulator."""
    site.place.mail.mkdir(parents=True, exist_ok=True)
    _say("QuickBooks simulator, tables and files")
    simulator = site.start_simulator()
    site.manage("migrate --noinput", "collectstatic --noinput")
    site.wait_for_simulator(simulator)


def load(site: Site) -> None:
    """Load the story once; a load cut short is noticed at the next start and begun anew."""
    _say("eighteen months of a business (only the first time)")
    mark = site.place.folder / UNFINISHED
    mark.touch()
    site.manage("load_demonstration")
    mark.unlink()


def forget(folder: Path) -> None:
    """Throw away what demonstrations left in the folder, and nothing else that lies there."""
    for name in (*OURS, UNFINISHED):
        for path in folder.glob(f"{name}*"):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def invitation(place: Place) -> str:
    """One address, the log-in, what to try."""
    told = json.loads((place.folder / LOADED).read_text())
    mail = told.get("mail_url") or f"{place.site_url}/mail/"
    lines = [
        "",
        f"  Ascora runs at {place.site_url}",
        f"  Log in as {told['login']} with the password {told['password']}",
        "",
        *(f"  - {line}" for line in told["lines"]),
        "",
        f"  Mail: {mail}    QuickBooks: {place.simulator_url}",
        "  Ctrl-C ends everything that was started and keeps the data.",
        "",
    ]
    return "\n".join(lines)


def open_shell() -> int:
    """A Django shell on the demonstration's data, whether it runs or not."""
    place = place_of_the_demonstration()
    with Servers(place.folder) as servers:
        env = environment_of(place, servers.urls)
        return os.spawnve(
            os.P_WAIT, sys.executable, [sys.executable, str(ROOT / "manage.py"), "shell"], env
        )


def _say(what: str) -> None:
    print(f"  starting: {what}", flush=True)
