"""Pairs of values that no person can have: public knowledge, applied before anything is counted.

Two rules come with us, for columns named as in the CTDC files; none is guessed for other columns. The decision a
reader would question: a true row that breaks a rule is not an error here; the pair is just never counted or made.
"""

from collections.abc import Iterable

import numpy as np

from palermo.release.synthetic.coded import Coded, Whole

Pair = tuple[tuple[str, str], tuple[str, str]]  # (column, code), (column, code)

_AGE, _BELOW_18 = "ageBroad", ("0--8", "9--17", "09--17")
_MAJORITY = ("majorityStatus", "majorityStatusAtExploit", "majorityEntry")


def known_rules(columns: Iterable[str]) -> tuple[Pair, ...]:
    """The rules that come with us: who is below 18 at registration was no adult then or before."""
    names = set(columns)
    majority = [name for name in _MAJORITY if name in names] if _AGE in names else []
    return tuple(((_AGE, band), (name, "Adult")) for name in majority for band in _BELOW_18)


def forbidden_keys(data: Coded, rules: Iterable[Pair], kept: Whole) -> Whole:
    """Keys (sorted) of the forbidden pairs over the surviving attributes ``kept``; unknown names are passed over."""
    compact = {int(attribute): number for number, attribute in enumerate(kept.tolist(), start=1)}
    number = {
        (name, code): compact.get(int(offset) + j)
        for name, codes, offset in zip(data.columns, data.codes, data.offsets.tolist(), strict=True)
        for j, code in enumerate(codes, start=1)
    }
    keys = set()
    for one, other in rules:
        a, b = number.get(one), number.get(other)
        if a is not None and b is not None and a != b:
            keys.add(min(a, b) << 16 | max(a, b))
    return np.array(sorted(keys), dtype=np.int64)
