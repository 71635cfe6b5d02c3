"""Singling out and linkage with a pack's rows, for persons in the file against persons that it never saw.

Whatever an attacker guesses right of persons who are not in the file (the holdout) is knowledge of the world; only what
works better for those in it is a leak (the idea of anonymeter, Giomi and others 2023). The decision a reader would
question: the interval of the advantage is of 99.9 per cent, so that one audit in a thousand cries wolf, not one in
twenty.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo.release.attack.aligned import Aligned, Matrix, hashes_of
from palermo.release.attack.finding import LIKELY, Finding, Outcome, could_not, ran

LINKAGE, SINGLING = "linkage", "singling out"
_Z = 3.29  # two-sided 99.9 per cent
_SPLITS = 8  # ways of choosing what the attacker knows
_TARGETS = 400  # persons attacked for each, in the file and held out
_CELLS = 4_000_000  # pairs of a target and a row looked at in one go
_LEAST = 50  # persons below which nothing can be said
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Advantage:
    """How often a guess was right for persons in the file and for those held out."""

    inside: float
    outside: float
    least: float
    most: float

    @property
    def is_real(self) -> bool:
        """Whether persons in the file are at more risk, beyond chance."""
        return self.least > 0

    def words(self) -> str:
        """In words."""
        return (
            f"right for {100 * self.inside:.1f} % of persons in the file and {100 * self.outside:.1f} % of those held "
            f"out; advantage {100 * self.least:.1f} to {100 * self.most:.1f} points"
        )


def advantage(inside: Flags, outside: Flags) -> Advantage:
    """The difference of two shares with its interval (Agresti and Caffo 2000: a success and a failure are added)."""
    ends = []
    for hits in (inside, outside):
        share = (hits.sum() + 1) / (len(hits) + 2)
        ends.append((float(hits.mean()), float(share), float(share * (1 - share) / (len(hits) + 2))))
    middle = ends[0][1] - ends[1][1]
    half = _Z * (ends[0][2] + ends[1][2]) ** 0.5
    return Advantage(ends[0][0], ends[1][0], middle - half, middle + half)


def linkage(files: Aligned, name: str, seed: int) -> Outcome:
    """Guess the unknown half of a person's columns from the nearest published row. ``files``: pack, true, holdout."""
    pack, inside, outside = files.files
    if min(len(inside), len(outside)) < _LEAST or not len(pack) or len(files.columns) < 2:
        return could_not(LINKAGE, name, f"fewer than {_LEAST} persons, or fewer than two columns")
    draws = np.random.default_rng(seed)
    rows, held = np.unique(pack, axis=0, return_counts=True)
    right: tuple[list[Flags], list[Flags]] = ([], [])
    for _ in range(_SPLITS):
        order = draws.permutation(len(files.columns))
        known, secret = np.sort(order[: len(order) // 2]), np.sort(order[len(order) // 2 :])
        for hits, persons in zip(right, (inside, outside), strict=True):
            chosen = persons[draws.choice(len(persons), min(_TARGETS, len(persons)), replace=False)]
            guess = rows[_nearest(rows[:, known], held, chosen[:, known])]
            hits.append((guess[:, secret] == chosen[:, secret]).all(axis=1))
    found = advantage(np.concatenate(right[0]), np.concatenate(right[1]))
    return _outcome(LINKAGE, name, len(right[0]) * _TARGETS, found, "persons of whom half of the columns were known")


def _nearest(rows: Matrix, held: npt.NDArray[np.int64], targets: Matrix) -> npt.NDArray[np.int64]:
    """For each target the row that differs in the fewest columns; among equals the one that most share."""
    step = max(1, _CELLS // max(len(rows), 1))
    parts = [targets[start : start + step] for start in range(0, len(targets), step)]
    return np.concatenate([_nearest_of_some(rows, held, part) for part in parts])


def _nearest_of_some(rows: Matrix, held: npt.NDArray[np.int64], targets: Matrix) -> npt.NDArray[np.int64]:
    differ = np.zeros((len(targets), len(rows)), dtype=np.float32)
    for place in range(rows.shape[1]):
        differ += targets[:, place][:, None] != rows[:, place][None, :]
    best: npt.NDArray[np.int64] = np.argmin(differ - (held / (held.max() + 1))[None, :], axis=1)
    return best


def singling_out(files: Aligned, name: str) -> Outcome:
    """Persons alone with their values in their file: is their whole row published more often than chance has it?"""
    pack, inside, outside = files.files
    published = np.unique(hashes_of(pack))
    alone = []
    for persons, others in ((inside, outside), (outside, inside)):
        keys, held = np.unique(hashes_of(persons), return_counts=True)
        single = keys[held == 1]
        alone.append(np.isin(single[~np.isin(single, hashes_of(others))], published))
    if min(len(hits) for hits in alone) < _LEAST:
        return could_not(SINGLING, name, f"fewer than {_LEAST} persons are alone with their values")
    return _outcome(SINGLING, name, len(alone[0]), advantage(*alone), "persons alone with their values")


def _outcome(attack: str, name: str, tried: int, found: Advantage, words: str) -> Outcome:
    findings = []
    if found.is_real:
        said = "published rows tell more of persons in the file than of others, beyond chance"
        findings = [Finding(attack, name, said, LIKELY, found.words())]
    return ran(attack, name, tried, f"{words}: {found.words()}", findings)
