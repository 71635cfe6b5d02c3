"""The submission of indicator 16.2.2 in the official SDG structure: SDMX-CSV 2.0, and SDMX-ML 2.1 for older programs.

The decision a reader would question: the files are answers of the release's own data service, so that what is submitted
is what the service says. Only the time of preparation, which a message must have, is fixed: the same release gives the
same bytes.
"""

from datetime import UTC, datetime
from urllib.parse import quote

from palermo.codes import areas
from palermo.errors import PalermoError
from palermo.language import speaking
from palermo.report.documents.report import Report
from palermo.report.sdmx import Request, Service, open_service
from palermo.report.sdmx.official import EDITION, FLOW, OWNER, official_dataset

PREPARED = datetime(2000, 1, 1, tzinfo=UTC)
NAMES = {"csv": "sdg-16-2-2.csv", "structurespecificdata": "sdg-16-2-2.xml"}  # of the formats of the service


def files(report: Report) -> dict[str, bytes]:
    """Both files, with the years up to that of the report. Raises ``PalermoError`` where the release has none."""
    with speaking("en"):  # the language of the structure's own notes; the files are the same in every language
        if official_dataset(report.release) is None:
            raise PalermoError(
                "--format sdg: the release holds no number of indicator 16.2.2 (sdg_16_2_2); leave sdg out of --format"
            )
        service = open_service(report.release)
        return {name: _answer(service, report, form) for form, name in NAMES.items()}


def _answer(service: Service, report: Report, form: str) -> bytes:
    numbers = sorted(_m49(area) for area in report.countries)
    query = f"c[REF_AREA]={','.join(numbers)}&c[TIME_PERIOD]=le:{report.period}&format={form}"
    path = f"data/dataflow/{OWNER}/{FLOW}/{EDITION}/*"
    answer = service.answer(Request(path, quote(query, safe="=&:,"), prepared=PREPARED))
    body = b"".join(answer.body)
    if answer.status != 200:
        raise PalermoError(
            f"--format sdg: the release holds no number of {report.area} up to {report.period} that the structure "
            "has a code for; leave sdg out of --format, or name another --area"
        )
    return body


def _m49(area: str) -> str:
    """The number of a country as the official files write it; a made-up country keeps its code."""
    number = areas.get(area).m49
    return str(int(number)) if number else area
