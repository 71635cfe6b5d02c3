"""Who publishes a release, under which licence, and how to cite it.

The decision a reader would question: a licence is a legal act, so none is assumed. An office states it in the settings
of the portal (``PALERMO_LICENCE``, ``PALERMO_PUBLISHER``); until then every description says that it has not.
"""

import os
from dataclasses import dataclass

from palermo.language import _
from palermo.report.page.render import title_of
from palermo.report.reading import Release

LICENCE, PUBLISHER = "PALERMO_LICENCE", "PALERMO_PUBLISHER"


@dataclass(frozen=True)
class Terms:
    """``licence`` is its address, empty where the office stated none."""

    publisher: str
    licence: str
    licence_text: str
    citation: str


def terms(release: Release) -> Terms:
    """The terms of a release in the language spoken now."""
    licence = os.environ.get(LICENCE, "")
    publisher = os.environ.get(PUBLISHER, "") or _("The office of the account of {area}", area=release.area_name)
    told = licence or _("The office has not stated a licence. Ask it before you pass these numbers on.")
    citation = _("{publisher}. {title}, release {id}.", publisher=publisher, title=title_of(release), id=release.id)
    return Terms(publisher, licence, told, citation)
