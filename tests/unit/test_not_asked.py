"""A law over the chain from lists to a release: no figure says zero of what no list asked.

The lists are made up; each asks some of the columns, in some of the years. Who asked what is known here from the lists
alone, so the law is checked with nothing of the account's own.
"""

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from palermo.account.build import build_account
from palermo.account.making import AccountInputs
from palermo.intake.schema import CASES, SUSPECTS
from palermo.linkage.persons import build_persons
from palermo.release.freeze import make_release
from palermo.release.rules import Protection
from palermo.settings import Rules

ANSWERS = {
    "sex": ["F", "M", "_U"],
    "age_band": ["Y0T17", "Y9T17", "Y_GE18", "_U"],
    "forms": [["sexual"], ["begging", "forced_labour"], ["_U"]],
    "citizenship": ["FRA", "DEU", "_U"],
    "origin": ["FRA", "_U"],
    "services": [["shelter"], ["_U"]],
}
YEARS = (2019, 2020)
STAGES = {"contact_year": "persons_contacted", "prosecuted_year": "persons_prosecuted"}
LISTS = st.lists(
    st.tuples(
        st.sets(st.sampled_from(sorted(ANSWERS))),
        st.lists(st.tuples(st.sampled_from(YEARS), st.integers(0, 5)), min_size=1, max_size=12),
    ),
    min_size=1,
    max_size=3,
)


def row_of(schema: pa.Schema, **values: object) -> dict[str, object]:
    """A row in which nothing was asked but what is named."""
    lists = {field.name: ["_N"] for field in schema if pa.types.is_list(field.type)}
    texts = {field.name: "_N" for field in schema if field.type == pa.string()}
    return {**dict.fromkeys(schema.names), **texts, **lists, **values}


def released(folder: Path, lists, stages, rules: Rules) -> list[dict]:
    """The released figures of lists of (columns asked, (year, number of the answer) of each record)."""
    files = []
    for number, (asked, records) in enumerate(lists):
        rows = []
        for place, (year, pick) in enumerate(records, 1):
            told = {column: ANSWERS[column][pick % len(ANSWERS[column])] for column in asked}
            same = {"list": f"l{number}", "record_id": str(place), "person_key": None, "source_row": place}
            rows.append(row_of(CASES, **same, status="identified", year=year, **told))
        files.append(folder / f"l{number}.cases.parquet")
        pq.write_table(pa.Table.from_pylist(rows, CASES), files[-1])
    persons = folder / "persons.parquet"
    build_persons(files, persons)
    suspects = folder / "court.suspects.parquet"
    told = [{"list": "court", "record_id": "1", **dict.fromkeys(stages, 2020)}]
    pq.write_table(pa.Table.from_pylist([row_of(SUSPECTS, **one) for one in told], SUSPECTS), suspects)
    source = {"file": "l.csv", "sha256": "0" * 64, "adapter": "mapping", "read": 1, "accepted": 1, "quarantined": 0}
    population = folder / "population.csv"
    years = [f"DEU,{year},{sex},{age},1000000" for year in YEARS for sex in "FM" for age in ("Y0T17", "Y_GE18")]
    population.write_text("\n".join(["area,year,sex,age,persons", *years]))
    inputs = AccountInputs(
        persons=persons,
        cases=tuple(files),
        suspects=(suspects,),
        observations=(),
        public_lists=frozenset(),
        inputs=tuple({"list": file.name.split(".")[0], **source} for file in files),
        population=population,
        population_shape=None,
        area="DEU",
        area_name=None,
        years=None,
        rules=rules,
    )
    account = build_account(inputs, folder / "account")
    made = make_release(account.cube, account.receipts, folder / "releases", Protection(), {})
    return pq.read_table(made.path / "cube.parquet").to_pylist()


def asked_of(row: dict) -> list[set[str]]:
    """What a list must ask for a figure to be told: one column of each set."""
    codes = {name for name, code in row.items() if code not in {"_T", "_Z", "_N"}}
    needed = [{"age_band" if name == "age" else name} for name in ("sex", "age", "citizenship") if name in codes]
    needed += [{"forms"}] if "form" in codes else []
    needed += [{"citizenship", "origin"}] if "reach" in codes else []
    return needed + ([{"services"}] if row["indicator"] == "victims_assisted_by_sex_age" else [])


@settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(LISTS, st.sets(st.sampled_from(sorted(STAGES))), st.sampled_from(["each", "mixed"]))
def test_no_released_figure_says_zero_of_what_no_list_asked(lists, stages, forms) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = released(Path(folder), lists, stages, Rules(forms=forms))
    known = {STAGES[stage] for stage in stages}
    assert not {row["indicator"] for row in rows} & (set(STAGES.values()) - known)
    for row in (row for row in rows if row["value"] == 0 and row["indicator"] not in known):
        asking = [
            columns
            for columns, records in lists
            if row["time_period"] in {"_T", *(str(year) for year, _ in records)}
            and row["list"] in {"_T", "_Z"}
            and all(columns & one for one in asked_of(row))
        ]
        assert asking or row["indicator"] == "records_by_list" or "_N" in row.values(), row
    assert any(row["indicator"] == "victims_by_sex_age" for row in rows)
