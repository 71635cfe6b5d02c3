"""The folder of protected tables: whole or not there.

The decision a reader would question: a folder that holds anything but earlier tables is never written into, and
earlier tables are replaced only when asked to, because two sets of tables of the same persons can be subtracted.
"""

from pathlib import Path

from palermo.errors import UsageError
from palermo.release.tables.plan import Plan
from palermo.release.tables.published import DESCRIPTION, write_plan
from palermo.release.whole_folder import whole_folder


def check_tables_folder(out: Path, force: bool = False) -> None:
    """Refuse a folder that holds something, before any work is done. Raises ``UsageError``."""
    if out.is_file():
        raise UsageError(f"{out}: a file; --out expects a folder that is not there yet")
    if not out.exists() or not any(out.iterdir()):
        return
    if not (out / DESCRIPTION).is_file():
        raise UsageError(f"{out}: holds other files; name a folder that is not there yet")
    if not force:
        raise UsageError(
            f"{out}: holds protected tables already; another set of the same persons could be subtracted from it. "
            f"Name another folder, or replace this one with --force if it was never given to anybody"
        )


def write_tables_folder(plan: Plan, out: Path) -> list[str]:
    """Write all tables; the names of the files."""
    with whole_folder(out) as part:
        return sorted(path.name for path in write_plan(plan, part))
