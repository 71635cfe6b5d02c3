"""Settings of the public site. It has no database, no accounts, no sessions and no cookies.

The decision a reader would question: everything an office may set comes from the environment (``PALERMO_…``), so that a
container, a service file and ``palermo serve`` set it in the same way. ``docs/how-to/serve-the-portal.md`` lists them.
"""

import os
import secrets

RELEASES = tuple(filter(None, os.environ.get("PALERMO_RELEASES", "").split(os.pathsep)))
SHOW_DRAFTS = os.environ.get("PALERMO_DRAFTS") == "1"
STATIC_EXPORT = os.environ.get("PALERMO_STATIC") == "1"  # pages are written as files: nothing may need a server
LANGUAGES_SHOWN = os.environ.get("PALERMO_LANGUAGES", "en fr es ar ru zh").split()
BASE_URL = os.environ.get("PALERMO_BASE_URL", "").rstrip("/")
MAP_FILE = os.environ.get("PALERMO_MAP", "")
REQUESTS_PER_MINUTE = int(os.environ.get("PALERMO_REQUESTS_PER_MINUTE", "600"))
BEHIND_PROXY = os.environ.get("PALERMO_BEHIND_PROXY") == "1"

DEBUG = False
SECRET_KEY = secrets.token_urlsafe(50)  # nothing is signed with it; Django refuses to start without one
ALLOWED_HOSTS = os.environ.get("PALERMO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
ROOT_URLCONF = "palermo.site.urls"
WSGI_APPLICATION = "palermo.site.wsgi.application"
INSTALLED_APPS = ["palermo.portal"]
MIDDLEWARE = [
    "palermo.portal.middleware.headers.safe_headers",
    "palermo.portal.middleware.limits.fair_use",
    "palermo.portal.middleware.kept.kept_pages",
    "palermo.portal.middleware.zipped.Zipped",
    "palermo.portal.middleware.language.language_of_path",
]
TEMPLATES: list[object] = []  # pages are made by the report's own Jinja2 environment
DATABASES: dict[str, object] = {}
USE_I18N = False  # the six languages are those of ``palermo.language``
USE_TZ = True
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024  # nobody uploads anything
LOGGING_CONFIG = None
