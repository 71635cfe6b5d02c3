"""Cost of linking in clear against the number of records, beside plain Splink on the same blocks, on the demo country.

    python benchmarks/linkage_clear.py                          # 10,000 to 200,000 records
    python benchmarks/linkage_clear.py 10000 1000000 --keep /tmp/made

Each size runs in a process of its own, so that the peak of memory is its own. "plain" is Splink 5 as its tutorial has
it: library comparisons, u from a random sample, three runs of expectation maximisation, the blocks of Palermo. All data
are made up (demo country, three scripts); scores are of pairs against the truth. CPU seconds are of all threads: on a
machine with other work, wall seconds say little.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LISTS = ("police", "shelter", "labour", "health", "immigration")
RECORDS_PER_PERSON = 0.597  # of the demo country, in the five lists that hold names
SIZES = (10_000, 30_000, 100_000, 200_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--keep", type=Path, help="folder in which the made-up records are kept for another run")
    parser.add_argument("--no-plain", action="store_true", help="do not run plain Splink")
    parser.add_argument("--run", nargs=2, metavar=("KIND", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        return run(*asked.run)
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.keep or Path(scratch)
        print("| records | run | wall s | CPU s | peak GB | candidate pairs | best F1 | P at .9 | R at .9 |")
        print("| --- " * 9 + "|")
        for size in asked.sizes:
            made = folder / f"records-{size}.parquet"
            if not made.exists():
                make(size, folder, made)
            for kind in ("palermo",) if asked.no_plain else ("palermo", "plain"):
                command = [sys.executable, __file__, "--run", kind, str(made)]
                row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                print(
                    f"| {row['records']:,} | {kind} | {row['wall']:.0f} | {row['cpu']:.0f} | {row['peak']:.2f} "
                    f"| {row['candidates']:,} | {row['f1']:.3f} | {row['p90']:.3f} | {row['r90']:.3f} |",
                    flush=True,
                )
    return None


def make(size: int, folder: Path, made: Path) -> None:
    """Prepared records of the demo country with the person behind each, about ``size`` of them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from palermo.demo.country import build_demo
    from palermo.linkage.plain_file import PlainOptions, prepared_records, read_file

    country = folder / f"country-{size}"
    build_demo(country, 1, round(size / RECORDS_PER_PERSON))
    options = PlainOptions(encoding="cp1251")
    files = [read_file(next((country / "lists").glob(f"made-up-{name}.*")), name, options) for name in LISTS]
    truth = pq.read_table(next((country / "truth").glob("*truth-records.parquet")))
    person = {
        (name, record): str(number)
        for name, record, number in zip(*(truth[c].to_pylist() for c in ("list", "record_id", "person")), strict=True)
    }
    known = [person.get((file.name, record)) for file in files for record in file.table.column(0).to_pylist()]
    records = prepared_records(files).append_column("person", pa.array(known, pa.string()))
    pq.write_table(records, made)


def run(kind: str, file: str) -> None:
    import pyarrow.parquet as pq

    from palermo.linkage.scoring import score_pairs

    records = pq.read_table(file)
    truth = records.select(["row_id", "person"])
    records = records.drop_columns(["person"])
    wall, cpu = time.perf_counter(), time.process_time()
    pairs, candidates = (palermo_pairs if kind == "palermo" else plain_pairs)(records)
    row = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    score = score_pairs(pairs, truth)
    row |= {"records": records.num_rows, "peak": peak, "candidates": candidates, "f1": score.best_f1}
    print(json.dumps(row | {"p90": score.precision_at_90, "r90": score.recall_at_90}))


def palermo_pairs(records):
    from palermo.linkage.clear import link_table

    linked = link_table(records)
    return linked.pairs, linked.candidates


def plain_pairs(records):
    """Splink by itself, on the blocks of Palermo."""
    import logging

    import duckdb
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    from palermo.linkage.blocking import RECORDS, add_keys, conditions
    from palermo.linkage.clear import limit_of, load
    from palermo.linkage.settings import LinkOptions

    with duckdb.connect(config={"preserve_insertion_order": False}) as connection:
        options = LinkOptions()
        columns = load(connection, records, options)
        blocking = add_keys(connection, columns, limit_of(records.num_rows, options))
        settings = SettingsCreator(
            link_type="dedupe_only",
            unique_id_column_name="row_id",
            comparisons=[
                cl.NameComparison("given").configure(term_frequency_adjustments=True),
                cl.NameComparison("family").configure(term_frequency_adjustments=True),
                cl.DateOfBirthComparison("birth_date", input_is_string=True),
                cl.LevenshteinAtThresholds("place", [1, 2]).configure(term_frequency_adjustments=True),
                cl.ExactMatch("sex"),
            ],
            blocking_rules_to_generate_predictions=list(conditions(blocking, unique=False, fresh=False)),
            retain_matching_columns=False,
        )
        linker = Linker(DuckDBAPI(connection).register(RECORDS), settings, log_level=logging.ERROR)
        training = linker.training
        training.estimate_u_using_random_sampling(options.sample_pairs, seed=1)
        for block in (("birth_date", "place"), ("given", "family", "place"), ("given", "family", "birth_date")):
            training.estimate_parameters_using_expectation_maximisation(
                block_on(*block), estimate_without_term_frequencies=True
            )
        predicted = linker.inference.predict(warning_mode="never")
        candidates = connection.execute(f"SELECT count(*) FROM {predicted.physical_name}").fetchall()[0][0]
        pairs = connection.sql(
            'SELECT row_id_l AS "left", row_id_r AS "right", match_weight AS weight, match_probability AS probability '
            f"FROM {predicted.physical_name} WHERE match_weight >= {options.least_weight} ORDER BY 1, 2"
        ).to_arrow_table()
        return pairs, candidates


if __name__ == "__main__":
    main()
