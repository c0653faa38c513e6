"""`make tour`: the same processes on free ports and a folder thrown away, and the story on them."""

import os
import shutil
import subprocess
import sys

from ascora.embedded.demo import prepare
from ascora.embedded.environment import Place, environment_of
from ascora.embedded.processes import free_port, tied_to_us
from ascora.embedded.servers import Servers, data_folder
from ascora.embedded.site import ROOT, Site

STORY = "tests.slice.tour"


def tour() -> int:
    """Tell the story once and answer with its status; the logs of one that failed are kept."""
    with Servers(temporary=True) as servers:
        place = Place(servers.folder, web_port=free_port(), simulator_port=free_port())
        env = environment_of(place, servers.urls)
        status = 1
        try:
            with Site(place, env) as site:
                prepare(site)
                site.start_ascora()
                status = _tell(env, place)
        finally:
            if status:
                _keep_logs(place)
        return status


def _tell(env: dict[str, str], place: Place) -> int:
    told = {
        "ASCORA_URL": place.site_url,
        "ASCORA_MAIL": str(place.mail),
        "TAMPER": os.environ.get("TAMPER", ""),
    }
    command = tied_to_us([sys.executable, "-m", STORY])
    return subprocess.run(command, env=env | told, cwd=ROOT, check=False).returncode


def _keep_logs(place: Place) -> None:
    kept = data_folder() / "tour-log"
    if place.logs.exists():
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(place.logs, kept)
        print(f"The logs of this tour: {kept}", file=sys.stderr)
