"""What the attacker finds in published tables and in ours, and its time: `python benchmarks/release_attacks.py`.

Lines: the UNODC workbook as published (small cells of detected victims that follow by one subtraction along sex and
age), the same by all sums at once, the noise audit with the build as it is and with half the noise, open case data of
the public extract of 2020 (G20), and the search of two thousand strings. Files of `../shared/data` are skipped, saying
so, where they are absent.
"""

import sys
import tempfile
import time
from pathlib import Path

import unodc_workbook

from palermo.release.attack import noise_audit as audit
from palermo.release.attack.long_table import read_table
from palermo.release.attack.reconstruction import groups_of, shares
from palermo.release.attack.suite import Against, attack
from palermo.release.synthetic import measure as counter
from palermo.release.synthetic.discrete_gaussian import draws
from palermo.release.synthetic.settings import SynthesisSettings

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
EXTRACT = DATA / "ctdc-kanon-2020-extract" / "dados_app.csv.gz"


def line(what, found, started):
    """One line of the table."""
    print(f"| {what} | {found} | {time.process_time() - started:.1f} |", flush=True)


def unodc():
    """Small cells of detected victims that follow by one subtraction, as the notes count them; then all sums."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workbook.csv"
        unodc_workbook.write(path)
        started = time.process_time()
        table = read_table(path)
        place = table.dimensions.index("Indicator")
        victims = table.labels[place].index("Detected trafficking victims")
        groups = [group for group in groups_of(table, {}) if table.codes[group.whole, place] == victims]
        for name, (followed, hidden) in shares(table, groups).items():
            found = f"{followed:,} of {hidden:,} ({followed / hidden:.0%})"
            line(f"UNODC: small {name.lower()} cells with a total that follow by one subtraction", found, started)
        started = time.process_time()
        for outcome in attack([path]).outcomes:
            if outcome.ran:
                found = f"{len(outcome.findings):,} of {outcome.tried:,}"
                line(f"UNODC, whole workbook: {outcome.attack}", found, started)


def noise():
    """The noise audit at two numbers of runs, for this build and one with half the noise."""
    for runs in (400, 10_000):
        started = time.process_time()
        sound = audit.audit_counter(runs=runs)
        line(f"noise audit, {runs:,} runs: epsilon claimed / proved lost", f"8 / {sound.proved:.2f}", started)
    kept, started = counter.draws, time.process_time()
    counter.draws = lambda variance, number, randomness: draws(variance / 4, number, randomness)
    try:
        line("the same, half the noise, 400 runs", f"8 / {audit.audit_counter(runs=400).proved:.2f}", started)
    finally:
        counter.draws = kept


def open_data(folder):
    """A pack of G20 at epsilon 4, attacked with half of the file as the holdout; and the true rows in its place."""
    import synthetic_files

    from palermo.release.synthetic.reading import ReadOptions
    from palermo.synth_work import make_synthetic

    synthetic_files.make("G20", folder)
    lines = (folder / "G20.csv").read_text(encoding="utf-8").splitlines()
    for name, some in (("true.csv", lines[1::2]), ("held.csv", lines[2::2])):
        (folder / name).write_text("\n".join([lines[0], *some]) + "\n", encoding="utf-8")
    pack = folder / "pack"
    make_synthetic(folder / "true.csv", pack, SynthesisSettings(4.0, 1e-9), ReadOptions(unknown="drop"))
    started = time.process_time()
    against = Against(folder / "true.csv", folder / "held.csv")
    for outcome in attack([pack], against).outcomes:
        if outcome.ran:
            line(f"G20 pack: {outcome.attack}", f"{len(outcome.findings)}: {outcome.words}", started)
    strings = folder / "strings.txt"
    strings.write_text("\n".join(f"MADEUP-{one:06d}" for one in range(2000)), encoding="utf-8")
    started = time.process_time()
    (searched,) = [one for one in attack([pack], Against(search=strings)).outcomes if one.attack == "search"]
    line("search in the G20 pack", f"{len(searched.findings)}: {searched.tried:,} {searched.words}", started)


def main():
    """Print the table."""
    print("| what | found | CPU s |\n|---|---|---|")
    noise()
    if unodc_workbook.WORKBOOK.exists():
        unodc()
    else:
        print(f"skipped: {unodc_workbook.WORKBOOK} is not here", file=sys.stderr)
    if EXTRACT.exists():
        with tempfile.TemporaryDirectory() as name:
            open_data(Path(name))
    else:
        print(f"skipped: {EXTRACT} is not here", file=sys.stderr)


if __name__ == "__main__":
    main()
