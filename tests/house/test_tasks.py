"""Tasks are doorbells: short, given ids, acknowledged late; work is never kept in them."""

import ast
import re

import pytest
from django.conf import settings

from ascora.celery import app
from tests.house.sources import functions, modules

LINES = 10
TASKS = [each for each in functions("tasks") if "shared_task" in each.decorators]


def test_there_are_tasks():
    assert {"drain_outbox", "look_for_due_work"} <= {task.name for task in TASKS}


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_a_task_is_ten_lines_and_takes_ids(task):
    assert task.lines <= LINES
    for argument in [*task.node.args.args, *task.node.args.kwonlyargs]:
        assert ast.unparse(argument.annotation) in {"str", "int", "object", "Any"}, argument.arg


def test_a_lost_worker_loses_no_task():
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    visible_after = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT < visible_after


def test_what_beat_rings_expires():
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["options"]["expires"] > 0


def test_nothing_is_sent_to_a_worker_before_the_commit():
    for part in ("views", "services", "forms", "push", "pull", "repairs", "selectors"):
        for path, tree in modules(part):
            assert not re.search(r"\.(delay|apply_async)\(", ast.unparse(tree)), path


# Each as bar A.5 measured it, with what happens otherwise.
PINNED = {
    "CELERY_TASK_ACKS_LATE": (True, "7 of 120 tasks never ran after kill -9 of a child"),
    "CELERY_TASK_REJECT_ON_WORKER_LOST": (True, "acks_late alone: 8 of 120 never ran"),
    "CELERY_WORKER_PREFETCH_MULTIPLIER": (1, "a busy worker sits on bells that others could hear"),
    "CELERY_TASK_IGNORE_RESULT": (True, "nobody reads results; they would fill Redis"),
    "CELERY_TASK_SERIALIZER": ("json", "nothing that can be executed lies in Redis"),
    "CELERY_ACCEPT_CONTENT": (["json"], "nothing that can be executed is believed"),
    "CELERY_TASK_TIME_LIMIT": (300, "a stuck task ends, far before its bell is seen again"),
    "CELERY_WORKER_MAX_TASKS_PER_CHILD": (500, "memory that a library keeps is given back"),
    "CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT": (30, "a deployment lets the document in hand finish"),
    "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": (True, "a worker may start before Redis does"),
    "CELERY_TIMEZONE": ("UTC", "beat rings through changes of the clock"),
}
PINNED_OF_BROKER = {
    "visibility_timeout": (3600, "tasks longer than it were started twice, side by side"),
    "unacked_restore_throttle": (1, "a dead worker's bells came back after 100 s only"),
    "socket_connect_timeout": (1, "a request that rings must not wait for Redis"),
    "max_retries": (1, "as above"),
}


@pytest.mark.parametrize(("name", "pinned"), PINNED.items(), ids=PINNED)
def test_the_doorbell_is_set_as_it_was_measured(name, pinned):
    value, otherwise = pinned
    assert getattr(settings, name) == value, otherwise


@pytest.mark.parametrize(("name", "pinned"), PINNED_OF_BROKER.items(), ids=PINNED_OF_BROKER)
def test_the_way_to_redis_is_set_as_it_was_measured(name, pinned):
    value, otherwise = pinned
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS[name] == value, otherwise


def test_celery_has_taken_these_settings():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.result_backend is None, "nobody reads results"
    for name, task in app.tasks.items():
        if name.startswith("integrations."):
            assert task.acks_late, name
            assert task.time_limit < app.conf.task_time_limit, name


def test_no_bell_waits_for_a_time():
    """A countdown longer than the visibility timeout is started again and again: `run_at` waits."""
    for room in ("ascora", "integrations", "payments", "jobs", "inventory"):
        for path in (settings.BASE_DIR / room).rglob("*.py"):
            said = path.read_text("utf-8")
            assert not re.search(r"\b(countdown|eta)\s*=", said), path


def test_a_second_beat_only_rings():
    """What beat asks for takes nothing with it and finds its work in PostgreSQL."""
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert "args" not in entry
        assert "kwargs" not in entry
        assert entry["task"].endswith("look_for_due_work")
