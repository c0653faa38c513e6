"""The recorded exchanges stay outside of the repository; without them a test skips loudly."""

import json
from decimal import Decimal

import pytest

from tests.contracts.recordings import FOLDER

ABSENT = f"LOUD SKIP: no recorded exchanges at {FOLDER}; set ASCORA_RECORDED to where they are"


def all_recordings():
    """Every recorded exchange with its name, or one that skips."""
    files = sorted(FOLDER.glob("*/*.json")) if FOLDER.is_dir() else []
    if not files:
        return [pytest.param(None, marks=pytest.mark.skip(reason=ABSENT))]
    return [pytest.param(path, id=str(path.relative_to(FOLDER))) for path in files]


def recording(name):
    """One by its name."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(ABSENT)
    return read(path)


def read(path):
    """With decimals exact."""
    return json.loads(path.read_text(), parse_float=Decimal)
