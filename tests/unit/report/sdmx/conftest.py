"""The made-up release as a service, and the cube as the standard would say it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from palermo.report.sdmx import Answer, Request, Service, open_service

NOW = datetime(2024, 5, 17, 8, 30, tzinfo=UTC)
TIP = "data/dataflow/PALERMO/DF_TIP/1.0"
FREQUENCIES = {"_T": "_Z", "2021/2023": "_O"}
PERIODS = {"_T": "2021-01-01/P3Y", "2021/2023": "2021-01-01/P3Y"}
IN_CUBE = {
    "REF_AREA": "ref_area",
    "INDICATOR": "indicator",
    "COUNTED": "measure",
    "UNIT_MEASURE": "unit",
    "KIND": "kind",
    "SEX": "sex",
    "AGE": "age",
    "FORM_EXPL": "form",
    "CITIZENSHIP": "citizenship",
    "COUNTERPART_AREA": "counterpart_area",
    "REACH": "reach",
    "SOURCE_LIST": "list",
    "BAND": "band",
}


@pytest.fixture(scope="session")
def service(release) -> Service:
    return open_service(release)


@pytest.fixture(scope="session")
def ask(service) -> Callable[..., tuple[Answer, str]]:
    """``ask(path, query, accept)``: the answer and its body as text."""

    def asked(path: str, query: str = "", accept: str = "", **more: str) -> tuple[Answer, str]:
        answer = service.answer(Request(path, query, accept, prepared=NOW, **more))
        return answer, b"".join(answer.body).decode()

    return asked


@pytest.fixture(scope="session")
def expected(release) -> dict[tuple[str, ...], tuple[object, ...]]:
    """Key of each observation of the cube, and its value, status, confidentiality, bounds and receipt."""
    found = {}
    for row in release.cube.to_pylist():
        period = row["time_period"]
        key = (
            FREQUENCIES.get(period, "A"),
            *(row[column] for column in IN_CUBE.values()),
            PERIODS.get(period, period),
        )
        assert key not in found
        found[key] = tuple(row[n] for n in ("value", "obs_status", "conf_status", "lower", "upper", "receipt_id"))
    return found
