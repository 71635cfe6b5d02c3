"""Names in front of pairs that nobody here wrote, names of the demo country across scripts, time for 200,000 records.

    .venv/bin/python benchmarks/linkage_names.py [RECORDS]

The public pairs are the guard: a change that helps only on the demo country's names is a change to our own generator.
Reads ``../shared/data/linkage``; prints one table.
"""

import csv
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler
from scipy.stats import rankdata

from palermo.demo.names import Names, draw_names, variants, written
from palermo.intake.schema import IDENTITIES
from palermo.linkage.names.romanise import romanise
from palermo.linkage.names.similarity import name_similarities
from palermo.linkage.names.skeleton import skeleton
from palermo.linkage.prepare import prepare_table

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "linkage"
SCRIPT_PAIRS = (("latin", "arabic"), ("latin", "cyrillic"), ("arabic", "cyrillic"))
Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Pairs(NamedTuple):
    """Pairs of names with the truth."""

    left: list[str]
    right: list[str]
    same: Flags


def name_pairs(path: Path = SHARED / "opensanctions_name_pairs.csv") -> Pairs:
    """The labelled pairs of persons' names of OpenSanctions."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["schema"] == "Person"]
    same = np.array([row["is_match"] == "true" for row in rows])
    return Pairs([row["name1"] for row in rows], [row["name2"] for row in rows], same)


def entity_pairs(path: Path = SHARED / "opensanctions_entity_pairs.yml") -> Pairs:
    """The labelled pairs of persons of the second file (names alone: it holds no dates of birth)."""
    blocks = path.read_text(encoding="utf-8").split("- match: ")[1:]
    found = [(block.startswith("true"), *_both_names(block)) for block in blocks if "schema: Person" in block]
    full = [(same, left, right) for same, left, right in found if left and right]
    return Pairs([row[1] for row in full], [row[2] for row in full], np.array([row[0] for row in full]))


def _both_names(block: str) -> tuple[str, str]:
    query, _, candidate = block.partition("candidate:")
    return _name(query), _name(candidate)


def _name(text: str) -> str:
    fields = dict(line.strip().split(": ", 1) for line in text.splitlines() if ": " in line)
    parts = [fields.get(key, "") for key in ("firstName", "middleName", "fatherName", "lastName")]
    return (fields.get("name") or " ".join(part for part in parts if part)).strip("\"'")


def demo_pairs(persons: int = 4000, seed: int = 7) -> Pairs:
    """Pairs across scripts: each person against herself, and against another with the same given name or beginning."""
    rng = np.random.default_rng(seed)
    names = draw_names(rng, persons)
    alike: dict[tuple[int, int], list[int]] = {}
    for person in range(persons):
        alike.setdefault((int(names.given[person][0]), int(names.family[person][0])), []).append(person)
    rows = list(_demo_rows(names, alike, rng))
    return Pairs([row[0] for row in rows], [row[1] for row in rows], np.array([row[2] for row in rows]))


def _demo_rows(
    names: Names, alike: dict[tuple[int, int], list[int]], rng: np.random.Generator
) -> Iterator[tuple[str, str, bool]]:
    for person in range(len(names.given)):
        group = alike[int(names.given[person][0]), int(names.family[person][0])]
        other = group[int(rng.random() * len(group))]
        one, two = SCRIPT_PAIRS[person % len(SCRIPT_PAIRS)]
        for second in (person, other):
            how = variants(rng.random(2))
            same = bool(
                (names.given[person] == names.given[second]).all()
                and (names.family[person] == names.family[second]).all()
            )
            if second == person or not same:
                yield (
                    written(names, person, one, how[0], rng.random()),
                    written(names, second, two, how[1], rng.random()),
                    same,
                )


def jaro_winkler(pairs: Pairs) -> Scores:
    """The plain way: Jaro-Winkler of the sorted words, romanised."""
    return np.array(
        [_of_sorted(romanise(one), romanise(two)) for one, two in zip(pairs.left, pairs.right, strict=True)]
    )


def skeletons(pairs: Pairs) -> Scores:
    """Jaro-Winkler of the sorted skeletons."""
    both = zip(pairs.left, pairs.right, strict=True)
    return np.array([_of_sorted(skeleton(romanise(one)), skeleton(romanise(two))) for one, two in both])


def _of_sorted(one: str, two: str) -> float:
    return JaroWinkler.similarity(" ".join(sorted(one.split())), " ".join(sorted(two.split())))


def ours(pairs: Pairs) -> Scores:
    """The similarity of ``palermo.linkage.names``."""
    return name_similarities(pairs.left, pairs.right)


def auc(scores: Scores, same: Flags) -> float:
    """Probability that a true pair scores above a false one."""
    ranks = rankdata(scores)
    true = int(same.sum())
    return float((ranks[same].sum() - true * (true + 1) / 2) / (true * (len(same) - true)))


def _curve(scores: Scores, same: Flags) -> tuple[Scores, Scores, Scores]:
    """(thresholds, precision, recall) at each distinct score."""
    order = np.argsort(-scores, kind="stable")
    last = np.append(scores[order][1:] != scores[order][:-1], True)
    hits = np.cumsum(same[order])[last]
    return scores[order][last], hits / (np.flatnonzero(last) + 1), hits / same.sum()


def best_f1(scores: Scores, same: Flags) -> float:
    """F1 at the best threshold, chosen with the truth."""
    _, precision, recall = _curve(scores, same)
    return float((2 * precision * recall / np.maximum(precision + recall, 1e-12)).max())


def recall_at(scores: Scores, same: Flags, precision_wanted: float = 0.95) -> float:
    """The highest recall at which precision is at least as wanted."""
    _, precision, recall = _curve(scores, same)
    reached = recall[precision >= precision_wanted]
    return float(reached.max()) if len(reached) else 0.0


def held_out_f1(scores: Scores, same: Flags, folds: int = 10, seed: int = 1) -> float:
    """F1 over all pairs, each judged by the threshold that is best on the other folds."""
    fold = np.random.default_rng(seed).integers(0, folds, len(same))
    said = np.zeros(len(same), bool)
    for number in range(folds):
        thresholds, precision, recall = _curve(scores[fold != number], same[fold != number])
        best = thresholds[(2 * precision * recall / np.maximum(precision + recall, 1e-12)).argmax()]
        said[fold == number] = scores[fold == number] >= best
    return float(2 * (said & same).sum() / (said.sum() + same.sum()))


def identities(records: int, seed: int = 3) -> pa.Table:
    """Identity rows of five made-up lists in three scripts, with the usual kinds of birth dates."""
    rng = np.random.default_rng(seed)
    names = draw_names(rng, records // 2 + 1)
    how, where, script = variants(rng.random(records)), rng.random(records), rng.integers(0, 3, records)
    person = rng.integers(0, records // 2 + 1, records)
    day = rng.integers(1, 28, records), rng.integers(1, 13, records), rng.integers(1955, 2012, records)
    kind = rng.random(records)
    scripts = ("latin", "arabic", "cyrillic")
    whole = [
        written(names, int(person[row]), scripts[script[row]], how[row], float(where[row])) for row in range(records)
    ]
    return pa.table(
        {
            "list": pa.array([f"list {row % 5}" for row in range(records)]),
            "record_id": pa.array([str(row) for row in range(records)]),
            "source_row": pa.array(np.arange(1, records + 1)),
            "given_name": pa.array([name.split()[0] if row % 2 else None for row, name in enumerate(whole)]),
            "family_name": pa.array([name.split()[-1] if row % 2 else None for row, name in enumerate(whole)]),
            "full_name": pa.array([None if row % 2 else name for row, name in enumerate(whole)]),
            "other_names": pa.nulls(records, pa.string()),
            "birth_date": pa.array([_date(kind[row], *(int(part[row]) for part in day)) for row in range(records)]),
            "date_format": pa.nulls(records, pa.string()),
            "age": pa.array([30 if part < 0.3 else None for part in kind], pa.int16()),
            "year": pa.array(np.full(records, 2021, np.int16)),
            "sex": pa.array(["F"] * records),
            "citizenship": pa.nulls(records, pa.string()),
            "place": pa.array([f"Place {row % 300}" for row in range(records)]),
        },
        schema=IDENTITIES,
    )


def _date(kind: float, day: int, month: int, year: int) -> str | None:
    if kind < 0.15:
        return None
    if kind < 0.3:
        return str(year)
    return f"{year:04d}-{month:02d}-{day:02d}" if kind < 0.8 else f"{day:02d}/{month:02d}/{year:04d}"


def main(records: int) -> None:
    """Print the table."""
    lines = [f"{'set':24}{'method':24}{'pairs':>7}{'AUC':>7}{'best F1':>9}{'held out':>10}{'R at P.95':>11}{'s':>7}"]
    sets = (("name pairs", name_pairs()), ("entity pairs", entity_pairs()), ("demo across scripts", demo_pairs()))
    for title, pairs in sets:
        for name, method in (("Jaro-Winkler", jaro_winkler), ("skeletons", skeletons), ("Palermo", ours)):
            start = time.process_time()
            scores = method(pairs)
            seconds = time.process_time() - start
            figures = (auc(scores, pairs.same), best_f1(scores, pairs.same), held_out_f1(scores, pairs.same))
            lines.append(
                f"{title:24}{name:24}{len(pairs.same):7}{figures[0]:7.3f}{figures[1]:9.3f}{figures[2]:10.3f}"
                f"{recall_at(scores, pairs.same):11.3f}{seconds:7.2f}"
            )
    many = demo_pairs(records // 2, seed=11)
    start = time.process_time()
    ours(many)
    lines.append(f"compared {len(many.same)} pairs of names in {time.process_time() - start:.1f} CPU s")
    table = identities(records)
    start = time.process_time()
    prepare_table(table)
    lines.append(f"prepared {records} records in {time.process_time() - start:.1f} CPU s")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
