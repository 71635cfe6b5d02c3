"""One small demo country for all tests of this folder, and what intake, linkage and account make of it."""

import pytest

from palermo.account.build import build_account
from palermo.account.making import AccountInputs
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


def take_in(workspace, out):
    """The result of intake by list."""
    results = {}
    for source in find_workspace(workspace).settings.sources:
        options = SourceOptions(source.name, source.type, mapping=load_mapping(source.mapping))
        results[source.name] = intake_file(source.path, options, out)
    return results


def tables(results, name):
    return tuple(result.tables[name] for result in results.values() if name in result.tables)


def count(workspace, results, persons_file, out):
    """The account of a demo country."""
    settings = find_workspace(workspace).settings
    known = ("file", "sha256", "adapter", "read", "accepted", "quarantined")
    inputs = AccountInputs(
        persons=persons_file,
        cases=tables(results, "cases"),
        suspects=tables(results, "suspects"),
        observations=(),
        public_lists=frozenset(),
        inputs=tuple({"list": name} | {key: getattr(r, key) for key in known} for name, r in results.items()),
        population=settings.population.file,
        population_shape=settings.population.shape,
        area=settings.area,
        area_name=settings.area_name,
        years=settings.years,
        rules=settings.rules,
    )
    return build_account(inputs, out)


@pytest.fixture(scope="session")
def taken_in(country, tmp_path_factory):
    return take_in(country.workspace, tmp_path_factory.mktemp("intake"))


@pytest.fixture(scope="session")
def persons_file(taken_in, tmp_path_factory):
    file = tmp_path_factory.mktemp("linkage") / "persons.parquet"
    build_persons(tables(taken_in, "cases"), file)
    return file


@pytest.fixture(scope="session")
def account(country, taken_in, persons_file, tmp_path_factory):
    return count(country.workspace, taken_in, persons_file, tmp_path_factory.mktemp("account"))


@pytest.fixture(scope="session")
def default_country(tmp_path_factory):
    """The country that `palermo demo` builds, as the tutorial shows it."""
    return build_demo(tmp_path_factory.mktemp("default") / "country")


@pytest.fixture(scope="session")
def default_account(default_country, tmp_path_factory):
    out = tmp_path_factory.mktemp("default-account")
    results = take_in(default_country.workspace, out)
    build_persons(tables(results, "cases"), out / "persons.parquet")
    return count(default_country.workspace, results, out / "persons.parquet", out / "account")
