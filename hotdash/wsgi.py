"""The dashboard's pages as a WSGI application: what the ASGI application runs on threads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotdash.settings")

application = get_wsgi_application()
