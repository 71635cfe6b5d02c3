"""Link the test sets from outside with the one default configuration, and print how good the links are.

    python benchmarks/linkage_sets.py

The sets lie in ../shared/data/linkage and are not part of Palermo. The column "to meet" is what plain Splink 5 reached
with plain settings (README of that folder); P and R at .9 are precision and recall of the pairs at probability .9. The
last columns are the same for persons, after pairs have been joined at the threshold that the program itself suggests.
"""

import sys
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "linkage"
FEBRL = r"rec_id:rec-(\d+)"
SETS = {
    "febrl1": (("febrl/dataset1.csv",), FEBRL, None),
    "febrl2": (("febrl/dataset2.csv",), FEBRL, None),
    "febrl3": (("febrl/dataset3.csv",), FEBRL, 0.987),
    "febrl4": (("febrl/dataset4a.csv", "febrl/dataset4b.csv"), FEBRL, 0.996),
    "splink_fake_1000": (("splink_fake_1000.csv",), "cluster", 0.863),
    "rldata500": (("rldata500.csv",), "identity", None),
}


def main() -> None:
    from palermo.linkage.plain import link_plain
    from palermo.linkage.plain_file import PlainOptions

    if not FOLDER.exists():
        sys.exit(f"{FOLDER}: the test sets are not here")
    print(
        "| set | best F1 | to meet | P | R | threshold | P at .9 | R at .9 | kept | persons F1 | persons (true) | s |"
    )
    print("| --- " * 12 + "|")
    for name, (files, truth, anchor) in SETS.items():
        start = time.perf_counter()
        result = link_plain([FOLDER / file for file in files], PlainOptions(truth=truth))
        seconds = time.perf_counter() - start
        score, persons = result.score, result.person_score
        kept = min((one.kept for one in result.linked.kept), default=1.0)
        print(
            f"| {name} | {score.best_f1:.4f} | {anchor or ''} | {score.precision:.3f} | {score.recall:.3f} "
            f"| {score.threshold:.3f} | {score.precision_at_90:.3f} | {score.recall_at_90:.3f} | {kept:.4f} "
            f"| {persons['f1']:.4f} | {persons['persons']:,.0f} ({persons['persons_true']:,.0f}) | {seconds:.0f} |"
        )


if __name__ == "__main__":
    main()
