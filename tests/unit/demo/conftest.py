"""One small demo country for all tests of this folder."""

import pytest

from palermo.demo.country import build_demo

SMALL = 8_000


@pytest.fixture(scope="session")
def country(tmp_path_factory):
    return build_demo(tmp_path_factory.mktemp("demo") / "country", seed=5, persons=SMALL)
