"""One small demo country for all tests of this folder, and what intake, linkage and account make of it."""

import pytest

from palermo.account.build import AccountInputs, build_account
from palermo.demo.country import build_demo
from palermo.intake.mapping import load_mapping
from palermo.intake.registry import SourceOptions
from palermo.intake.run import intake_file
from palermo.linkage.persons import build_persons
from palermo.workspace import find_workspace

SMALL = 8_000


@pytest.fixture(scope="session")
def country(tmp_path_factory):
    return build_demo(tmp_path_factory.mktemp("demo") / "country", seed=5, persons=SMALL)


@pytest.fixture(scope="session")
def taken_in(country, tmp_path_factory):
    """The result of intake by list."""
    out = tmp_path_factory.mktemp("intake")
    results = {}
    for source in find_workspace(country.workspace).settings.sources:
        options = SourceOptions(source.name, source.type, mapping=load_mapping(source.mapping))
        results[source.name] = intake_file(source.path, options, out)
    return results


@pytest.fixture(scope="session")
def persons_file(taken_in, tmp_path_factory):
    file = tmp_path_factory.mktemp("linkage") / "persons.parquet"
    build_persons([result.tables["cases"] for result in taken_in.values() if "cases" in result.tables], file)
    return file


@pytest.fixture(scope="session")
def account(country, taken_in, persons_file, tmp_path_factory):
    settings = find_workspace(country.workspace).settings
    results = taken_in.values()
    known = ("file", "sha256", "adapter", "read", "accepted", "quarantined")
    inputs = AccountInputs(
        persons=persons_file,
        cases=tuple(result.tables["cases"] for result in results if "cases" in result.tables),
        suspects=tuple(result.tables["suspects"] for result in results if "suspects" in result.tables),
        observations=(),
        public_lists=frozenset(),
        inputs=tuple({"list": r.list_name, **{name: getattr(r, name) for name in known}} for r in results),
        population=settings.population.file,
        population_shape=settings.population.shape,
        area=settings.area,
        area_name=settings.area_name,
        years=settings.years,
        rules=settings.rules,
    )
    return build_account(inputs, tmp_path_factory.mktemp("account"))
