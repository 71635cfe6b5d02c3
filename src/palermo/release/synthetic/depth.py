"""How long the combinations are that rows can be fitted to: as long as the noise lets them be told from nothing.

A pair that did not reach the threshold is taken for one that nobody has. That is right in files of few values a row,
and wrong in dense files of few persons, where many pairs are held and cannot be told: rows would then have next to no
values. So the open dial looks at its rows. Where they lack many of the single values it lets in any pair, and if that
is not enough fits shorter combinations only. The noisy counts alone decide, so it costs no privacy. The decision a
reader would question: closed rows stay as they are, because combinations that no count vouches for would be invented.
"""

from dataclasses import replace

import numpy as np

from palermo.progress import Progress
from palermo.release.synthetic.fit import Fitted, fitted
from palermo.release.synthetic.measure import Measurement

_LACKING = 0.1  # share of the single values that rows may differ by, above the noise
_WHOLE = 0.95  # share of all pairs that dense rows need to have been let in
_DENSE = 12  # values a person: with more, longer combinations than pairs are too many to be guessed


def fitted_in_depth(measured: Measurement, width: int, dial: str, progress: Progress = None) -> tuple[Fitted, int]:
    """Weighted rows, and the length of the combinations that they were fitted to."""
    depth = len(measured.levels)
    dense = float(measured.levels[0].noisy.sum()) > _DENSE * max(1, measured.persons)
    if dial == "closed" or not (dense and _lack_pairs(measured)):
        answer = fitted(measured, width, dial, progress)
        if dial == "closed" or not _lack_values(measured, answer):
            return answer, depth
    longest = min(2, depth) if dense else depth
    levels = measured.levels[:longest]
    known = [level.length for level in levels if level.length == 1 or len(level.keys)]
    for depth in reversed(known):
        answer = fitted(replace(measured, levels=measured.levels[:depth]), width, dial, progress, any_pair=True)
        if not _lack_values(measured, answer):
            break
    return answer, depth


def _lack_pairs(measured: Measurement) -> bool:
    """Whether so many pairs are missing that hardly a row of so many values could be whole: no need to try."""
    if len(measured.levels) < 2:
        return False
    values = np.minimum(np.arange(len(measured.present)), measured.most)
    held = float(np.maximum(measured.present, 0) @ (values * (values - 1) / 2))
    return float(measured.levels[1].noisy.sum()) < _WHOLE * held


def _lack_values(measured: Measurement, answer: Fitted) -> bool:
    singles = measured.levels[0]
    if not len(singles.keys):
        return False
    off = float(np.abs(answer.left[1 : 1 + len(singles.keys)]).sum())
    return off > float(_LACKING * singles.noisy.sum() + singles.deviation.sum())
