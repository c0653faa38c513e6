"""What is written down: ids, outcomes and the author's words, and nothing that anybody typed."""

import json
import logging
import sys
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured

from ascora.health.lines import FIELDS, JsonLine

SECRET = "Karen Pye owes 4711.13, tok3n-eyJhbGciOi"
ORGANIZATION = "0197a3c5-3b1f-7e3a-8d6f-0123456789ab"


def line(message, *args, name="integrations.push", raising=None, **extra):
    """What becomes of a record."""
    record = logging.LogRecord(name, logging.WARNING, __file__, 7, message, args, None)
    record.exc_info = (type(raising), raising, raising.__traceback__) if raising else None
    vars(record).update(extra)
    written = JsonLine().format(record)
    assert "\n" not in written
    return json.loads(written)


def raised(error):
    """The error, as it is after it was raised."""
    try:
        raise error
    except type(error) as caught:
        return caught


def test_a_line_says_when_who_and_what():
    said = line("push failed", organization=ORGANIZATION, document="payments.invoice 7", attempt=9)
    assert said.pop("time").endswith("Z")
    assert said.pop("process") > 0
    assert said == {
        "level": "warning",
        "logger": "integrations.push",
        "event": "push failed",
        "organization": ORGANIZATION,
        "document": "payments.invoice 7",
        "attempt": 9,
    }


def test_arguments_of_a_message_are_not_written():
    assert line("the books of %s", SECRET)["event"] == "the books of %s"
    assert SECRET not in json.dumps(line("Task %(name)s", {"name": SECRET}, name="celery"))


def test_a_key_that_is_not_on_the_list_is_not_written():
    assert "customer" not in line("x", customer=SECRET)
    assert "token" not in line("x", token="t")


@pytest.mark.parametrize("key", FIELDS)
def test_a_known_key_takes_no_text_of_words(key):
    assert key not in line("x", **{key: SECRET})
    assert key not in line("x", **{key: "Karen Pye"})
    assert key not in line("x", **{key: "4711.13"})


@pytest.mark.parametrize(
    "trace_id",
    [
        "1-65f2a1b3-0123456789abcdef01234567",
        "b8f2c1de-6a7b-4c3d-9e8f-001122334455",
        "b8f2c1de6a7b4c3d9e8f001122334455",
    ],
)
def test_intuits_id_is_written_and_a_token_in_its_place_is_not(trace_id):
    assert line("x", intuit_tid=trace_id)["intuit_tid"] == trace_id
    assert "intuit_tid" not in line("x", intuit_tid="AB11eyJhbGciOiJkaXIi")


def test_of_an_exception_its_kind_and_place_are_told_and_not_its_words():
    error = KeyError(SECRET)
    error.__cause__ = ValueError(SECRET)
    said = line("it failed", raising=raised(error))
    assert (said["raised"], said["because"]) == ("KeyError", ["ValueError"])
    assert said["at"][-1].startswith("test_lines.py:")
    assert SECRET not in json.dumps(said)


def test_what_is_wrong_with_the_settings_is_told():
    error = raised(ImproperlyConfigured("SECRET_KEY must be set."))
    assert line("it failed", raising=error)["event"] == "SECRET_KEY must be set."


def test_a_librarys_text_that_may_have_been_put_together_is_not_written():
    said = line(f"Error for {SECRET}", name="kombu.transport")
    assert SECRET not in json.dumps(said)
    assert said["event"].endswith(":7")
    assert line(ValueError(SECRET), name="celery")["event"] == "ValueError"
    assert line("beat: Starting...", name="celery.beat")["event"] == "beat: Starting..."


def test_celery_tells_which_task():
    data = {"name": "integrations.tasks.pull_changes", "id": ORGANIZATION, "args": SECRET}
    said = line("Task %(name)s received", data, name="celery.worker.strategy", data=data)
    assert said["task"] == "integrations.tasks.pull_changes"
    assert SECRET not in json.dumps(said)


def test_django_tells_which_view_and_whose_and_not_the_address():
    request = SimpleNamespace(
        resolver_match=SimpleNamespace(view_name="payments:invoice_detail"),
        organization=SimpleNamespace(pk=ORGANIZATION),
        path=f"/invitations/{SECRET}/",
    )
    said = line("Not Found: %s", request.path, name="django.request",
                request=request, status_code=404)  # fmt: skip
    assert (said["view"], said["status"]) == ("payments:invoice_detail", 404)
    assert said["organization"] == ORGANIZATION
    assert SECRET not in json.dumps(said)


def test_a_record_from_another_thread_of_python_is_a_line_too(capfd):
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine())
    logger = logging.getLogger("integrations.x")
    logger.addHandler(handler)
    logger.propagate = False
    logger.error("a % in the text and %d too many", extra={"attempt": 1})
    logger.removeHandler(handler)
    assert json.loads(capfd.readouterr().err)["attempt"] == 1
