"""The trade-off of each method in plain words. The figures in them are those of the release at hand.

The decision a reader would question: what an attacker learns is said for every method, and what is lost is said first.
"""

from palermo.release.tables.alternatives.controlled_rounding import Rounding
from palermo.release.tables.alternatives.perturbation import Noise
from palermo.release.tables.alternatives.private_tables import Measurement
from palermo.release.tables.alternatives.protected import TradeOff


def of_suppression(k: int) -> TradeOff:
    """Counts below k and those that would give them away are hidden."""
    return TradeOff(
        additive=True,
        exact_totals=True,
        repeatable=False,
        adds_up="Every count that is printed is exact, and printed counts add up.",
        totals="Exact totals stay exact wherever they are printed.",
        again=(
            "The plan holds for these tables only: a table added later, or the same tables after a correction, can "
            "give away what is hidden here, and must be planned together with them."
        ),
        attacker=(
            f"An attacker learns that a hidden count lies within its limits, which are at least {k} wide, and nothing "
            "closer, unless somebody already knows all but one of the persons in it."
        ),
    )


def of_rounding(rounding: Rounding, largest: int) -> TradeOff:
    """Counts are moved to multiples of the base."""
    few = rounding.which == "small"
    moved = f"The finest counts below {rounding.base} were" if few else "Every finest count was"
    return TradeOff(
        additive=True,
        exact_totals=False,
        repeatable=True,
        adds_up="All tables add up, within and between each other.",
        totals=(
            f"{moved} moved to a multiple of {rounding.base} beside it; totals are sums of them, and are off too: no "
            f"count by more than {largest}."
        ),
        again=(
            "The same persons in the same tables give the same counts. In other tables, or after a correction, the "
            "same persons can be rounded otherwise, and two releases together tell more than each."
        ),
        attacker=(
            f"An attacker learns that a 0 may be up to {rounding.base - 1} persons and a {rounding.base} from 1 on. "
            "Rounding is not random: somebody who knows nearly all persons can find the rest by trying."
        ),
    )


def of_cell_keys(noise: Noise) -> TradeOff:
    """Each count has noise that follows from who is in it."""
    gap = f"No count of 1 to {noise.blocked} is printed. " if noise.blocked else ""
    return TradeOff(
        additive=False,
        exact_totals=False,
        repeatable=True,
        adds_up=(
            "Tables do NOT add up: each count has noise of its own, totals too. Take a total from its own cell, "
            "never from a sum of parts."
        ),
        totals=(
            f"Counts are off by at most {noise.reach}, on average by nothing, with a variance of {noise.variance} or "
            "the least above it that keeps noise on average nothing; zeros are exact."
        ),
        again=(
            "The same persons always have the same noise, in any table, release or run, so that asking again tells "
            "nothing. Keep the release key: with another key the noise is another, and its mean gives counts away."
        ),
        attacker=(
            f"{gap}An attacker who subtracts two counts of sets that differ by one person sees noise of twice the "
            "variance; where two sets are printed as the same count, they often are the same persons, and noise from "
            "many ways to divide the same persons can be averaged."
        ),
    )


def of_private(measurement: Measurement) -> TradeOff:
    """Counts are fitted to noisy views."""
    delta = f", delta {measurement.delta:g}" if measurement.delta else ""
    exact = f" except {', '.join(measurement.invariants)}, which the guarantee does not cover" * bool(
        measurement.invariants
    )
    return TradeOff(
        additive=True,
        exact_totals=bool(measurement.invariants),
        repeatable=False,
        adds_up="NOT PRIVATE: made with a seed for tests. " * (measurement.seed is not None)
        + "All tables add up, within and between each other.",
        totals=f"No count is exact, zeros neither{exact}; the standard error of each count is printed beside it.",
        again=(
            "Made again, the tables have other noise, and each time costs as much: losses add up in the ledger over "
            "all releases about the same persons."
        ),
        attacker=(
            f"Whatever else an attacker knows or will know, what is printed would be nearly as likely (within a "
            f"factor of exp({measurement.epsilon:g}){delta}) if any one person had not been counted."
        ),
    )
