"""What the account itself noted, in the language spoken: how many records, what is left out, where rates come from.

The decision a reader would question: a release holds its notes as English sentences, which are part of what its id is
computed from. They are recognised here by their wording, as reasons of verdicts are (``report.estimates.told``); a note
that is not recognised, such as one of an office, is shown in English and marked so.
"""

from palermo.language import _, marked, spoken_now
from palermo.report.estimates.amounts import sentence
from palermo.report.estimates.told import REASONS, reason_told, recognised
from palermo.report.labels import capital
from palermo.report.page.markup import SOURCE_LANGUAGE, quoted

# As ``account``, ``linkage`` and ``hidden`` write them, with a small letter where a number of people begins them.
# {list...} is a name, the other placeholders are numbers.
NOTES = (
    marked("{records} records are {persons} persons."),
    marked(
        "{n} records carry no key shared with other lists: a person whom several lists hold may be counted more than "
        "once."
    ),
    marked(
        "{n} records carry neither a name nor a number known to other lists: a person whom several lists hold may be "
        "counted more than once."
    ),
    marked("{n} persons have records that disagree."),
    marked(
        "Records that share a number were joined, and records whose names, birth dates and places make it likely (at "
        "least {threshold}) that they are of one person: {n} of them by that alone."
    ),
    marked(
        "Records that share a number were joined, and records whose keyed encodings of names and birth dates make it "
        "likely (at least {threshold}) that they are of one person: {n} of them by that alone."
    ),
    marked(
        "Nobody looked at a sample of the pairs, so that nothing says how many links are wrong or missing, and the "
        "number of persons is uncertain by as much."
    ),
    marked(
        "By a sample of {n} pairs that one person looked at, {missing} of the links between lists are missing and "
        "{wrong} of those made are wrong."
    ),
    marked(
        "By a sample of {n} pairs that {clerks} people looked at, {missing} of the links between lists are missing and "
        "{wrong} of those made are wrong."
    ),
    marked("With these errors taken out the records are {n} persons (95 % interval: {low} to {high})."),
    marked(
        "List {list} is not among the lists compared for the hidden number: too few of its records carry an identifier "
        "shared with other lists."
    ),
    marked(
        "List {list} is not among the lists compared for the hidden number: too few of its records carry a name or an "
        "identifier shared with other lists."
    ),
    marked("Only the {n} longest lists are compared for the hidden number."),
    marked(
        "Persons under seal are counted in one figure, which is a range; all other figures leave them and their "
        "records out, so that those add up among themselves. How many there are is not told."
    ),
    marked("{n} persons of other years than the account's were left out."),
    marked("{n} persons are of unknown year; they stand in the total and apart, as unknown."),
    marked(
        "A person counts under each form of exploitation recorded, so that forms add up to the total or more. A "
        "form counts as recorded: sexual slavery is not also sexual exploitation unless the list says both."
    ),
    marked("A person with several forms of exploitation counts once, under several forms."),
    marked("Persons whose age is in doubt count as children."),
    marked("{n} published figures are printed twice with different values; they are given as ranges."),
    marked("{n} published figures of other years than the account's were left out."),
    marked("No population file is named, so there are no rates."),
    marked("The population file {list_file} has no figure for the area and years, so there are no rates."),
)
POPULATIONS = (
    marked(
        "United Nations, World Population Prospects 2024, population on 1 July. Under 18 is 0 to 14 and three fifths "
        "of 15 to 19. Between the five-yearly figures: on the straight line."
    ),
    marked("World Bank, total population (SP.POP.TOTL), without sex and age. Between years: on the straight line."),
    marked("The user's population file. Between years: on the straight line."),
)
RATES = marked("Rates: {population}")
NO_ESTIMATE = marked("There is no estimate of those whom no list saw: {reasons}. That is not zero.")


def note_told(note: str) -> str:
    """A note of a release in the language spoken; one that nobody knows in English, marked so."""
    if spoken_now().code == SOURCE_LANGUAGE:
        return note
    before, after = NO_ESTIMATE.split("{reasons}")
    if note.startswith(before) and note.endswith(after):
        return _(NO_ESTIMATE, reasons=_reasons(note.removeprefix(before).removesuffix(after)))
    small = note[:1].lower() + note[1:]
    if told := recognised(note, NOTES) or recognised(small, NOTES):
        return capital(told)
    reason = recognised(small.removesuffix("."), REASONS)
    return sentence(reason) if reason else _of_rates(note)


def population_told(words: str) -> str:
    """What a release says of the population behind its rates, or of another denominator."""
    told = _(words)
    return quoted(words) if told == words else told


def _of_rates(note: str) -> str:
    before = RATES.removesuffix("{population}")
    known = note.startswith(before) and note.removeprefix(before) in POPULATIONS
    return _(RATES, population=_(note.removeprefix(before))) if known else quoted(note)


def _reasons(told: str) -> str:
    """Reasons one after the other. Some have a semicolon of their own, so the longest that is known is taken first."""
    pieces, made = told.split("; "), []
    while pieces:
        sizes = (size for size in range(len(pieces), 0, -1) if recognised("; ".join(pieces[:size]), REASONS))
        size = next(sizes, 1)
        made.append(reason_told("; ".join(pieces[:size])))
        pieces = pieces[size:]
    return _("; ").join(made)
