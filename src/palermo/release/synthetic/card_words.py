"""What the card of a differentially private file says. Every figure comes from the pack's other files.

The decision a reader would question: the card begins with what the file is not, since rows that look like persons are
counted and looked up as persons.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from palermo.release.synthetic.accuracy import share_lost
from palermo.release.synthetic.card import (
    Grid,
    Items,
    Section,
    Text,
    odds_words,
    right_guesses,
    share_words,
    suspicion,
)

TITLE = "Synthetic case data: read this first"
_HIGH = 12.0
_PRIORS = (0.001, 0.1, 0.5)
_MOST_LISTED = 40
_MANY_LOST = 0.05  # share of the counted values that rows may lack without a word

Parameters = Mapping[str, Any]


def sections(
    parameters: Parameters,
    accuracy: Sequence[Mapping[str, Any]],
    codes: Sequence[Mapping[str, Any]],
    lost: Sequence[Mapping[str, Any]],
) -> list[Section]:
    """The card, section by section."""
    return [
        _what(parameters),
        _use(),
        _exact(accuracy),
        *_lost(parameters, lost),
        _attacker(parameters),
        _lists(parameters),
        _missing(parameters, codes),
        _made(parameters),
    ]


def _what(parameters: Parameters) -> Section:
    blocks: list[Text | Items | Grid] = []
    if not parameters["private"]:
        blocks.append(Text("NOT PRIVATE: made with a seed for tests. Do not publish.", warning=True))
    blocks += [
        Text(
            "No row of rows.csv is a person. The rows were made by a computer so that their counts are close to noisy "
            f"counts of a confidential file, for every combination of up to {parameters['length']} values."
        ),
        Text(
            f"There are {parameters['rows']:,} rows: the number of persons behind the file with noise added "
            f"({parameters['persons_noisy']:,}). Do not look for anybody here, and do not join rows to other files: a "
            "row that fits somebody fits by chance."
        ),
    ]
    return Section("What this is", tuple(blocks))


def _use() -> Section:
    return Section(
        "How to use it",
        (
            Items(
                (
                    "For a figure, take counts.parquet: each count there has a standard error, and the true count is "
                    "within two of them in about 95 of 100 cells. Report those that are marked reportable; the others "
                    "are hardly above noise.",
                    "Use the rows for all other questions. They agree with many counts at once, and are about as "
                    "close in sum, but a figure from them has no standard error of its own.",
                    "Blank means: nothing is recorded. It does not mean no. A column of flags (1 or blank) cannot "
                    "tell the two apart.",
                    "For a percentage, divide by the rows that have any value in the columns of the question (for "
                    "means of control: rows with any means), not by all rows. Say so beside the figure.",
                    "Detected persons are not all persons: no figure here is a measure of how common trafficking is.",
                    "Do not report small counts as exact: below about four standard errors, say few.",
                )
            ),
        ),
    )


def _exact(accuracy: Sequence[Mapping[str, Any]]) -> Section:
    rows = tuple(
        (
            str(one["length"]),
            f"{one['combinations']:,}",
            f"{one['reportable']:,}",
            _number(one["standard_error"]),
            _number(one["smallest_count"]),
            _percent(one["relative_noise_from_50"]),
            _percent(one["rows_against_counts_wape"]),
        )
        for one in accuracy
    )
    header = (
        "values combined",
        "counts published",
        "of them reportable",
        "standard error of a count",
        "smallest count published",
        "mean error by noise, counts from 50",
        "rows differ from counts by",
    )
    return Section(
        "How exact it is",
        (
            Grid(header, rows),
            Text(
                "The last column is the sum of all differences between rows and published counts, as a share of the "
                "counts. Combinations that are not published were held by few persons, or by nobody; which, is not "
                "known."
            ),
        ),
    )


def lost_words(parameters: Parameters, share: float) -> str:
    """What to say where the rows lack many of the values that were counted, and what to do; "" where they do not."""
    if share < _MANY_LOST:
        return ""
    closed = parameters["dial"] == "closed"
    why = (
        f"Closed rows hold only combinations of up to {parameters['length']} values that the noisy counts vouch for, "
        "and here too many are too small for that"
        if closed
        else "The counts of combinations are too small against the noise"
    )
    length = parameters["length"]
    ways = ["a larger epsilon", "fewer columns (--leave-out)"]
    ways += [f"shorter combinations (--length {length - 1} or less)"] if length > 1 else []
    ways += ["the open dial, which invents more"] if closed else []
    return (
        f"The rows lack {100 * share:.0f} % of the values that were counted: many cells are blank only because of the "
        f"noise. {why}. Take figures from counts.parquet. What helps: {', '.join(ways[:-1])} or {ways[-1]}."
    )


def _lost(parameters: Parameters, lost: Sequence[Mapping[str, Any]]) -> list[Section]:
    words = lost_words(parameters, share_lost(lost))
    if not words:
        return []
    rows = tuple(
        (one["column"], f"{one['counted']:,}", f"{one['in_rows']:,}", _percent(one["lost"]))
        for one in lost
        if one["lost"] is None or one["lost"] >= _MANY_LOST
    )
    header = ("column", "values by the counts", "values in the rows", "lost")
    return [Section("Values that the rows lack", (Text(words, warning=True), Grid(header, rows)))]


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:.1f}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"


def _attacker(parameters: Parameters) -> Section:
    epsilon, delta = parameters["epsilon"], parameters["delta"]
    guesses = right_guesses(parameters["rho"])
    table = tuple((share_words(prior), share_words(suspicion(prior, epsilon))) for prior in _PRIORS)
    warn = (
        (Text(f"Epsilon is {epsilon:g}, above {_HIGH:g}: the promise below is weak.", warning=True),)
        if epsilon > _HIGH
        else ()
    )
    alone = "one row, so one person only where each has one row"
    unit = "all rows of one person" if parameters["unit_of_privacy"] == "person" else alone
    return Section(
        "What an attacker could learn",
        (
            *warn,
            Text(
                "Suppose that somebody knows everything about everybody else in the confidential file, and wants to "
                "know whether one person is in it. Whatever is published here, and whatever else becomes known later, "
                f"the odds change by at most a factor of {odds_words(epsilon)} (e to the power of epsilon = "
                f"{epsilon:g}), except with a chance of about {delta:.1e} (delta)."
            ),
            Grid(("sure before", "sure at most after"), table),
            Text(
                "That is the worst case. For the noise that was used, the best possible attacker of this kind guesses "
                f"right at most about {guesses:.0f} times out of 100, where a coin is right 50 times."
            ),
            Text(
                f"Protected as a whole: {unit}. Not protected: what is true of a group (that most persons from a "
                "country were adults, say), and what somebody published elsewhere. Each further release of the same "
                "persons adds to what can be learnt; keep them in one ledger."
            ),
        ),
    )


def _lists(parameters: Parameters) -> Section:
    rows = tuple(
        (column["column"], column["list"], "yes" if column["public"] else "no") for column in parameters["columns"]
    )
    blocks: tuple[Text | Grid, ...] = (
        Grid(("column", "codes from", "public"), rows),
        Text(
            "Where the list is public, every code on it got noise, held by somebody or not. Where it is not, values "
            "are only let out when so many persons hold them that one person more or less cannot change that."
        ),
    )
    return Section("Where the codes come from", blocks)


def _missing(parameters: Parameters, codes: Sequence[Mapping[str, Any]]) -> Section:
    absent = [one for one in codes if one["count"] is None]
    by_column: dict[str, list[str]] = {}
    for one in absent:
        by_column.setdefault(one["column"], []).append(one["code"])
    lines = tuple(f"{column}: {_listed(names)}" for column, names in by_column.items())
    first = parameters["levels"][0]
    least = (first["least_in_standard_errors"] or 0) * (first["standard_error"] or 0)
    words = (
        "These codes are on a public list and are not in the rows. Either nobody holds them, or so few (noisy count "
        f"below {least:.0f}) that they cannot be told from noise. Their absence says nothing of the world. codes.csv "
        "has them all."
    )
    if not lines:
        return Section("Codes that are empty because of noise", (Text("None."),))
    return Section("Codes that are empty because of noise", (Text(words), Items(lines)))


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return ", ".join(names[:_MOST_LISTED]) + more


def _made(parameters: Parameters) -> Section:
    closed = parameters["dial"] == "closed"
    dial = (
        "closed: only combinations that by the noisy counts somebody most likely has occur, so hardly any is invented "
        "and more are lost; a few of their counts are no larger than the noise"
        if closed
        else "open: rows may hold combinations too small to be published, so that fewer are lost; some are invented"
    )
    return Section(
        "How it was made",
        (
            Items(
                (
                    f"Promise: epsilon {parameters['epsilon']:g}, delta {parameters['delta']:.3g}; loss rho "
                    f"{parameters['rho']:.4g} (zero-concentrated differential privacy).",
                    f"Two files are neighbours where one has a {parameters['unit_of_privacy']} more than the other.",
                    f"Rows of one person counted at most: {parameters['rows_per_person']}; values of one person "
                    f"counted in combinations at most: {parameters['attributes_per_person']}.",
                    f"Dial {dial}.",
                    "Rows were fitted to the counts of combinations of up to "
                    f"{parameters['rows_fitted_to_length']} values; what longer ones say is chance.",
                    "Noise: exact discrete Gaussian from the randomness of the operating system."
                    if parameters["private"]
                    else "Noise: from a seed. NOT PRIVATE.",
                    f"Palermo {parameters['code_version']}; all settings are in parameters.json.",
                )
            ),
        ),
    )
