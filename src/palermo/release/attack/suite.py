"""All attacks on whatever was given, one after the other.

The decision a reader would question: an attack that cannot run (no confidential file, no second release) is named with
the reason, because "nothing found" and "not tried" must never look alike.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from palermo.progress import Progress
from palermo.release.attack.aligned import aligned
from palermo.release.attack.books import books
from palermo.release.attack.classes import smallest_class
from palermo.release.attack.containment import world
from palermo.release.attack.copies import copies
from palermo.release.attack.differencing import differencing
from palermo.release.attack.editions import editions
from palermo.release.attack.finding import Outcome, Report, could_not
from palermo.release.attack.linkage import LINKAGE, SINGLING, linkage, singling_out
from palermo.release.attack.long_table import LongTable
from palermo.release.attack.material import Material, OpenData, Reading, gather
from palermo.release.attack.membership import MEMBERSHIP, membership
from palermo.release.attack.noise_audit import noise_audit
from palermo.release.attack.private_tables import attack_private_tables, is_private_tables
from palermo.release.attack.promise import TRUE_NOISE, promise, true_noise
from palermo.release.attack.reconstruction import reconstruction, small_counts, subtraction, sums_of
from palermo.release.attack.repeats import other_noise, shared_noise
from palermo.release.attack.search import SEARCH, search, search_sealed
from palermo.release.attack.tables import attack_account, attack_plan, attack_together
from palermo.release.attack.tracker import TRACKER
from palermo.workspace import FILE_NAME

NO_TOOL = (
    "nothing that was given answers questions; trackers over printed tables are part of the reconstruction. A tool is "
    "attacked from Python: palermo.release.attack.tracker and .repeats"
)


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
    yield from _release_steps(material, against)
    for table in material.tables:
        yield f"hidden counts of {table.name}", partial(_on_table, table, against)
    if material.tables:
        yield "differences between tables", partial(differencing, material.tables, against.contained)
        yield "noise of tables", partial(other_noise, material.tables)
    yield from _pack_steps(material, against)
    for releases in material.ledgers:
        yield f"ledger of {releases.name}", partial(books, releases)
    yield from _search_steps(material, against)


def _release_steps(material: Material, against: Against) -> Iterator[Step]:
    packs = (pack.path for pack in material.packs if pack.path.is_dir())
    for folder in (*material.accounts, *material.plans, *packs):
        yield f"copies in {folder.name}", partial(copies, folder)
    for folder in material.accounts:
        yield f"hidden counts of {folder.name}", partial(attack_account, folder)
    if material.accounts:
        yield "releases together", partial(attack_together, material.accounts, against.contained)
        yield "editions of estimates", partial(editions, material.accounts)
    for folder in material.plans:
        yield f"hidden counts of {folder.name}", partial(attack_plan, folder)
    for folder in dict.fromkeys(table.path.parent for table in material.tables):
        if is_private_tables(folder):
            yield f"noise of {folder.name}", partial(attack_private_tables, folder, against.runs, against.seed)


def _search_steps(material: Material, against: Against) -> Iterator[Step]:
    for home in material.everything:
        if (home / FILE_NAME).is_file():
            yield "records under seal", partial(search_sealed, home)
    if against.search is not None:
        yield "every byte", partial(search, material.everything, against.search)
    else:
        yield "every byte", partial(could_not, SEARCH, "every byte", "no list of strings: give --search FILE")


def _pack_steps(material: Material, against: Against) -> Iterator[Step]:
    for pack in material.packs:
        yield f"open data {pack.name}", partial(_on_pack, pack, against)
    noisy = [pack for pack in material.packs if pack.is_noisy]
    if noisy:
        yield "noise that packs share", partial(shared_noise, noisy)
        yield "noise of this build", partial(noise_audit, against.runs, against.seed)
    yield "query tools", partial(could_not, TRACKER, "query tools", NO_TOOL)


def _on_table(table: LongTable, against: Against) -> list[Outcome]:
    sums = sums_of(table, against.contained)
    return [small_counts(table), subtraction(table, sums), reconstruction(table, sums)]


def _on_pack(pack: OpenData, against: Against) -> list[Outcome]:
    outcomes = [smallest_class(pack, against.k), promise(pack)]
    if against.confidential is None:
        reason = "needs the true rows: give --confidential FILE"
        names = (TRUE_NOISE, MEMBERSHIP, SINGLING, LINKAGE)
        return [*outcomes, *(could_not(name, pack.name, reason) for name in names)]
    paths = [pack.rows, against.confidential, *([against.holdout] if against.holdout else [])]
    files = aligned(paths)
    if pack.is_noisy:
        asked = float(pack.parameters["epsilon"]), float(pack.parameters["delta"])
        known = true_noise(pack, against.confidential), membership(files, pack.name, asked, against.seed)
        outcomes += [replace(outcome, closed=outcome.ran) for outcome in known]
    if against.holdout is None:
        reason = "needs persons whom the pack never saw: give --holdout FILE"
        return [*outcomes, *(could_not(name, pack.name, reason) for name in (SINGLING, LINKAGE))]
    known = singling_out(files, pack.name), linkage(files, pack.name, against.seed)
    return [*outcomes, *(replace(outcome, closed=outcome.ran) for outcome in known)]
