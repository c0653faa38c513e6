"""Tasks are doorbells: short, given ids, acknowledged late; work is never kept in them."""

import ast
import re

import pytest
from django.conf import settings

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
