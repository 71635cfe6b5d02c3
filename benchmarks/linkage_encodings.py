"""Linking by encodings: quality on made-up lists and on outside sets, speed, and what the attacks find.

    .venv/bin/python benchmarks/linkage_encodings.py                 quality and speed at 200,000 records in five lists
    .venv/bin/python benchmarks/linkage_encodings.py --records 20000
    .venv/bin/python benchmarks/linkage_encodings.py --sets          sets from outside, in sample and held out apart
    .venv/bin/python benchmarks/linkage_encodings.py --hardenings    the same lists under each hardening
    .venv/bin/python benchmarks/linkage_encodings.py --prepared /tmp/made/records-200000.parquet   the demo country
    .venv/bin/python benchmarks/linkage_encodings.py --attack        the self-test against weak builds and the default

The lists are made from the syllable names of the demo country: three scripts, other spellings, swapped and missing
family names, slips, dates of birth with doubt. They follow the recipe of the research notes, but are our own.
"""

import argparse
import csv
import sys
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from palermo.demo.names import SCRIPTS, SYLLABLES, Names, written
from palermo.intake.schema import IDENTITIES
from palermo.linkage.encoding.attack import attack
from palermo.linkage.encoding.attack_controls import self_test
from palermo.linkage.encoding.compare import compare
from palermo.linkage.encoding.encode import Encoder, batches
from palermo.linkage.encoding.keys import Key
from palermo.linkage.encoding.link import threshold_for
from palermo.linkage.encoding.mixture import fit
from palermo.linkage.encoding.parameters import HARDENINGS, Parameters
from palermo.linkage.encoding.rivals import against_rivals
from palermo.linkage.prepare import prepare_table

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "linkage"
KEY = Key("benchmark", bytes(range(32)))
# Persons seen; scripts; without family name, swapped, respelt, slip; birth missing, year only, 1 January (shares).
LISTS = {
    "police": (0.35, (0.9, 0.05, 0.05), (0.03, 0.04, 0.12, 0.05), (0.03, 0.05, 0.08)),
    "ngo": (0.30, (0.8, 0.1, 0.1), (0.06, 0.06, 0.15, 0.06), (0.10, 0.15, 0.05)),
    "hotline": (0.22, (0.85, 0.1, 0.05), (0.35, 0.05, 0.15, 0.08), (0.30, 0.30, 0.05)),
    "labour": (0.18, (0.9, 0.05, 0.05), (0.04, 0.08, 0.12, 0.06), (0.06, 0.08, 0.15)),
    "border": (0.25, (0.7, 0.15, 0.15), (0.02, 0.05, 0.15, 0.05), (0.01, 0.02, 0.06)),
}
POPULATION = 150_000 / 200_000  # persons per record
PLACES = 40


def tilted(rng, count, width, size):
    """Numbers below ``size``, the first ones more frequent, as names are."""
    weights = 1 / (np.arange(size) + 4.0)
    return rng.choice(size, (count, width), p=weights / weights.sum())


def made_up(records, seed=1):
    """IDENTITIES of five lists and the person of each row."""
    rng = np.random.default_rng(seed)
    count = int(records * POPULATION)
    size = len(SYLLABLES)
    people = {
        "names": Names(tilted(rng, count, 2, size), tilted(rng, count, 3, size)),
        "birth": np.datetime64("1960-01-01") + (rng.beta(4, 2.2, count) * 52 * 365.25).astype(int),
        "sex": np.where(rng.random(count) < 0.68, "F", "M"),
        "place": tilted(rng, count, 1, PLACES)[:, 0],
    }
    rows, persons = [], []
    for name, habits in LISTS.items():
        seen = np.flatnonzero(rng.random(count) < habits[0])
        seen = np.sort(np.concatenate([seen, rng.choice(seen, int(len(seen) * 0.025), replace=False)]))
        rows += [one_record(rng, people, person, habits, name, number) for number, person in enumerate(seen.tolist())]
        persons.append(seen)
    return pa.Table.from_pylist(rows, schema=IDENTITIES), np.concatenate(persons)


def one_record(rng, people, person, habits, name, number):
    """One record as its list writes it."""
    _, scripts, (no_family, swapped, respelt, slip), (missing, year_only, january) = habits
    script = SCRIPTS[int(rng.choice(3, p=scripts))]
    edges = np.cumsum([no_family, swapped, respelt, slip])
    kinds = ("no_family", "swapped", "transliterated", "typo", "plain")
    variant = kinds[int(np.searchsorted(edges, rng.random(), side="right"))]
    birth = str(people["birth"][person])
    draw = rng.random()
    if draw < missing:
        birth = None
    elif draw < missing + year_only:
        birth = birth[:4]
    elif draw < missing + year_only + january:
        birth = birth[:4] + "-01-01"
    elif rng.random() < 0.03:
        birth = birth[:8] + f"{rng.integers(1, 29):02d}"
    place = people["place"][person] if rng.random() > 0.06 else rng.integers(PLACES)
    return {
        "list": name,
        "record_id": str(number),
        "source_row": number + 2,
        "full_name": written(people["names"], person, script, variant, rng.random()),
        "birth_date": birth,
        "sex": people["sex"][person],
        "place": "place " + "".join(SYLLABLES[digit][0] for digit in divmod(int(place) + 21, len(SYLLABLES))),
    }


def encoded(prepared, parameters):
    """The bits of all records, and CPU seconds."""
    start = process_time()
    encoder, done, parts = Encoder(KEY, parameters), 0, []
    for batch in batches(prepared):
        ids = [number.to_bytes(16, "big") for number in range(done, done + batch.num_rows)]
        parts.append(encoder.encode(batch, ids))
        done += batch.num_rows
    return np.concatenate(parts), process_time() - start


def curve(score, same, total):
    """Best F1 with its precision, recall and threshold, and recall at precision .95."""
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(same[order])
    precision, recall = hits / np.arange(1, len(order) + 1), hits / total
    last = np.append(np.diff(score[order]) != 0, True)  # only where a threshold can lie
    precision, recall, values = precision[last], recall[last], score[order][last]
    f1 = 2 * precision * recall / (precision + recall + 1e-12)
    best = int(np.argmax(f1))
    strict = float(recall[precision >= 0.95].max(initial=0))
    return {
        "f1": f1[best],
        "p": precision[best],
        "r": recall[best],
        "at": values[best],
        "r95": strict,
    }


def score(prepared, persons, parameters, within):
    """Encode, compare, score against the truth; ``within``: pairs within one list count too."""
    bits, seconds = encoded(prepared, parameters)
    start, wall = process_time(), perf_counter()
    found = compare(bits, threshold_for(parameters))
    cpu, wall = process_time() - start, perf_counter() - wall
    lists = prepared["list"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    truth = true_pairs(persons, lists, within)
    kept = within | (lists[found.left] != lists[found.right])
    across, least = lists[found.left] != lists[found.right], threshold_for(parameters)
    odds = np.where(
        across, fit(found.dice[across], least).odds(found.dice), fit(found.dice[~across], least).odds(found.dice)
    )
    probability = against_rivals(odds, found.left, found.right, lists)
    same = (persons[found.left] == persons[found.right])[kept]
    plain, rivals = curve(found.dice[kept], same, truth), curve(probability[kept], same, truth)
    pairs = probability[kept] >= 0.9
    write(
        f"  density {np.unpackbits(bits[:2000]).mean():.2f}; {len(found.left):,} candidates, "
        f"{same.sum() / truth:.3f} of {truth:,} true pairs; encode {seconds:.1f} s CPU; "
        f"compare {cpu:.1f} s CPU, {wall:.1f} s: {found.compared / max(cpu, 1e-9) / 1e6:.0f} M pairs per CPU second"
    )
    for name, row in (("Dice alone", plain), ("with rivals", rivals)):
        write(
            f"  {name:12} best F1 {row['f1']:.3f} (P {row['p']:.3f} R {row['r']:.3f} at {row['at']:.3f}), "
            f"recall at P .95 {row['r95']:.3f}"
        )
    write(
        f"  at p >= .9: precision {same[pairs].sum() / max(pairs.sum(), 1):.3f}, "
        f"recall {same[pairs].sum() / truth:.3f}; sum of p / true pairs {probability[kept].sum() / truth:.2f}"
    )
    return rivals["f1"]


def true_pairs(persons, lists, within):
    """How many pairs of records are one person."""

    def pairs(group):
        sizes = np.unique(group, return_counts=True)[1]
        return int((sizes * (sizes - 1) // 2).sum())

    return pairs(persons) - (0 if within else pairs(persons * 100 + lists))


def outside_sets():
    """Sets from outside as (name, whether the weights were tuned on it, IDENTITIES, persons, within one list)."""
    yield "FEBRL 4", True, *febrl("4a", "4b"), False
    yield "RLdata500", True, *rldata(), True
    for number in "123":
        yield f"FEBRL {number} (maker of FEBRL 4)", False, *febrl(number), True
    yield "splink fake_1000", False, *fake_1000(), True


def febrl(*files):
    """Files of FEBRL as IDENTITIES and persons, without number of social security, street, postcode and state."""
    rows, persons = [], []
    for name in files:
        with (SHARED / "febrl" / f"dataset{name}.csv").open() as file:
            for number, row in enumerate(csv.DictReader(file, skipinitialspace=True)):
                born = row["date_of_birth"]
                birth = f"{born[:4]}-{born[4:6]}-{born[6:]}" if born else None
                rows.append(identity(name, number, row["given_name"], row["surname"], birth, row["suburb"]))
                persons.append(int(row["rec_id"].split("-")[1]))
    return pa.Table.from_pylist(rows, schema=IDENTITIES), np.array(persons)


def rldata():
    """RLdata500 as IDENTITIES and persons."""
    rows, persons = [], []
    with (SHARED / "rldata500.csv").open() as file:
        for number, row in enumerate(csv.DictReader(file)):
            given = " ".join(row[name] for name in ("fname_c1", "fname_c2") if row[name] not in ("", "NA"))
            family = " ".join(row[name] for name in ("lname_c1", "lname_c2") if row[name] not in ("", "NA"))
            born = f"{int(row['by']):04d}-{int(row['bm']):02d}-{int(row['bd']):02d}"
            rows.append(identity("a", number, given, family, born, None))
            persons.append(int(float(row["identity"])))
    return pa.Table.from_pylist(rows, schema=IDENTITIES), np.array(persons)


def fake_1000():
    """Splink's fake_1000 as IDENTITIES and persons, without the address of electronic mail."""
    rows, persons = [], []
    with (SHARED / "splink_fake_1000.csv").open() as file:
        for number, row in enumerate(csv.DictReader(file)):
            rows.append(identity("a", number, row["first_name"], row["surname"], row["dob"] or None, row["city"]))
            persons.append(int(row["cluster"]))
    return pa.Table.from_pylist(rows, schema=IDENTITIES), np.array(persons)


def name_pairs():
    """Labelled pairs of names of persons of OpenSanctions: best F1 by Dice of the encodings of names alone."""
    with (SHARED / "opensanctions_name_pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["schema"] == "Person"]
    names = [name for row in rows for name in (row["name1"], row["name2"])]
    table = [
        {"list": "a", "record_id": str(place), "source_row": place + 2, "full_name": name}
        for place, name in enumerate(names)
    ]
    bits, _ = encoded(prepare_table(pa.Table.from_pylist(table, schema=IDENTITIES)), Parameters())
    left, right = bits[0::2], bits[1::2]
    shared, total = (np.bitwise_count(left & right).sum(axis=1), np.bitwise_count(np.hstack([left, right])).sum(axis=1))
    same = np.array([row["is_match"] == "true" for row in rows])
    row = curve(2 * shared / np.maximum(total, 1), same, int(same.sum()))
    write(
        f"OpenSanctions name pairs: {len(rows)} pairs, {same.sum()} true; best F1 {row['f1']:.3f} "
        f"(P {row['p']:.3f} R {row['r']:.3f} at Dice {row['at']:.3f}); always yes: "
        f"{2 * same.mean() / (1 + same.mean()):.3f}"
    )


def score_outside():
    """In-sample and held-out sets, apart."""
    for tuned in (True, False):
        write("IN SAMPLE: weights by field were tuned on these" if tuned else "HELD OUT: never looked at when tuning")
        for name, was_tuned, table, persons, within in outside_sets():
            if was_tuned is tuned:
                write(name)
                score(prepare_table(table), persons, Parameters(), within)
    name_pairs()


def identity(name, number, given, family, birth, place):
    """One row of IDENTITIES."""
    return {
        "list": name,
        "record_id": str(number),
        "source_row": number + 2,
        "given_name": given or None,
        "family_name": family or None,
        "birth_date": birth,
        "place": place or None,
    }


def attacks(prepared):
    """The self-test and its weak builds, and the other hardenings."""
    for line in self_test(prepared, KEY, Parameters()).lines():
        write(line)
    for hardening, flip in (("fold", 0.0), ("blip", 0.02), ("blip", 0.05), ("balance", 0.0)):
        parameters = Parameters(hardening=hardening, flip=flip)
        report = attack(encoded(prepared, parameters)[0], prepared, parameters)
        write(f"{hardening} {flip or ''}: {report.lines()[-1]}")


def write(text):
    """One line of the report."""
    sys.stdout.write(text + "\n")


def main():
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--sets", action="store_true")
    parser.add_argument("--hardenings", action="store_true")
    parser.add_argument("--attack", action="store_true")
    parser.add_argument("--prepared", type=Path, help="prepared records with a column person (linkage_clear.py --keep)")
    asked = parser.parse_args()
    if asked.sets:
        score_outside()
        return
    if asked.prepared:
        records = pq.read_table(asked.prepared)
        records = records.filter(pc.is_valid(records["person"]))
        persons = records["person"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
        write(f"{records.num_rows:,} records of {asked.prepared.name}")
        score(records.drop_columns(["person"]), persons, Parameters(), False)
        return
    table, persons = made_up(asked.records)
    start = process_time()
    prepared = prepare_table(table)
    write(f"{prepared.num_rows:,} records in {len(LISTS)} lists, prepared in {process_time() - start:.1f} s CPU")
    if asked.attack:
        attacks(prepared)
        return
    for hardening in HARDENINGS if asked.hardenings else ("diffusion",):
        for flip in (0.0, 0.02, 0.05) if hardening == "blip" else (0.0,):
            write(f"{hardening} {flip or ''}")
            score(prepared, persons, Parameters(hardening=hardening, flip=flip), False)


if __name__ == "__main__":
    main()
