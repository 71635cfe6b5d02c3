"""The site over the demo country, opened for one file of tests and forgotten after it."""

import os
import sys

import django
import pytest
from django.test import Client, override_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palermo.site.settings")


def forget():
    """Whatever the site keeps of the releases it showed."""
    for name, module in list(sys.modules.items()):
        if name.startswith("palermo.portal"):
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()


@pytest.fixture(scope="module")
def site(demo):
    """A reader of the site of the demo country, whose release is a draft."""
    django.setup()
    forget()
    with override_settings(RELEASES=(str(demo),), SHOW_DRAFTS=True, REQUESTS_PER_MINUTE=0):
        yield Client()
    forget()


@pytest.fixture(scope="module")
def release_id(site):
    """The id of its release."""
    return site.get("/api/releases").json()["releases"][0]["id"]
