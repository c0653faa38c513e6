"""The Celery application: a doorbell for work that lives in PostgreSQL, never the place where work
is kept.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ascora.settings")

app = Celery("ascora")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["integrations"])
