"""What someone who knows persons of a list reads from its encodings: known plaintext and graph matching, by hardening.

    .venv/bin/python benchmarks/linkage_attacks.py                    made-up list of 1,000 records
    .venv/bin/python benchmarks/linkage_attacks.py --prepared /tmp/made/records-20000.parquet      the demo country
    .venv/bin/python benchmarks/linkage_attacks.py --febrl            FEBRL 4, an outside set
    .venv/bin/python benchmarks/linkage_attacks.py --other-list ...   he holds another list, with other spellings

Each figure is the share of the records tried (those whose encoding he does not know) that he names. A cell with two
figures is known pairs alone / with graph. ``--other-list``: records whose person is in his list; ``right`` means the
person.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import linkage_encodings as sets
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from palermo.linkage.encoding.attack_insider import MOST, OWN_KEY
from palermo.linkage.encoding.attack_likeness import by_graph, by_graph_alone, by_known_pairs, likeness
from palermo.linkage.encoding.encode import Encoder
from palermo.linkage.encoding.parameters import Parameters
from palermo.linkage.prepare import prepare_table

DEFAULT = Parameters()
BUILDS = {
    "no hardening": replace(DEFAULT, hardening="none"),
    "fold": replace(DEFAULT, hardening="fold"),
    "balance": replace(DEFAULT, hardening="balance"),
    "blip 5 %": replace(DEFAULT, hardening="blip", flip=0.05),
    "diffusion (default)": DEFAULT,
    "diffusion, flip 5 %": replace(DEFAULT, flip=0.05),
}
KNOWN = (10, 20, 50, 100, 200)


def two_lists(prepared, persons, asked):
    """Encoded records and held records, each with its persons; the same records where no other list is asked for."""
    rng = np.random.default_rng(1)
    names, counts = np.unique(prepared["list"].to_numpy(zero_copy_only=False).astype(str), return_counts=True)
    ranked = names[np.argsort(-counts, kind="stable")]
    lists = prepared["list"].to_numpy(zero_copy_only=False).astype(str)
    first = np.flatnonzero(lists == ranked[0])
    if not asked.other_list:
        rows = rng.permutation(first)[: asked.most]
        return rows, rows
    second = np.flatnonzero(lists == ranked[1])
    # As much in common as the two lists have, within the size that is tried.
    chosen = rng.permutation(np.unique(persons))
    rank = np.empty(int(persons.max()) + 1, np.int64)
    rank[chosen] = np.arange(len(chosen))
    return tuple(
        np.sort(rng.permutation(side[np.argsort(rank[persons[side]])[: asked.most]])) for side in (first, second)
    )


def shares(prepared, persons, parameters, rows, held_rows):
    """Shares named: graph alone, then for each number of known pairs without and with the graph."""
    rng = np.random.default_rng(2)
    rows, held_rows = rng.permutation(rows), rng.permutation(held_rows)
    ours = prepared.take(rows)
    seen = likeness(encoded(ours, sets.KEY, parameters))
    found = [
        [
            right(
                by_graph_alone(seen, likeness(encoded(prepared.take(held_rows), OWN_KEY, parameters))),
                persons[rows],
                persons[held_rows],
                0,
            )
        ]
    ]
    for count in KNOWN:
        rest = held_rows[~np.isin(held_rows, rows[:count])]
        table = pa.concat_tables([ours.slice(0, count), prepared.take(rest)])
        held = likeness(encoded(table, OWN_KEY, parameters))
        there = np.concatenate([persons[rows[:count]], persons[rest]])
        placed = by_known_pairs(seen, held, count)
        found.append(
            [right(taken, persons[rows], there, count) for taken in (placed, by_graph(seen, held, placed, count))]
        )
    return found


def encoded(table, key, parameters):
    """The bits of the records under a key."""
    ids = [key.secret[:8] + number.to_bytes(8, "big") for number in range(table.num_rows)]
    return Encoder(key, parameters).encode(table, ids)


def right(taken, ours, theirs, known):
    """Share of the encodings after the known ones, of those whose person is held too, that are named right."""
    tried = np.arange(known, len(ours))
    tried = tried[np.isin(ours[tried], theirs)]
    guessed = tried[taken[tried] >= 0]
    return float((theirs[taken[guessed]] == ours[guessed]).sum() / max(len(tried), 1))


def records(asked):
    """Prepared records and the person of each."""
    if asked.prepared:
        table = pq.read_table(asked.prepared)
        table = table.filter(pc.is_valid(table["person"]))
        persons = table["person"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
        return table.drop_columns(["person"]), persons
    if asked.febrl:
        table, persons = sets.febrl("4a", "4b")
        return prepare_table(table), persons
    table, persons = sets.made_up(8_000)
    return prepare_table(table), persons


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prepared", type=Path)
    parser.add_argument("--febrl", action="store_true")
    parser.add_argument("--other-list", action="store_true")
    parser.add_argument("--most", type=int, default=MOST, help="records on each side")
    parser.add_argument(
        "--build", action="append", choices=list(BUILDS), help="only this build; may come more than once"
    )
    asked = parser.parse_args()
    prepared, persons = records(asked)
    rows, held_rows = two_lists(prepared, persons, asked)
    common = np.isin(persons[rows], persons[held_rows]).mean()
    sys.stdout.write(f"{len(rows):,} encodings, {len(held_rows):,} records held, {common:.0%} of the persons in both\n")
    sys.stdout.write("| build | graph alone | " + " | ".join(f"{count} pairs" for count in KNOWN) + " |\n")
    sys.stdout.write("| --- " * (len(KNOWN) + 2) + "|\n")
    for name in asked.build or BUILDS:
        parameters = BUILDS[name]
        found = shares(prepared, persons, parameters, rows, held_rows)
        cells = [" / ".join(f"{share:.0%}" for share in cell) for cell in found]
        sys.stdout.write(f"| {name} | " + " | ".join(cells) + " |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
