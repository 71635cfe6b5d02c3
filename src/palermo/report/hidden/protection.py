"""Small counts of the overlap figure, hidden so that neither the figure nor subtraction in it leads to a person.

The decision a reader would question: list sizes and pairs are sums of what is shown, so they become ranges where a part
is hidden. Their exact values would give the hidden counts away. The number of persons in all is known from elsewhere
on the page, so one further count is hidden, large enough for every small one to be anything from 1 to k - 1. Where
none is large enough, all counts are hidden alike.
"""

from collections.abc import Mapping

from palermo.report.amounts import Amount, State, exact


def protected(counts: Mapping[int, int], k: int | None) -> dict[int, Amount]:
    """Amounts by history: counts of 1 to ``k`` - 1 hidden, and one more count that keeps them so. Zeros stay zeros."""
    small = {history for history, count in counts.items() if k is not None and 0 < count < k}
    if k is None or not small:
        return {history: exact(count) for history, count in counts.items()}
    small_sum = sum(counts[history] for history in small)
    most = len(small) * (k - 1)
    others = sorted((count, history) for history, count in counts.items() if history not in small and count)
    # the sum of all hidden counts is known: less every way to fill the small ones, the further count is at least k
    cover = next(((count, history) for count, history in others if small_sum + count - most >= k), None)
    if cover is None:
        return _all_hidden(counts)
    amounts = {history: exact(count) for history, count in counts.items()}
    amounts |= dict.fromkeys(small, Amount(1, k - 1, State.HIDDEN))
    hidden_sum = small_sum + cover[0]
    amounts[cover[1]] = Amount(hidden_sum - most, hidden_sum - len(small), State.HIDDEN)
    return amounts


def _all_hidden(counts: Mapping[int, int]) -> dict[int, Amount]:
    """Every count but the zeros hidden alike, so that nothing tells the small ones from the others."""
    nonzero = sum(1 for count in counts.values() if count)
    alike = Amount(1, sum(counts.values()) - nonzero + 1, State.HIDDEN)
    return {history: alike if count else exact(0) for history, count in counts.items()}
