"""The words for verdicts, assumptions and kinds of number.

The decision a reader would question: assumptions are stated for every page, also those that hold for all methods. No
data can show that they are met, so no page may leave them out.
"""

from palermo.language import _, marked
from palermo.report.estimates.inputs import REFUSED, SHOWN, WARNED
from palermo.report.labels import PEOPLE, label

ESTIMATED = marked(
    "This is an estimate of all persons, detected and not detected. It includes those detected: never add the two."
)
DETECTED = marked("These are persons whom the lists detected. It is a count, not an estimate.")
WITHOUT_INTERVAL = marked("It gave a number without an interval; such a number is not shown.")
VERDICT_NAMES = {
    SHOWN: marked("shown"),
    WARNED: marked("shown with warnings"),
    REFUSED: marked("refused"),
}

COVARIATES = {"sex": marked("Sex"), "age": marked("Age"), "form": marked("Form")}

VERDICTS = {
    SHOWN: "No rule found anything against showing the number. The assumptions still have to hold.",
    WARNED: "The number may be shown, but only with its interval and with these warnings beside it.",
    REFUSED: "No number may be given. A refusal says that these lists cannot tell. It does not mean zero, "
    "and it does not mean few.",
}

ASSUMED = (
    "Everyone is one of a fixed group: nobody came into the situation or left it during the period.",
    "All lists mean the same by a victim, and the same place and time.",
    "A person on two lists was recognised as one. A missed match makes the estimate too high, a false one too low.",
    "Everyone could have come onto at least one list. Those who never could are in no estimate.",
    "There is no interaction of all the lists at once. No data can test this; the figures show what hangs on it.",
)


def verdict_name(verdict: str) -> str:
    """A verdict as a table shows it; nothing where there is none."""
    return _(VERDICT_NAMES.get(verdict, str(verdict)))


def stratum_name(stratum: str) -> str:
    """``sex=F, age=Y0T17`` as people read it: the word for these people, else each covariate with its label."""
    if stratum == "_T":
        return _("Everyone")
    pairs = [part.partition("=")[::2] for part in stratum.split(", ")]
    codes = dict(pairs)
    if set(codes) == {"sex", "age"} and (word := PEOPLE.get((codes["sex"], codes["age"]))):
        return _(word)
    return _(", ").join(
        _("{name}: {amount}", name=_(COVARIATES.get(name, f"{name[:1].upper()}{name[1:]}")), amount=label(name, code))
        for name, code in pairs
    )
