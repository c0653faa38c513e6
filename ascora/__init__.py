"""The project: roof (urls) and foundation (tenancy, chart, search, outbox)."""

from ascora.celery import app as celery_app

__all__ = ["celery_app"]
