"""The WSGI entry point that gunicorn serves. Refuses to start as a role that sees everything."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ascora.settings")

application = get_wsgi_application()

from ascora.tenancy.role import refuse_a_privileged_role  # noqa: E402

refuse_a_privileged_role()
