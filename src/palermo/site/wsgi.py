"""Entry point for web servers: ``palermo.site.wsgi:application``.

What went wrong here is told on the error stream. What readers asked for in vain is not: nobody keeps that.
"""

import logging
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palermo.site.settings")
logging.getLogger("django.request").setLevel(logging.ERROR)  # 404 and the like are warnings
logging.getLogger("django.security").setLevel(logging.CRITICAL)  # names that are not ours
application = get_wsgi_application()
