"""The truth about the demo country, written beside it for ``palermo demo --score`` alone.

No stage reads it and ``palermo.toml`` does not name it. ``counted_as`` is the one derived column: how many persons a
perfect joining of the records by the numbers they carry (record number, referral number) makes of this person. It is 0
where every row about her is quarantined and more than 1 where her records share no number. A person who is not a victim
and whom the hotline presumed to be one counts too, as nobody who reads that list can know.
``numbered`` says who was given a referral number: nobody else can be recognised on two lists without names.
A second table says which person each record is of, to score linkage by.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
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
RECORDS_FILE = "made-up-truth-records.parquet"
SUMMARY_FILE = "made-up-truth.json"
NEVER = 9999  # later than any year: no list holds the person


class Holdings:
    """What the lists together hold about each person; filled list by list, so that one list at a time is in memory."""

    def __init__(self, persons: int, numbered: npt.NDArray[np.bool_] | None = None) -> None:
        self.numbered = np.zeros(persons, dtype=np.bool_) if numbered is None else numbered  # given a referral number
        self.first_year = np.full(persons, NEVER, dtype=np.int64)
        self.planted: dict[str, dict[str, Any]] = {}
        self._joined = np.zeros(persons, dtype=np.int64)  # 1 where some record carries the referral number
        self._alone = np.zeros(persons, dtype=np.int64)  # records that share no number with another list
        self._links: list[pa.Table] = []

    def add(self, name: str, records: Sequence[Record]) -> None:
        """Take in the records of one list."""
        np.minimum.at(self.first_year, [r.person for r in records], [r.year for r in records])
        sound = {r.record_id: r for r in records if not r.fault and r.status != "not_victim"}.values()
        self._joined[[r.person for r in sound if r.person_key]] = 1
        np.add.at(self._alone, [r.person for r in sound if not r.person_key], 1)
        self.planted[name] = list_facts(records)
        self._links.append(record_links(name, records))

    @property
    def links(self) -> pa.Table:
        """Which person each record is of, with the script in which it writes her name."""
        return pa.concat_tables(self._links)

    @property
    def counted_as(self) -> Ints:
        """How many victims each person becomes when her sound records are joined by the numbers they carry."""
        return self._joined + self._alone


def truth_table(persons: Persons, holdings: Holdings) -> pa.Table:
    """One row per person: true attributes, which lists saw her, and how joining by numbers would count her."""
    count = len(persons)
    columns: dict[str, Any] = {
        "person": np.arange(1, count + 1),
        "victim": persons.victim,
        "detected": persons.detected,
        "sex": [facts.SEXES[sex] for sex in persons.sex.tolist()],
        "age": persons.age,
        "age_group": ["Y0T17" if child else "Y_GE18" for child in persons.child.tolist()],
        "year": persons.year,
        "detected_year": pa.array(holdings.first_year, mask=holdings.first_year == NEVER),
        "forms": [codes_of(mask, facts.FORMS) for mask in persons.forms.tolist()],
        "citizenship": [facts.COUNTRIES[place] for place in persons.citizenship.tolist()],
        "origin": [facts.COUNTRIES[place] for place in persons.origin.tolist()],
        "destination": [facts.COUNTRIES[place] for place in persons.destination.tolist()],
        "crisis": [facts.CRISES[place] for place in persons.crisis.tolist()],
        **{name: persons.seen[name].astype(np.bool_) for name in LISTS},
        "numbered": holdings.numbered,
        "counted_as": holdings.counted_as,
    }
    table = pa.table(columns)
    return table.append_column("made_up", pa.array([facts.MADE_UP] * count, pa.string()))


def record_links(name: str, records: Sequence[Record]) -> pa.Table:
    """The records of one list by number, each with its person as ``truth_table`` numbers her."""
    known = {record.record_id: record for record in records}
    columns = {
        "list": pa.array([name] * len(known), pa.string()),
        "record_id": pa.array(list(known), pa.string()),
        "person": pa.array([record.person + 1 for record in known.values()], pa.int64()),
        "script": pa.array([record.identity.script for record in known.values()], pa.string()),
        "named": pa.array([bool(record.name) for record in known.values()], pa.bool_()),
    }
    return pa.table(columns)


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


def write_truth(folder: Path, persons: Persons, holdings: Holdings, more: Mapping[str, Any]) -> None:
    """Write the table of persons and a summary for people to read."""
    table = truth_table(persons, holdings)
    write_parquet(folder / PERSONS_FILE, table)
    write_parquet(folder / RECORDS_FILE, holdings.links)
    write_json(
        folder / SUMMARY_FILE,
        {
            "note": facts.MADE_UP,
            "victims": int(persons.victim.sum()),
            "detected": int(persons.detected.sum()),
            "not_victims_noticed": int((~persons.victim).sum()),
            "share_given_a_referral_number": REFERRED,
            "odds_ratios": [{"lists": [one, other], "ratio": ratio} for one, other, ratio in PAIRS],
            "lists": holdings.planted,
            **more,
        },
    )
