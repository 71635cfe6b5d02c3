"""Countries, regions and years: what the latest release holds of each."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse

from palermo.codes import areas as area_codes
from palermo.errors import UsageError
from palermo.language import _
from palermo.portal.pages import page
from palermo.portal.places import areas, checked, sections, shelf, years
from palermo.report.figures.profile import country_profile
from palermo.report.labels import area_name
from palermo.report.page.render import shown
from palermo.report.reading import Release


@dataclass(frozen=True)
class Region:
    """A region with those of its countries and areas that the release holds, by name."""

    code: str
    name: str
    areas: tuple[tuple[str, str], ...]


def area_list(request: HttpRequest) -> HttpResponse:
    """Every area of the release, by region."""
    release = shelf().latest
    return page(request, "areas.html", regions=regions_of(release), years=_every_year(release))


def area_page(request: HttpRequest, area: str) -> HttpResponse:
    """One country or area: its profile, its years and its figures."""
    release = shelf().latest
    checked(release, area)
    held = years(release.id, area)
    if not held:
        raise Http404(f"no year for area {area}")
    period = held[-1]
    return page(
        request, "area.html", area=area, period=period, name=release.name_of(area), years=held,
        figures=[shown(country_profile(release, area, period))], sections=sections(release, area, period),
    )  # fmt: skip


def year_page(request: HttpRequest, area: str, period: str) -> HttpResponse:
    """One year of one area: every figure that the release can fill, as a list to choose from."""
    release = shelf().latest
    checked(release, area, period)
    every = sections(release, area, period)
    first = [shown(one) for *_, group in every[:1] for one in group if not one.missing]
    return page(
        request, "year.html", area=area, period=period, name=release.name_of(area), sections=every, figures=first,
        years=years(release.id, area),
    )  # fmt: skip


def region_page(request: HttpRequest, region: str) -> HttpResponse:
    """One region: the countries and areas in it of which the release holds numbers."""
    release = shelf().latest
    found = next((one for one in regions_of(release) if one.code == region), None)
    if found is None:
        raise Http404(f"no region {region}")
    return page(request, "region.html", region=found)


def regions_of(release: Release) -> list[Region]:
    """The regions of the release by the codes of M49; areas outside every region stand alone at the end."""
    by_region: dict[str, list[tuple[str, str]]] = {}
    for code in areas(release.id):
        by_region.setdefault(_region(code), []).append((code, release.name_of(code)))
    told = [
        Region(
            code, area_name(code) if code else _("Other areas and groups of areas"), tuple(sorted(held, key=_by_name))
        )
        for code, held in by_region.items()
    ]
    return sorted(told, key=lambda one: (not one.code, one.name))


def _region(code: str) -> str:
    try:
        found: str | None = area_codes.region(code)
    except (KeyError, UsageError):
        return ""
    return found if found and found != code else ""


def _by_name(item: tuple[str, str]) -> str:
    return item[1]


def _every_year(release: Release) -> list[str]:
    return sorted({year for area in areas(release.id) for year in years(release.id, area)})
