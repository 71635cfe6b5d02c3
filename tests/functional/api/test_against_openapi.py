"""Schemathesis asks the data service what its OpenAPI document allows, and what it forbids."""

from zlib import crc32

import django
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from palermo.portal.places import shelf

django.setup()
with override_settings(REQUESTS_PER_MINUTE=0):
    application = get_wsgi_application()
schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)  # the document names no release

OCCURRING = {
    "cube_id": ["victims_by_sex_age.victims_detected.PERSON", "victims_by_reach.victims_detected.PERSON"],
    "area": ["XXA"],
    "period": ["2023"],
    "figure_id": ["P1", "E2"],
}
# Rows and columns must be two dimensions, and columns one of few codes: no schema can say that of two words.
HANGS_ON_ANOTHER_WORD = {"getCube", "getCubeCsv"}
# A code must be one: those of a release are in no document that is the same for every office.
ASKS_FOR_CODES = {"getObservations", "getObservationsCsv"}


@schema.hook
def map_path_parameters(context, path_parameters):
    """Three questions of four name things that occur."""
    occurring = OCCURRING | {"release_id": [shelf().latest.id]}
    for name in sorted(set(path_parameters or ()) & set(occurring)):
        number = crc32(str(path_parameters[name]).encode("utf-8", "replace"))
        if number % 4:
            path_parameters[name] = occurring[name][number % len(occurring[name])]
    return path_parameters


@pytest.mark.usefixtures("site")
@schema.parametrize()
@settings(max_examples=6, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_documented(case):
    hangs = case.operation.definition.raw["operationId"] in HANGS_ON_ANOTHER_WORD | ASKS_FOR_CODES
    case.call_and_validate(
        headers={"Accept-Encoding": "identity"}, excluded_checks=[positive_data_acceptance] if hangs else []
    )
