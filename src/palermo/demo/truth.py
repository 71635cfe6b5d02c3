"""The truth about the demo country, written beside it for ``palermo demo --score`` alone.

No stage reads it and ``palermo.toml`` does not name it. ``counted_as`` is the one derived column: how many persons a
perfect joining of the records by the numbers they carry (record number, referral number) makes of this person. It is 0
where every row about her is quarantined and more than 1 where her records share no number. A person who is not a victim
and whom the hotline presumed to be one counts too, as nobody who reads that list can know.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from palermo.demo import facts
from palermo.demo.capture import LISTS, PAIRS
from palermo.demo.draws import Ints, codes_of
from palermo.demo.files import write_parquet
from palermo.demo.persons import Persons
from palermo.demo.records import REFERRED, Record
from palermo.provenance import write_json

FOLDER = "truth"
PERSONS_FILE = "made-up-truth.parquet"
SUMMARY_FILE = "made-up-truth.json"


def truth_table(persons: Persons, lists: Mapping[str, Sequence[Record]]) -> pa.Table:
    """One row per person: true attributes, which lists saw her, and how joining by numbers would count her."""
    count = len(persons)
    held = [record for records in lists.values() for record in records]
    first_year = np.full(count, 9999, dtype=np.int64)
    np.minimum.at(first_year, [record.person for record in held], [record.year for record in held])
    seen = first_year < 9999
    columns: dict[str, Any] = {
        "person": np.arange(1, count + 1),
        "victim": persons.victim,
        "detected": persons.detected,
        "sex": [facts.SEXES[sex] for sex in persons.sex.tolist()],
        "age": persons.age,
        "age_group": ["Y0T17" if child else "Y_GE18" for child in persons.child.tolist()],
        "year": persons.year,
        "detected_year": pa.array(first_year, mask=~seen),
        "forms": [codes_of(mask, facts.FORMS) for mask in persons.forms.tolist()],
        "citizenship": [facts.COUNTRIES[place] for place in persons.citizenship.tolist()],
        "origin": [facts.COUNTRIES[place] for place in persons.origin.tolist()],
        "destination": [facts.COUNTRIES[place] for place in persons.destination.tolist()],
        "crisis": [facts.CRISES[place] for place in persons.crisis.tolist()],
        **{name: persons.seen[name].astype(np.bool_) for name in LISTS},
        "counted_as": counted_as(count, lists),
    }
    table = pa.table(columns)
    return table.append_column("made_up", pa.array([facts.MADE_UP] * count, pa.string()))


def counted_as(persons: int, lists: Mapping[str, Sequence[Record]]) -> Ints:
    """How many victims each person becomes when her sound records are joined by the numbers they carry."""
    groups: set[tuple[int, str, str]] = set()
    for name, records in lists.items():
        for record in records:
            if not record.fault and record.status != "not_victim":
                groups.add((record.person, "", "") if record.person_key else (record.person, name, record.record_id))
    counts = np.zeros(persons, dtype=np.int64)
    np.add.at(counts, [person for person, _, _ in groups], 1)
    return counts


def list_facts(records: Sequence[Record]) -> dict[str, Any]:
    """What was planted in one list: rows, faults by kind, repeated rows, persons registered twice, share with key."""
    faults: dict[str, int] = {}
    for record in records:
        if record.fault:
            faults[record.fault] = faults.get(record.fault, 0) + 1
    numbers = {record.record_id for record in records}
    return {
        "rows": len(records),
        "faults": faults,
        "rows_to_quarantine": sum(faults.values()),
        "repeated_rows": len(records) - len(numbers),
        "registered_again": len(numbers) - len({record.person for record in records}),
        "rows_with_referral_number": sum(bool(record.person_key) for record in records),
    }


def write_truth(
    folder: Path, persons: Persons, lists: Mapping[str, Sequence[Record]], more: Mapping[str, Any]
) -> tuple[Path, Path]:
    """Write the table of persons and a summary for people to read."""
    table = truth_table(persons, lists)
    write_parquet(folder / PERSONS_FILE, table)
    write_json(
        folder / SUMMARY_FILE,
        {
            "note": facts.MADE_UP,
            "victims": int(persons.victim.sum()),
            "detected": int(persons.detected.sum()),
            "not_victims_noticed": int((~persons.victim).sum()),
            "share_given_a_referral_number": REFERRED,
            "odds_ratios": [{"lists": [one, other], "ratio": ratio} for one, other, ratio in PAIRS],
            "lists": {name: list_facts(records) for name, records in lists.items()},
            **more,
        },
    )
    return folder / PERSONS_FILE, folder / SUMMARY_FILE
