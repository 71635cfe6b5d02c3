"""How long the first reader of each kind of page waits: `python benchmarks/portal_cold.py RELEASES [--lang en]`.

Each page is asked of a process that has made nothing yet but the shelf: a fork of one that has just started, so that
pages do not warm each other. Time is CPU time of that process, the least of two forks, so that a loaded machine does
not count; memory is the resident set of the first process, once it has answered all of them in turn.
"""

import argparse
import os
import pickle
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from palermo.portal.serving import prepared

FORKS = 2
WORLD = "WLD"
MEGABYTE = 1024**2


def in_fork(work: Callable[[], Any]) -> Any:
    """What ``work`` gives in a process of its own."""
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        os.close(reads)
        with os.fdopen(writes, "wb") as pipe:
            pickle.dump(work(), pipe)
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        told = pickle.load(pipe)
    os.waitpid(child, 0)
    return told


def resident() -> float:
    """Megabytes that this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def asked(address: str) -> tuple[float, int, int]:
    """CPU seconds, status and bytes of one page."""
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    before = time.process_time()
    answer = client.get(address)
    size = len(answer.getvalue())
    return time.process_time() - before, answer.status_code, size


def addresses(language: str, country: str, region: str) -> Mapping[str, str]:
    """One page of each kind, and every figure of the release's own area."""
    from palermo.language import speaking
    from palermo.portal.places import cubes, sections, shelf
    from palermo.report.account import last_period

    latest = shelf().latest
    area, period = latest.area, last_period(latest)
    with speaking(language):
        ids = [one.id for *_, group in sections(latest, area, period) for one in group]
    receipt = latest.cube["receipt_id"][0].as_py()
    cube = next(iter(cubes(latest)))
    told = {
        "home": "", "figures": "figures/", "areas": "areas/", f"area {area}": f"areas/{area}/",
        f"area {country}": f"areas/{country}/", f"region {region}": f"regions/{region}/",
        f"year {area}": f"areas/{area}/{period}/", f"year {country}": f"areas/{country}/{period}/",
        "explorer": "explore/", "one view": f"explore/{cube}/", "definitions": "definitions/", "releases": "releases/",
        "release": f"releases/{latest.id}/", "receipt": f"receipts/{receipt}/", "search": "search/?q=Italy",
        "sitemap": "../sitemap.xml",
    }  # fmt: skip
    told |= {f"figure {one} {area}": f"areas/{area}/{period}/figures/{one}/" for one in ids}
    told |= {f"figure {one} {country}": f"areas/{country}/{period}/figures/{one}/" for one in ("P1", "S1")}
    return {kind: f"/{language}/{page}".replace(f"/{language}/../", "/") for kind, page in told.items()}


def main() -> None:
    """Print CPU seconds and kilobytes of each kind of page, then the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="+", type=Path)
    parser.add_argument("--lang", default="en")
    parser.add_argument("--country", default="ITA")
    parser.add_argument("--region", default="150")
    told = parser.parse_args()
    prepared(told.places, drafts=True, hosts=["localhost"], map_file=None)
    started = time.process_time()  # imports as well
    pages = in_fork(lambda: addresses(told.lang, told.country, told.region))
    print(f"{'page':<24} {'CPU s':>7} {'status':>6} {'kB':>7}")
    print(f"{'start':<24} {started:7.2f}")
    for kind, address in pages.items():
        answers = [in_fork(lambda address=address: asked(address)) for _ in range(FORKS)]
        seconds, status, size = min(answers)
        print(f"{kind:<24} {seconds:7.2f} {status:>6} {size / 1000:7.1f}")
    print(f"memory after the start: {resident():.0f} MB")
    for address in pages.values():
        asked(address)
    print(f"memory after all pages: {resident():.0f} MB")


if __name__ == "__main__":
    main()
