"""k-anonymous files beside other releases of the same list of persons: refused, as nothing can compare them.

Such a file holds true rows with values blanked, in columns of its own. A table printed beside it tells how many of the
blanked rows held a value, and a second file of some of the same persons can be subtracted from it. The decision a
reader would question: no option lets both out, not even with a reason and two names. Whose file is withdrawn before
it is approved may publish tables again; noisy packs go with either, as their promise holds whatever else is known.
"""

from collections.abc import Iterable, Iterator, Mapping

from palermo.errors import RefusedError
from palermo.release.ledger_entry import GROUPED, TABLES, Listed

ALONE = (
    "A k-anonymous file goes out alone: nothing can compare its true rows with tables or with another such file. While "
    "it is listed and not withdrawn, and for ever once it is approved, no tables of the same list are made or approved"
)
_WORDS = {GROUPED: "a k-anonymous file", TABLES: "tables"}


def check_alone(listed: Mapping[str, Listed], kind: str, sources: Iterable[str]) -> None:
    """Raise ``RefusedError`` where a release of this kind would stand beside one that it cannot be compared with."""
    for clash in clashes(listed, kind, sources):
        raise RefusedError(clash)


def clashes(listed: Mapping[str, Listed], kind: str, sources: Iterable[str]) -> Iterator[str]:
    """The releases that one of this kind cannot be compared with, in words.

    Two releases of tables are compared elsewhere.
    """
    own = set(sources)
    for other in listed.values():
        if not other.seen or GROUPED not in {kind, other.made.kind}:
            continue
        shared = sorted(own & other.made.sources.keys())
        if kind in _WORDS and other.made.kind in _WORDS and shared:
            way_out = (
                "it has been approved, so it stays seen. Publish noisy open data instead (palermo synth --epsilon)"
                if other.approved_by
                else "withdraw that candidate first, or publish noisy open data instead (palermo synth --epsilon)"
            )
            yield (
                f"source {', '.join(shared)}: {_WORDS[kind]} beside release {other.id}, {_WORDS[other.made.kind]} of "
                f"the same list (made by {other.made.by}): the true rows of a k-anonymous file are compared with "
                f"nothing, and together the two may tell of single persons; {way_out}"
            )
