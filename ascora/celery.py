"""The Celery application: a doorbell for work that lives in PostgreSQL, never the place where work
is kept.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ascora.settings")

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
