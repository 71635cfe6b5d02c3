"""What two editions of one estimate tell, where they differ by a single person: how often the printed figures differ.

Made-up capture tables of persons with two classes of chance to be seen. Each is changed in the smallest ways there are:
one person more, one person less, two records joined that stood for two persons, one more person on a list that has
missed her. Figures are the estimate and its limits, rounded as a release rounds them (k = 5). Printed: the share of
changes after which any figure differs; of a person more, how many bits the new figures tell about the lists that she
is on, to a reader who knows ALL other persons (of so many bits, were all combinations alike); and the share of tables
in which some single combination is told for certain. Nobody knows all other persons; it is the worst case.

    nice -n 10 python benchmarks/release_estimates.py [tables]
"""

import math
import sys
from collections import Counter

import numpy as np

from palermo.hidden.answer import Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimate import estimate
from palermo.release.estimates import coarse

K = 5
METHOD = "aic_average"
SETTINGS = Settings(bootstrap=200, cheap_bootstrap=None)
SHAPES = {
    "3 lists, 400 persons": (3, 900, 400),
    "3 lists, 3,000 persons": (3, 9000, 3000),
    "4 lists, 400 persons": (4, 900, 400),
    "4 lists, 3,000 persons": (4, 9000, 3000),
    "5 lists, 3,000 persons": (5, 9000, 3000),
}


def drawn(lists, number, seen, draws):
    """Counts by history of persons, a third of whom are seen three times as easily, about ``seen`` of ``number``."""
    chance = np.full(lists, 1 - (1 - seen / number) ** (1 / lists)) * draws.uniform(0.6, 1.4, lists)
    chances = np.where(draws.random((number, 1)) < 1 / 3, 1.8, 0.6) * chance
    histories = (draws.random((number, lists)) < chances) @ (1 << np.arange(lists))
    return np.bincount(histories, minlength=1 << lists)


def printed(counts):
    """Estimate and limits as a release prints them; None where the method refuses."""
    lists = tuple("ABCDE"[: len(counts).bit_length() - 1])
    table = CaptureTable(lists, np.arange(1, len(counts)), counts[1:].astype(np.int64))
    answer = estimate(table, (METHOD,), SETTINGS)[0]
    figures = answer.estimate, answer.lower, answer.upper
    return tuple(None if one is None else coarse(one, K) for one in figures)


def changed(counts, *moves):
    made = counts.copy()
    for history, number in moves:
        made[history] += number
    return None if (made < 0).any() else made


def changes(counts, lists):
    """The smallest changes, by kind."""
    histories = range(1, len(counts))
    yield "one person more", [(history, changed(counts, (history, 1))) for history in histories]
    yield "one person less", [(history, changed(counts, (history, -1))) for history in histories]
    singles = [1 << place for place in range(lists)]
    pairs = [(one, other) for one in singles for other in singles if one < other]
    yield "two joined", [(pair, changed(counts, (pair[0], -1), (pair[1], -1), (sum(pair), 1))) for pair in pairs]
    more = [(one, other) for one in singles for other in singles if one != other]
    yield "seen once more", [(pair, changed(counts, (pair[0], -1), (sum(pair), 1))) for pair in more]


def bits(outcomes):
    """What an outcome tells of which change it was, were all alike likely; and whether any outcome has one cause."""
    found = Counter(outcomes)
    entropy = -sum(count / len(outcomes) * math.log2(count / len(outcomes)) for count in found.values())
    return entropy, 1 in found.values()


def measured(shape, tables, draws):
    lists, number, seen = shape
    differ, told, certain = Counter(), [], 0
    tried = Counter()
    for _ in range(tables):
        counts = drawn(lists, number, seen, draws)
        before = printed(counts)
        for kind, edited in changes(counts, lists):
            after = [printed(made) for _, made in edited if made is not None]
            tried[kind] += len(after)
            differ[kind] += sum(one != before for one in after)
            if kind == "one person more":
                entropy, sure = bits(after)
                told.append(entropy)
                certain += sure
    return {kind: differ[kind] / tried[kind] for kind in tried}, float(np.mean(told)), certain / tables


def main():
    tables = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    draws = np.random.default_rng(1)
    kinds = "one person more", "one person less", "two joined", "seen once more"
    sys.stdout.write(
        f"| made-up tables ({tables}, of five lists a quarter) | {' | '.join(kinds)} | bits told | sure |\n"
    )
    sys.stdout.write("|---|---|---|---|---|---|---|\n")
    for name, shape in SHAPES.items():
        shares, told, certain = measured(shape, tables if shape[0] < 5 else max(1, tables // 4), draws)
        cells = " | ".join(f"{100 * shares[kind]:.0f} %" for kind in kinds)
        most = math.log2((1 << shape[0]) - 1)
        sys.stdout.write(f"| {name} | {cells} | {told:.1f} of {most:.1f} | {100 * certain:.0f} % |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
