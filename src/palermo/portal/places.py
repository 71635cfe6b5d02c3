"""The shelf and the settings that the whole site shares, opened once."""

from functools import cache
from pathlib import Path

from django.conf import settings

from palermo.portal.shelf import Shelf, open_shelf


@cache
def shelf() -> Shelf:
    """The releases on show."""
    return open_shelf([Path(place) for place in settings.RELEASES], settings.SHOW_DRAFTS)
