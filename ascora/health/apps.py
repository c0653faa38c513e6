"""The app's name for Django."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    """Signs of life."""

    name = "ascora.health"
    label = "health"
