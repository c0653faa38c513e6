"""The files of a real installation keep step with the settings and with each other."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOR_TESTS_ALONE = {"ASCORA_TESTING", "ASCORA_CRASH_AT"}
FOR_COMPOSE_ALONE = {"POSTGRES_PASSWORD", "ASCORA_DB_PASSWORD"}


def documented() -> set[str]:
    text = (ROOT / ".env.example").read_text()
    return set(re.findall(r"^#?([A-Z][A-Z_]+)=", text, re.MULTILINE))


def test_every_setting_of_the_environment_is_explained_and_none_is_invented():
    settings = (ROOT / "ascora" / "settings.py").read_text()
    read = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', settings))
    assert documented() == (read - FOR_TESTS_ALONE) | FOR_COMPOSE_ALONE


@pytest.mark.parametrize("secret", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "ASCORA_DB_PASSWORD"])
def test_the_example_holds_no_secret_that_somebody_could_keep(secret: str):
    assert f"\n{secret}=\n" in (ROOT / ".env.example").read_text()


def test_the_containers_use_the_collation_of_the_embedded_server():
    arguments = "--encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8"
    assert arguments in (ROOT / "docker-compose.yml").read_text()
    embedded = (ROOT / "ascora" / "embedded" / "postgres.py").read_text()
    assert all(f'"{argument}"' in embedded for argument in arguments.split())


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-dev.lock", "package-lock.json"]
)
def test_a_lock_file_names_no_registry_and_no_folder(name: str):
    text = (ROOT / name).read_text()
    assert not re.search(r"file:|--find-links|--(extra-)?index|\"resolved\"", text)
    assert re.search(r"--hash=sha256:|\"integrity\": \"sha512-", text)
