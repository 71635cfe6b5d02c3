"""The work of ``palermo synth``: read, check, make, write. The command line and other programs call this.

    make_synthetic(Path("cases.csv"), Path("open-data"), SynthesisSettings(epsilon=4, delta=1e-9))

The decision a reader would question: the errors against the true file go to a file of their own, never into the pack.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from palermo.errors import UsageError
from palermo.provenance import write_json
from palermo.release.synthetic.accuracy import confidential_accuracy
from palermo.release.synthetic.budget import check_budget
from palermo.release.synthetic.pack import check_folder, write_pack
from palermo.release.synthetic.reading import Reading, ReadOptions, read_file
from palermo.release.synthetic.settings import SynthesisSettings
from palermo.release.synthetic.synthesise import synthesise

Progress = Callable[[float, float | None, str], None] | None
Summary = dict[str, Any]


def make_synthetic(
    file: Path,
    out: Path,
    settings: SynthesisSettings,
    options: ReadOptions | None = None,
    utility: Path | None = None,
    force: bool = False,
    progress: Progress = None,
) -> Summary:
    """Make the pack in ``out`` and say what was made; errors against the true file go to ``utility`` where named."""
    check_folder(out, force)
    check_utility(utility, out)
    reading = read_file(file, options, progress)
    warnings = check_budget(settings.epsilon, settings.delta, persons(reading))
    made = synthesise(reading.data, settings, progress)
    pack = write_pack(reading, made, out, progress)
    told = {**pack.summary, "warnings": [*warnings, *reading.notices], "confidential_utility": None}
    if utility is not None:
        utility.parent.mkdir(parents=True, exist_ok=True)
        write_json(utility, confidential_accuracy(reading.data, made, settings.length))
        told["confidential_utility"] = str(utility)
    return told


def persons(reading: Reading) -> int:
    """Persons in the file: rows, or different persons where a column names them."""
    person = reading.data.person
    return reading.rows if person is None else len(np.unique(person))


def check_utility(utility: Path | None, out: Path) -> None:
    """Refuse to put the confidential report into the folder that is published. Raises ``UsageError``."""
    if utility is not None and out.resolve() in utility.resolve().parents:
        raise UsageError(
            f"--utility {utility}: inside {out}, which is published; errors against the true rows are confidential. "
            f"Name a file elsewhere"
        )
