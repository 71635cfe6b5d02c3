"""The explorer beside Datasette and Streamlit: `python benchmarks/portal.py [--readers SECONDS]`.

One made-up release of a million observations; each peer serves the same table of the same numbers (people by sex, for
one country, year, age and form) from the same machine in the same run. The peers live in environments of their own:

    python3 -m venv /tmp/peers/web && /tmp/peers/web/bin/pip install datasette streamlit duckdb pandas
    python3 -m venv /tmp/peers/vega && /tmp/peers/vega/bin/pip install datasette datasette-vega

Server time: 200 different views asked one after the other by one reader, none asked before. First paint, bytes and
requests: as Chromium sees a first visit (Playwright); shown: until the chart stands, or the table where there is none.
Datasette draws nothing by itself; with datasette-vega it draws the same chart. The blank page is one word, served the
same way: no page is painted sooner. Readers: wrk, 50 connections over 400 views, where it is there.
"""

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from palermo.account.schema import DIMENSIONS
from palermo.codes import areas, code_list
from palermo.provenance import file_sha256
from palermo.release.folder import CONTENT, FORMAT, MANIFEST, id_of
from palermo.release.schema import RELEASED

PEERS = Path("/tmp/peers")
INDICATOR = "victims_by_form_sex_age"
CUBE = f"{INDICATOR}.victims_detected.PERSON"
SEXES, AGES = ("_T", "F", "M", "O", "_U"), ("_T", "Y_GE18", "Y0T17", "_U")
YEARS = tuple(str(year) for year in range(2003, 2023))
FORMS = ("_T", *(code.id for code in code_list("form") if not code.id.startswith("_")))[:13]
COUNTRIES = tuple(area.code for area in areas.countries())[:192]
PORTS = {"palermo": 8311, "datasette": 8312, "vega": 8313, "streamlit": 8314, "blank": 8315}
PROGRAMS = {"datasette": "web/bin/datasette", "vega": "vega/bin/datasette", "streamlit": "web/bin/streamlit"}
SHOWN = {"palermo": "svg.drawing", "datasette": "table", "vega": "canvas", "streamlit": "canvas", "blank": "p"}
CHART = "#g.mark=bar&g.x_column=sex&g.x_type=ordinal&g.y_column=value&g.y_type=quantitative"
ASKED = ("palermo", "datasette")  # whose answer is the page; the others send a program that fetches it
VIEWS = 200
HEADINGS = ("start s", "p50 ms", "p95 ms", "paint ms", "shown ms", "kB", "requests")
STREAMLIT = """
import duckdb, pandas, streamlit
asked = streamlit.query_params
rows = duckdb.sql("select sex, value from read_parquet('{cube}') where ref_area = $a and time_period = $y and age = $g "
    "and form = $f", params={{"a": asked.get("a", "DEU"), "y": asked.get("y", "2022"), "g": asked.get("g", "_T"),
    "f": asked.get("f", "_T")}}).df()
streamlit.title("Detected victims by sex")
streamlit.bar_chart(rows, x="sex", y="value")
streamlit.dataframe(rows)
"""


def release_of(home: Path) -> Path:
    """A frozen, approved release of made-up numbers: every country, year, sex, age and form."""
    keys = np.array(list(product(COUNTRIES, YEARS, SEXES, AGES, FORMS)), dtype=object)
    values = np.random.default_rng(1).integers(5, 5_000, len(keys)).astype(float)
    part = home / "part"
    part.mkdir()
    varying = dict(zip(("ref_area", "time_period", "sex", "age", "form"), keys.T, strict=True))
    fixed = {"indicator": INDICATOR, "measure": "victims_detected", "unit": "PERSON", "kind": "detected",
             "obs_status": "A", "conf_status": "F"}  # fmt: skip
    columns = {name: np.full(len(keys), "_T", object) for name in DIMENSIONS} | varying
    columns |= {name: np.full(len(keys), text, object) for name, text in fixed.items()}
    columns |= {"value": values, "lower": values, "upper": values}
    columns["receipt_id"] = np.array([f"{number:016x}" for number in range(len(keys))], object)
    table = pa.table({field.name: pa.array(columns[field.name], field.type) for field in RELEASED})
    pq.write_table(table, part / "cube.parquet")
    pa_csv.write_csv(table, part / "cube.csv")
    title = {"title": "Detected victims by form of exploitation, sex and age", "words": "Made up.", "inputs": []}
    documents = {
        "receipts.json": {"indicators": {INDICATOR: title}, "inputs": []},
        "metadata.json": {"area": "DEU", "made_up": True, "years": [2003, 2022], "sources": [], "rules": {}},
        "estimates.json": {},
    }
    for name, content in documents.items():
        (part / name).write_text(json.dumps(content))
    files = {name: file_sha256(part / name) for name in CONTENT}
    standing = {"status": "approved", "made_by": "A (made up)", "approved_by": "B (made up)"}
    (part / MANIFEST).write_text(json.dumps({"format": FORMAT, "id": id_of(files), "files": files, **standing}))
    return part.rename(home / id_of(files))


def database_of(release: Path, home: Path) -> Path:
    """The same table for Datasette, with an index on what is asked for."""
    path = home / "cube.db"
    names = ("ref_area", "time_period", "sex", "age", "form", "value")
    table = pq.read_table(release / "cube.parquet", columns=list(names))
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE TABLE cube ({', '.join(names)})")
        rows = zip(*(table[name].to_pylist() for name in names), strict=True)
        database.executemany("INSERT INTO cube VALUES (?,?,?,?,?,?)", rows)
        database.execute("CREATE INDEX place ON cube (ref_area, time_period, age, form)")
    return path


def views() -> list[tuple[str, str, str, str]]:
    """Views in an order that no cache foresees: (country, year, age, form)."""
    every = list(product(COUNTRIES, YEARS, AGES, FORMS))
    chosen = np.random.default_rng(2).choice(len(every), 2 * VIEWS, replace=False)
    return [every[place] for place in chosen]


def address(peer: str, view: tuple[str, str, str, str]) -> str:
    """Where a peer shows a view."""
    area, year, age, form = view
    if peer == "palermo":
        query = f"rows=sex&ref_area={area}&time_period={year}&age={age}&form={form}"
        return f"http://127.0.0.1:{PORTS[peer]}/en/explore/{CUBE}/?{query}"
    if peer in ("datasette", "vega"):
        query = f"ref_area={area}&time_period={year}&age={age}&form={form}"
        return f"http://127.0.0.1:{PORTS[peer]}/cube/cube?{query}{CHART if peer == 'vega' else ''}"
    if peer == "blank":
        return f"http://127.0.0.1:{PORTS[peer]}/blank.html"
    return f"http://127.0.0.1:{PORTS[peer]}/?a={area}&y={year}&g={age}&f={form}"


@contextmanager
def serving(peer: str, release: Path, home: Path) -> Iterator[float]:
    """A peer until the end of the block; gives the seconds until it first answered."""
    script = home / "page.py"
    script.write_text(STREAMLIT.format(cube=release / "cube.parquet"))
    (home / "blank.html").write_text("<!doctype html><title>Blank</title><p>Blank</p>")
    program = str(PEERS / PROGRAMS.get(peer, ""))
    datasette = [program, "serve", str(home / "cube.db"), "-p", str(PORTS[peer])]
    commands = {
        "palermo": [sys.executable, "-m", "palermo", "serve", str(release), "--port", str(PORTS[peer])],
        "datasette": datasette,
        "vega": datasette,
        "streamlit": [program, "run", str(script), "--server.port", str(PORTS[peer]),
                      "--server.headless", "true", "--browser.gatherUsageStats", "false"],
        "blank": [sys.executable, "-m", "http.server", str(PORTS[peer]), "--bind", "127.0.0.1", "-d", str(home)],
    }  # fmt: skip
    environment = {**os.environ, "PALERMO_REQUESTS_PER_MINUTE": "0"}
    began = time.monotonic()
    quiet = subprocess.DEVNULL
    with subprocess.Popen(commands[peer], env=environment, stdout=quiet, stderr=quiet) as running:
        try:
            _ask(address(peer, views()[-1]), patience=120)
            yield time.monotonic() - began
        finally:
            running.terminate()


def _ask(where: str, patience: float = 0.0) -> bytes:
    end = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(where) as answer:
                return bytes(answer.read())
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def server_times(peer: str) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds, of views that nobody asked for before."""
    taken = []
    for view in views()[:VIEWS]:
        began = time.perf_counter()
        _ask(address(peer, view))
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken), statistics.quantiles(taken, n=20)[18]


def first_visit(peer: str) -> dict[str, float]:
    """First contentful paint and the numbers on screen (ms), bytes and requests of a first visit, median of five."""
    from playwright.sync_api import sync_playwright

    found: dict[str, list[float]] = {name: [] for name in ("paint", "shown", "kB", "requests")}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for view in views()[VIEWS : VIEWS + 5]:
            page = browser.new_context().new_page()
            network = page.context.new_cdp_session(page)
            network.send("Network.enable")
            sizes: list[float] = []
            network.on("Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]))
            began = time.perf_counter()
            page.goto(address(peer, view))
            page.locator(SHOWN[peer]).first.wait_for(timeout=60_000)
            found["shown"].append(1000 * (time.perf_counter() - began))
            page.wait_for_timeout(1500)
            paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1"
            found["paint"].append(page.evaluate(paint))
            found["kB"].append(sum(sizes) / 1000)
            found["requests"].append(len(sizes))
            page.context.close()
        browser.close()
    return {name: statistics.median(values) for name, values in found.items()}


def readers(seconds: int, home: Path) -> str:
    """What wrk says of 50 readers at once who ask 400 views in turn."""
    script = home / "views.lua"
    paths = ",".join(f'"{address("palermo", view).partition("8311")[2]}"' for view in views())
    script.write_text(f"local paths = {{{paths}}}\nlocal n = 0\nrequest = function() n = n % #paths + 1; "
                      'return wrk.format("GET", paths[n], {["Accept-Encoding"] = "gzip"}) end\n')  # fmt: skip
    where = f"http://127.0.0.1:{PORTS['palermo']}/"
    command = ["wrk", "-t2", "-c50", f"-d{seconds}s", "--latency", "-s", str(script), where]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--readers", type=int, default=60, help="seconds that 50 readers ask at once; 0 leaves it out")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        release = release_of(home)
        database_of(release, home)
        rows = pq.read_metadata(release / "cube.parquet").num_rows
        print(f"made-up release of {rows:,} observations\n")
        print(f"{'':10}" + "".join(f"{name:>10}" for name in HEADINGS))
        for peer in PORTS:
            if not (PEERS / PROGRAMS.get(peer, "")).exists():
                print(f"{peer:10} not installed; see the head of this file")
                continue
            with serving(peer, release, home) as start:
                times = server_times(peer) if peer in ASKED else (float("nan"), float("nan"))
                seen = first_visit(peer)
                told = (start, *times, *(seen[name] for name in ("paint", "shown", "kB", "requests")))
                print(f"{peer:10}" + "".join(f"{value:10.1f}" for value in told), flush=True)
                if peer == "palermo" and asked.readers and shutil.which("wrk"):
                    print(f"\n50 readers at once for {asked.readers} s\n{readers(asked.readers, home)}", flush=True)


if __name__ == "__main__":
    main()
