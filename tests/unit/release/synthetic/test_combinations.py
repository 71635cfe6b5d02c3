from collections import Counter
from itertools import combinations as subsets

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.release.synthetic.combinations import Index, candidates, counted, key_columns, pair_bits

COLUMN = np.array([-1, 0, 0, 0, 1, 1, 2, 2, 3, 4, 4], dtype=np.int32)  # of attributes 1 to 10
VALUES = [[0, 1, 2, 3], [0, 4, 5], [0, 6, 7], [0, 8], [0, 9, 10]]

rows_of = st.lists(st.tuples(*(st.sampled_from(v) for v in VALUES)), min_size=1, max_size=12)


def key(attributes: tuple[int, ...]) -> int:
    return sum(a << (16 * place) for place, a in enumerate(reversed(attributes)))


def brute(rows: list[tuple[int, ...]], weights: list[int], length: int) -> Counter[tuple[int, ...]]:
    found: Counter[tuple[int, ...]] = Counter()
    for row, weight in zip(rows, weights, strict=True):
        for combination in subsets([a for a in row if a], length):
            found[combination] += weight
    return found


def every(length: int) -> list[tuple[int, ...]]:
    return [s for s in subsets(range(1, 11), length) if len({COLUMN[a] for a in s}) == length]


def keys_of(chosen: list[tuple[int, ...]]) -> np.ndarray:
    return np.array(sorted(key(c) for c in chosen), dtype=np.int64)


def allowed(combination: tuple[int, ...], survived: set[tuple[int, ...]]) -> bool:
    return all(part in survived for part in subsets(combination, len(combination) - 1))


@given(rows_of, st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_counts_and_candidates_are_those_of_brute_force(rows: list[tuple[int, ...]], seed: int) -> None:
    """With any pairs and triples surviving, zeros are listed too, in order, in blocks of any size."""
    random = np.random.default_rng(seed)
    weights = random.integers(1, 4, len(rows)).tolist()
    data, weight = np.array(rows, dtype=np.int16), np.array(weights, dtype=np.int64)
    pairs = {p for p in every(2) if random.random() < 0.8}
    triples = {t for t in every(3) if allowed(t, pairs) and random.random() < 0.8}
    bits = pair_bits(keys_of(list(pairs)), 10)
    slots = Index.of(keys_of(list(triples))).slots
    for length, parents, survived in ((2, None, None), (3, pairs, pairs), (4, triples, triples)):
        possible = [c for c in every(length) if survived is None or allowed(c, survived)]
        start, listed = 0, []
        first = np.arange(1, 11, dtype=np.int64) if parents is None else keys_of(list(parents))
        while start < len(first):
            start, block = candidates(first, start, length, (COLUMN, bits, slots), np.empty(10, dtype=np.int64))
            listed += block.tolist()
        assert listed == sorted(key(c) for c in possible)
        keys, counts = counted(data, weight, length, bits, slots)
        want = {key(c): n for c, n in brute(rows, weights, length).items() if c in set(possible)}
        assert dict(zip(keys.tolist(), counts.tolist(), strict=True)) == want


def test_keys_give_their_attributes_back() -> None:
    assert key_columns(keys_of([(1, 4, 9), (300, 32_767, 32_767)]), 3).tolist() == [[1, 4, 9], [300, 32_767, 32_767]]


def test_index_finds_each_key_and_nothing_else() -> None:
    keys = np.random.default_rng(0).choice(10**12, 5000, replace=False).astype(np.int64)
    index = Index.of(keys)
    assert sorted(index.values[index.slots != -1].tolist()) == list(range(5000))
    assert (keys[index.values[index.slots != -1]] == index.slots[index.slots != -1]).all()
