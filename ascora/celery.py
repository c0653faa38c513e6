"""The Celery application: a doorbell for work that lives in PostgreSQL, never the place where work
is kept.
"""

import logging
import os
import signal
import socket
import threading
from typing import Any

from celery import Celery
from celery.signals import (
    beat_init,
    setup_logging,
    worker_init,
    worker_ready,
    worker_shutdown,
)
from celery.worker import state

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ascora.settings")

logger = logging.getLogger(__name__)
_stopping = threading.Event()

app = Celery("ascora")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["integrations"])


@worker_init.connect  # type: ignore[untyped-decorator]
def refuse_a_role_that_sees_everything(**_: Any) -> None:
    """Before the first task: row-level security must hold for this worker.

    Celery logs what a handler raises and goes on, unless it is a SystemExit.
    """
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from ascora.tenancy.role import refuse_a_privileged_role

    try:
        refuse_a_privileged_role()
    except (ImproperlyConfigured, DatabaseError) as error:
        raise SystemExit(str(error)) from error


@setup_logging.connect  # type: ignore[untyped-decorator]
def leave_logging_alone(**_: Any) -> None:
    """Django has configured it: Celery's own handlers would write down what a task was given."""


@worker_ready.connect  # type: ignore[untyped-decorator]
@beat_init.connect  # type: ignore[untyped-decorator]
def say_so(**_: Any) -> None:
    """The line that whoever started it waits for."""
    logger.info("ready")


@worker_ready.connect  # type: ignore[untyped-decorator]
def keep_watch(**_: Any) -> None:
    """A thread of the worker's first process watches it."""
    from integrations import watchdog
    from integrations.tasks import look_when_ready

    watching = watchdog.Watchdog(
        name=_name(),
        taken_up=lambda: state.all_total_count[0],
        is_busy=lambda: bool(state.active_requests),
        ring=look_when_ready,
        end=_end,
    )
    threading.Thread(
        target=watchdog.keep_watch,
        args=(watching,),
        kwargs={"stopping": _stopping},
        name="watchdog",
        daemon=True,
    ).start()


@worker_shutdown.connect  # type: ignore[untyped-decorator]
def rest(**_: Any) -> None:
    """It was asked to end: it is not missed."""
    from django.db import Error

    from ascora.health import heartbeats

    _stopping.set()
    try:
        heartbeats.rest(_name())
    except Error:
        logger.info("a heartbeat is left behind")


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _end() -> None:
    """At once, with the processes of the pool: a worker that is stuck hears no politer word."""
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(os.EX_TEMPFAIL)
