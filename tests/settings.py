"""Settings of the tests: the real ones on embedded servers, with quick password hashing."""

import atexit
import os

from ascora.embedded.servers import Servers

os.environ["ASCORA_TESTING"] = "1"
os.environ.setdefault("QUICKBOOKS_ENVIRONMENT", "simulator")
os.environ.setdefault("LOG_LEVEL", "WARNING")
if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
    # Started once: the workers of pytest-xdist inherit the addresses.
    _servers = Servers(temporary=True)
    _servers.__enter__()
    os.environ.update(_servers.urls)
    atexit.register(_servers.__exit__, None, None, None)

from ascora.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# WhiteNoise warns where nothing was collected yet, and warnings are errors.
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
# Tests of one thing have no use for waiting; the pace has tests of its own.
PACES_REQUESTS = False
# Otherwise every test client that is made reads every static file first: a third of the run.
WHITENOISE_AUTOREFRESH = True
