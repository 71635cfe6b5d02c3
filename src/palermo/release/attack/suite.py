"""All attacks on whatever was given, one after the other.

The decision a reader would question: an attack that cannot run (no confidential file, no second release) is named with
the reason, because "nothing found" and "not tried" must never look alike.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from palermo.release.attack.classes import smallest_class
from palermo.release.attack.containment import world
from palermo.release.attack.differencing import differencing
from palermo.release.attack.finding import Outcome, Report, could_not
from palermo.release.attack.long_table import LongTable
from palermo.release.attack.material import Material, OpenData, Reading, gather
from palermo.release.attack.reconstruction import reconstruction, small_counts, subtraction, sums_of
from palermo.release.attack.tables import attack_account, attack_plan, attack_together

Progress = Callable[[float, float | None, str], None] | None


@dataclass(frozen=True)
class Against:
    """What the attacker has besides the releases. The confidential file and the holdout stay in the office."""

    confidential: Path | None = None
    holdout: Path | None = None
    search: Path | None = None
    within: Mapping[str, str] = field(default_factory=dict)
    k: int | None = None
    value: str | None = None
    runs: int = 400
    seed: int = 1

    @property
    def contained(self) -> dict[str, str]:
        """Which area lies in which: the world's, and those that were given."""
        return {**world(), **self.within}


Step = tuple[str, Callable[[], Outcome | Sequence[Outcome]]]


def attack(paths: Sequence[Path], against: Against | None = None, progress: Progress = None) -> Report:
    """Attack releases, packs, tables and ledgers. Raises ``UsageError`` where a path is none of them."""
    against = against or Against()
    material = gather(paths, Reading(against.value, against.k or 5))
    steps = list(_steps(material, against))
    outcomes: list[Outcome] = []
    for number, (text, act) in enumerate(steps):
        if progress:
            progress(number, len(steps), text)
        done = act()
        outcomes += [done] if isinstance(done, Outcome) else done
    return Report(material.names, against.seed, tuple(outcomes))


def _steps(material: Material, against: Against) -> Iterator[Step]:
    for path, reason in material.unread:
        yield path.name, partial(could_not, "reading", path.name, reason)
    for folder in material.accounts:
        yield f"hidden counts of {folder.name}", partial(attack_account, folder)
    if material.accounts:
        yield "releases together", partial(attack_together, material.accounts, against.contained)
    for folder in material.plans:
        yield f"hidden counts of {folder.name}", partial(attack_plan, folder)
    for table in material.tables:
        yield f"hidden counts of {table.name}", partial(_on_table, table, against)
    if material.tables:
        yield "differences between tables", partial(differencing, material.tables, against.contained)
    for pack in material.packs:
        yield f"classes of {pack.name}", partial(_on_pack, pack, against)


def _on_table(table: LongTable, against: Against) -> list[Outcome]:
    sums = sums_of(table, against.contained)
    return [small_counts(table), subtraction(table, sums), reconstruction(table, sums)]


def _on_pack(pack: OpenData, against: Against) -> list[Outcome]:
    return [smallest_class(pack, against.k)]
