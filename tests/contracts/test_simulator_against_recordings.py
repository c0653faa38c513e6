"""Every recorded exchange that the simulator implements, sent again and compared."""

import pytest

from tests.contracts.played_documents import DOCUMENT_FOLDERS, DOCUMENTS
from tests.contracts.played_doors import DOOR_FOLDERS, DOORS
from tests.contracts.playing import RECORDINGS, compare, play
from tests.contracts.recordings import FOLDER, NOT_YET
from tests.contracts.scenes import Scene
from tests.simulator.client import Running

SPECIAL = DOCUMENTS | DOORS
FOLDERS = DOCUMENT_FOLDERS | DOOR_FOLDERS
IMPLEMENTED = sorted(set(RECORDINGS) - set(NOT_YET))
if not RECORDINGS:
    pytest.skip(
        f"NO RECORDED EXCHANGES at {FOLDER}: the simulator's fidelity is NOT TESTED",
        allow_module_level=True,
    )


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    started = Running(tmp_path_factory.mktemp("fidelity") / "books.sqlite3")
    yield started
    started.stop()


def test_every_recording_is_either_implemented_or_listed_with_a_reason(record_property):
    record_property("recorded_in_all", len(RECORDINGS))
    assert set(NOT_YET) <= set(RECORDINGS)
    assert all(NOT_YET.values())
    assert len(IMPLEMENTED) + len(NOT_YET) == len(RECORDINGS)
    assert len(IMPLEMENTED) >= 100


@pytest.mark.parametrize("name", IMPLEMENTED)
def test_the_simulator_answers_as_recorded(name, running, record_property):
    record_property("recording", name)
    recording = RECORDINGS[name]
    folder = name.split("/")[0]
    special = SPECIAL.get(name) or FOLDERS.get(folder)
    if special:
        special(running, recording)
        return
    compare(recording, play(Scene(running, recording)))
