"""Proposals against the mappings that the demo country ships for its seven lists, which were written apart from them.

Made-up data. The lists are in English, French, Russian and Arabic, and in CSV, XLSX and Parquet.
"""

from pathlib import Path

import pytest

from palermo.demo.country import build_demo
from palermo.intake.mapping import Mapping, load_mapping
from palermo.intake.propose.proposal import Proposal, propose_mapping

IDENTITY = ("given_name", "family_name", "full_name", "birth_date", "place")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_demo(tmp_path_factory.mktemp("demo"), seed=1, persons=2_000).workspace


def shipped(mapping: Mapping) -> set[tuple[str, str, str | None]]:
    columns = {(f.column, f.target, None) for f in mapping.fields if f.column is not None}
    if mapping.identity is not None:
        named = {part: getattr(mapping.identity, part) for part in IDENTITY}
        columns |= {(column, part, None) for part, column in named.items() if column is not None}
    return columns | {(column, f.target, code) for f in mapping.fields for column, code in f.flags.items()}


def proposed(proposal: Proposal) -> set[tuple[str, str, str | None]]:
    return {(one.column, one.target, one.code) for one in proposal.columns if one.target is not None}


def test_columns_of_the_demo_lists_are_recognised(demo: Path) -> None:
    wanted, found, wrong = 0, 0, []
    for path in sorted((demo / "lists").iterdir()):
        mapping = load_mapping(demo / "mappings" / f"{path.stem.removeprefix('made-up-')}.toml")
        proposal = propose_mapping(path, encoding=mapping.encoding, delimiter=mapping.delimiter, sheet=mapping.sheet)
        assert proposal.table == mapping.table
        want, got = shipped(mapping), proposed(proposal)
        wanted += len(want)
        found += len(want & got)
        wrong += sorted(got - want)
    assert found >= 0.95 * wanted
    assert wrong == []
