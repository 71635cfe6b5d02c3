"""Countries, regions and years: what the latest release holds of each."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse

from palermo.language import _
from palermo.portal.pages import page
from palermo.portal.places import checked, drawn, regions, sections, shelf, years
from palermo.report.figures.profile import country_profile
from palermo.report.labels import area_name, reading_order
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
    return page(request, "areas.html", regions=regions_of(release))


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
        figures=[drawn(country_profile(release, area, period))], sections=sections(release, area, period),
    )  # fmt: skip


def year_page(request: HttpRequest, area: str, period: str) -> HttpResponse:
    """One year of one area: every figure that the release can fill, as a list to choose from."""
    release = shelf().latest
    checked(release, area, period)
    every = sections(release, area, period)
    filled = [[one for one in group if not one.missing] for *_, group in every]
    first = filled[0] or next(([group[0]] for group in filled if group), [])
    return page(
        request, "year.html", area=area, period=period, name=release.name_of(area), sections=every,
        figures=[drawn(one) for one in first], years=years(release.id, area),
    )  # fmt: skip


def region_page(request: HttpRequest, region: str) -> HttpResponse:
    """One region: its countries and areas, and what is published of all of them together."""
    release = shelf().latest
    found = next((one for one in regions_of(release) if one.code and one.code == region), None)
    if found is None:
        raise Http404(f"no region {region}")
    period = years(release.id, region)[-1]
    every = sections(release, region, period)
    return page(request, "region.html", region=found, area=region, period=period, sections=every)


def regions_of(release: Release) -> list[Region]:
    """The regions of the release by name; areas outside every region stand at the end."""
    told = [
        Region(
            code,
            area_name(code) if code else _("Other areas and groups of areas"),
            tuple(sorted(((area, release.name_of(area)) for area in held), key=lambda one: reading_order(one[1]))),
        )
        for code, held in regions(release.id).items()
    ]
    return sorted(told, key=lambda one: (not one.code, reading_order(one.name)))
