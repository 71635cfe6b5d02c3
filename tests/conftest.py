"""What holds for all tests: one thread for linear algebra, as the command sets it, settings of the site, no stale code.

The decision a reader would question: both stand here and not in a fixture, because they must come before the first
import. numba keeps compiled code as long as the file of the function itself stays as it is, though code from other
files may be compiled into it. So once any file with compiled functions was edited, all that was compiled before goes.
"""

import os
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "palermo.site.settings",
    "PALERMO_HOSTS": "testserver,localhost,127.0.0.1",
    "PALERMO_REQUESTS_PER_MINUTE": "0",
}


def forget_stale_kernels(package: Path) -> None:
    """Delete the indexes of compiled code that are older than the newest file with compiled functions."""
    kernels = [path for path in package.rglob("*.py") if b"njit" in path.read_bytes()]
    newest = max((path.stat().st_mtime for path in kernels), default=0.0)
    for index in list(package.rglob("*.nbi")):
        if index.exists() and index.stat().st_mtime < newest:
            index.unlink(missing_ok=True)


forget_stale_kernels(Path(__file__).resolve().parents[1] / "src" / "palermo")
