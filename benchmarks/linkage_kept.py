"""The share of true pairs that blocking kept, as estimated without the truth, beside the true one, by pair of lists.

    python benchmarks/linkage_kept.py                                # the FEBRL sets
    python benchmarks/linkage_kept.py FOLDER/records-20000.parquet   # and the demo country

Files of the demo country are made by ``benchmarks/linkage_clear.py 20000 --keep FOLDER``. "limits" are those of 95 %
with chance in them, so that the share of these very lists should lie between them in 19 of 20 cases.
"""

import sys
from pathlib import Path

from linkage_sets import FOLDER, SETS

FEBRL = ("febrl1", "febrl2", "febrl3", "febrl4")


def main() -> None:
    print("| records | lists | true pairs | kept | estimated | limits | |")
    print("| --- " * 7 + "|")
    held = [row for name in FEBRL for row in shares(name, *of_set(name))] if FOLDER.exists() else []
    held += [row for file in sys.argv[1:] for row in shares(Path(file).stem, *of_country(Path(file)))]
    print(f"\n{sum(held)} of {len(held)} limits hold the true share")


def of_set(name):
    import pyarrow as pa

    from palermo.linkage.plain_file import PlainOptions, prepared_records, read_file

    files, truth, _ = SETS[name]
    read = [read_file(FOLDER / file, Path(file).stem, PlainOptions(truth=truth)) for file in files]
    return prepared_records(read), pa.concat_arrays([one.truth for one in read])


def of_country(file):
    import pyarrow.parquet as pq

    records = pq.read_table(file)
    return records.drop_columns(["person"]), records["person"]


def shares(name, records, person):
    from palermo.linkage.clear import link_table

    true = true_shares(records, person)
    held = []
    for one in link_table(records).kept:
        pairs, share = true.get((one.list_a, one.list_b), (0, 0.0))
        if not pairs:
            continue
        held.append(one.lower <= share <= one.upper)
        print(
            f"| {name} | {one.list_a}, {one.list_b} | {pairs:,} | {share:.4f} | {one.kept:.4f} "
            f"| {one.lower:.4f} to {one.upper:.4f} | {'' if held[-1] else 'missed'} |",
            flush=True,
        )
    return held


def true_shares(records, person):
    """True pairs and the share of them that some rule finds, by pair of lists."""
    import duckdb
    import pyarrow as pa

    from palermo.linkage.blocking import RECORDS, add_keys
    from palermo.linkage.clear import limit_of, load
    from palermo.linkage.settings import LinkOptions

    with duckdb.connect() as connection:
        columns = load(connection, records, LinkOptions())
        blocking = add_keys(connection, columns, limit_of(records.num_rows, LinkOptions()))
        connection.register("palermo_truth", pa.table({"row_id": records["row_id"], "person": person}))
        rules = range(len(blocking.counts))
        found = " OR ".join(f"a.key_{rule} = b.key_{rule}" for rule in rules) or "true"
        rows = connection.execute(
            f"WITH known AS (SELECT * FROM {RECORDS} JOIN palermo_truth USING (row_id)) "
            "SELECT least(a.list, b.list), greatest(a.list, b.list), count(*), "
            f"avg(coalesce({found}, false)::INTEGER) FROM known a JOIN known b "
            "ON a.person = b.person AND a.row_id < b.row_id GROUP BY 1, 2"
        ).fetchall()
    return {(one, two): (pairs, share) for one, two, pairs, share in rows}


if __name__ == "__main__":
    main()
