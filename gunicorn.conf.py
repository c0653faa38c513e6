"""What gunicorn reads by itself: its own words are JSON lines too, without addresses."""

from ascora.health.lines import lines

_ours = lines("INFO")
_quiet = {"handlers": [], "propagate": False}
_said = {"handlers": ["console"], "level": "INFO", "propagate": False}
logconfig_dict = _ours | {"loggers": {"gunicorn.error": _said, "gunicorn.access": _quiet}}
