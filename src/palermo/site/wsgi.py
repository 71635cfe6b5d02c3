"""Entry point for web servers: ``palermo.site.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palermo.site.settings")
application = get_wsgi_application()
