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
    """Before the first task: row-level security must hold for this worker."""
    from ascora.tenancy.role import refuse_a_privileged_role

    refuse_a_privileged_role()
