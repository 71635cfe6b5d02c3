"""Every address below ``/api/``: what answers, which words it knows, which shape it gives. All else is made of this."""

from palermo.portal.api.figures import figure, figure_list
from palermo.portal.api.index import index
from palermo.portal.api.meanings import definitions, receipt
from palermo.portal.api.observations import ROWS, ROWS_AT_MOST, cube_view, observations
from palermo.portal.api.releases import area_list, cube_list, release, releases
from palermo.portal.api.route import CSV, HTML, JSON, Route, Word
from palermo.release.schema import DIMENSIONS, KEY
from palermo.report.data.cube import MEANINGS
from palermo.report.explore.query import SORTS

PAGED = (
    Word("offset", "How many rows to leave out at the start", least=0, most=999_999_999),
    Word(
        "limit",
        f"How many rows at most; of JSON {ROWS:,} where it is not named, of CSV all",
        least=1,
        most=ROWS_AT_MOST,
    ),
)
CODES = tuple(Word(name, MEANINGS[name]) for name in KEY)
VIEWED = (
    Word("rows", "The dimension down", DIMENSIONS),
    Word("columns", "The dimension across; nothing for none", ("", *DIMENSIONS)),
    Word("sort", "Rows in the order of the list, or the largest first", SORTS),
    *(Word(name, f"{MEANINGS[name]}: one code, where it is neither rows nor columns") for name in DIMENSIONS),
)
CHOSEN = (
    Word("area", "Country, area or region; where it is not named that of the account"),
    Word("period", "Year; where it is not named the last of the account"),
)
RELEASE = "releases/{release_id}"
CUBE = f"{RELEASE}/cubes/{{cube_id}}"
FIGURE = f"{RELEASE}/areas/{{area}}/{{period}}/figures/{{figure_id}}"

ROUTES = (
    Route("", "index", "What is there", index, "Index", forms=(JSON, HTML)),
    Route("releases", "listReleases", "All releases, the latest first", releases, "Releases"),
    Route(RELEASE, "getRelease", "What a release holds, and its rules", release, "Release"),
    Route(f"{RELEASE}/cubes", "listCubes", "The cubes of a release", cube_list, "Cubes"),
    Route(f"{CUBE}.csv", "getCubeCsv", "A view of a cube, its cells as CSV", cube_view, "", (*VIEWED, *PAGED), (CSV,)),
    Route(CUBE, "getCube", "A view of a cube, in the words of the explorer's address", cube_view, "View",
          (*VIEWED, *PAGED), (JSON, CSV)),
    Route(f"{RELEASE}/observations.csv", "getObservationsCsv", "All observations with these codes as CSV",
          observations, "", (*CODES, *PAGED), (CSV,)),
    Route(f"{RELEASE}/observations", "getObservations", "All observations with exactly these codes", observations,
          "Observations", (*CODES, *PAGED), (JSON, CSV)),
    Route(f"{RELEASE}/areas", "listAreas", "Areas and years of a release", area_list, "Areas"),
    Route(f"{RELEASE}/figures", "listFigures", "The figures of an area and a year", figure_list, "Figures", CHOSEN),
    Route(f"{FIGURE}.csv", "getFigureCsv", "The numbers of a figure as CSV", figure, "", (), (CSV,)),
    Route(FIGURE, "getFigure", "A figure: table, sentences, note, source, receipts", figure, "Figure", (), (JSON, CSV)),
    Route("receipts/{receipt_id}", "getReceipt", "The receipt of a number", receipt, "Receipt"),
    Route("definitions", "getDefinitions", "Indicators and code lists", definitions, "Definitions"),
)  # fmt: skip
LATEST = {
    route: f"latest{route.path.removeprefix(RELEASE)}" for route in ROUTES if route.path.startswith(RELEASE)
}  # led on to the latest release
