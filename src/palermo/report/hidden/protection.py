"""Small counts of the overlap figure, hidden so that neither the figure nor subtraction in it leads to a person.

The decision a reader would question: list sizes and pairs are sums of what is shown, so they become ranges where a part
is hidden. Their exact values would give the hidden counts away. The number of persons in all is known from elsewhere
on the page, so one further count is hidden, large enough for every small one to be anything from 1 to k - 1.
"""

from collections.abc import Mapping

from palermo.report.amounts import Amount, State, exact


def protected(counts: Mapping[int, int], k: int | None) -> dict[int, Amount]:
    """Amounts by history: counts of 1 to ``k`` - 1 hidden, and one more count that keeps them so. Zeros stay zeros."""
    small = {history for history, count in counts.items() if k is not None and 0 < count < k}
    if k is None or not small:
        return {history: exact(count) for history, count in counts.items()}
    total_small = sum(counts[history] for history in small)
    most = len(small) * (k - 1)
    others = sorted((count, history) for history, count in counts.items() if history not in small and count)
    # the sum of all hidden counts is known: less every way to fill the small ones, the further count is at least k
    covers = [history for count, history in others if total_small + count - most >= k][:1]
    further = set(covers) or {history for _, history in others}
    hidden_sum = total_small + sum(counts[history] for history in further)
    amounts = {}
    for history, count in counts.items():
        if history in small:
            amounts[history] = Amount(1, k - 1, State.HIDDEN)
        elif history in further:
            least = hidden_sum - most if covers else k
            amounts[history] = Amount(least, hidden_sum - len(small), State.HIDDEN)
        else:
            amounts[history] = exact(count)
    return amounts
