"""How long SDMX messages take: a made-up release of many observations, in every format, and pysdmx on the same rows.

    python benchmarks/sdmx_writing.py [OBSERVATIONS] [--peer ROWS]

Prints seconds until the service is open, until the first byte and until the last, size, and peak memory. The decision a
reader would question: pysdmx is given fewer rows (100,000), as it holds the whole message as text; its time grows with
the rows.
"""

import argparse
import resource
import time
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
from pysdmx.io import get_datasets, write_sdmx
from pysdmx.io.format import Format

from palermo.codes import areas
from palermo.release.schema import RELEASED
from palermo.report.reading import Release
from palermo.report.sdmx import Request, Service, open_service

NOW = datetime(2024, 1, 1, tzinfo=UTC)
PATH = "data/dataflow/PALERMO/DF_TIP/1.0"
QUERIES = (
    "format=csv", "format=json", "format=xml", "format=xml&dimensionAtObservation=AllDimensions",
    "format=structurespecificdata", "format=genericdata",
)  # fmt: skip
SMALL = (
    (f"{PATH}/A.DEU", "c[SEX]=F&c[TIME_PERIOD]=ge:2010+le:2012&format=csv"),
    ("availability/dataflow/PALERMO/DF_TIP/1.0/A.DEU", "mode=available"),
)
FORMS = (
    "_T",
    "_U",
    "sexual",
    "forced_labour",
    "begging",
    "other",
    "organ_removal",
    "slavery",
    "armed_groups",
    "surrogacy",
)
CODES = {
    "ref_area": [area.code for area in areas.countries()][:200],
    "time_period": [str(year) for year in range(2003, 2023)],
    "sex": ["_T", "F", "M", "_U", "O"],
    "age": ["_T", "Y0T17", "Y_GE18", "_U", "Y9T17"],
    "form": FORMS,
}


def made_up(rows: int) -> Release:
    """A release of so many observations, at most a million, one in a hundred hidden."""
    place = np.arange(rows)
    columns = {name: pa.repeat("_T", rows) for name in ("citizenship", "counterpart_area", "reach", "list", "band")}
    for name, codes in reversed(CODES.items()):
        columns[name] = pa.array(list(codes)).take(pa.array(place % len(codes)))
        place = place // len(codes)
    number = np.random.default_rng(1).integers(0, 500, rows).astype(float)
    hidden = number < 5
    columns |= {
        "indicator": pa.repeat("victims_by_form_sex_age", rows), "measure": pa.repeat("victims_detected", rows),
        "unit": pa.repeat("PERSON", rows), "kind": pa.repeat("detected", rows),
        "value": pa.array(number, mask=hidden), "lower": pa.array(np.where(hidden, 0, number)),
        "upper": pa.array(np.where(hidden, 9, number)), "obs_status": pa.array(np.where(hidden, "Q", "A")),
        "conf_status": pa.array(np.where(hidden, "C", "F")),
        "receipt_id": pa.array([f"{one:016x}" for one in range(rows)]),
    }  # fmt: skip
    cube = pa.table({field.name: columns[field.name] for field in RELEASED}, schema=RELEASED)
    return Release("0" * 16, cube, {}, {"years": [2003, 2022], "made_up": True})


def timed(service: Service, path: str, query: str) -> tuple[float, float, int]:
    """Seconds to the first and to the last byte, and the size."""
    start = time.perf_counter()
    pieces = iter(service.answer(Request(path, query, prepared=NOW)).body)
    size = len(next(pieces))
    first = time.perf_counter() - start
    size += sum(len(piece) for piece in pieces)
    return first, time.perf_counter() - start, size


def peer(rows: int) -> None:
    """What pysdmx takes to write the same observations, read from our own message."""
    service = open_service(made_up(rows))
    asked = ((PATH, "format=csv"), ("structure/dataflow/PALERMO/DF_TIP", "references=all&format=xml"))
    answers = (service.answer(Request(path, query, prepared=NOW)) for path, query in asked)
    bodies = [b"".join(answer.body).decode() for answer in answers]
    found = get_datasets(*bodies)[0]
    for name, form in (("csv", Format.DATA_SDMX_CSV_2_0_0), ("xml", Format.DATA_SDMX_ML_3_0)):
        start = time.perf_counter()
        write_sdmx(found, form)
        theirs = time.perf_counter() - start
        ours = timed(service, PATH, f"format={name}&dimensionAtObservation=AllDimensions")[1]
        print(f"{rows:,} rows, {name}: pysdmx {theirs:.2f} s, Palermo {ours:.2f} s")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--peer", type=int, default=100_000)
    asked = parser.parse_args()
    release = made_up(asked.rows)
    start = time.perf_counter()
    service = open_service(release)
    print(f"{asked.rows:,} observations: open in {time.perf_counter() - start:.1f} s")
    for query in QUERIES:
        first, last, size = timed(service, PATH, query)
        print(f"{query}: first byte {first:.2f} s, last {last:.2f} s, {size / 1e6:.0f} MB")
    for path, query in SMALL:
        timed(service, path, query)
        print(f"{path}?{query}: {timed(service, path, query)[1]:.3f} s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    if asked.peer:
        peer(asked.peer)


if __name__ == "__main__":
    main()
