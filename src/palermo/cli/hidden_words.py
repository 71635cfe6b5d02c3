"""What ``palermo hidden`` prints on a terminal: the headline, the estimators side by side, each reason once.

The decision a reader would question: a reason is told once, with the estimators that it concerns, heaviest first: those
of the preferred estimator, then those that concern most. Told for each estimator they fill screens that nobody reads.
"""

from collections.abc import Sequence
from math import isnan

from palermo.console import print_table, say
from palermo.errors import RefusedError
from palermo.hidden.answer import Answer
from palermo.hidden.trials import STANDS_FOR, Trials, moved
from palermo.hidden.verdicts import headline
from palermo.rounded_words import all_of

VERDICTS = {"shown": "shown", "shown with warnings": "warnings", "refused": "refused"}
NAMED = 4  # estimators named with a reason; beyond that they are counted


def show(answers: Sequence[Answer], seen: int, remarks: Sequence[str], trials: Trials | None = None) -> None:
    """Print the answers for people: what was seen, the headline, the table, the reasons, what else was tried."""
    whole = [answer for answer in answers if answer.stratum == "_T"]
    best, sentence = _headline(whole)
    say(f"{seen:,} persons were seen by at least one list.")
    for remark in remarks:
        say(f"  Note: {remark}.")
    say("")
    say(sentence)
    say("")
    _table(answers, best)
    say("")
    _reasons(answers, best)
    if trials is not None:
        _tried(trials, best)


def _headline(whole: Sequence[Answer]) -> tuple[Answer | None, str]:
    if not whole:
        return None, "No estimator was run on the whole table."
    try:
        found = headline(whole)
    except RefusedError:
        return None, "No number may be given: no estimator gives one with its interval. The reasons stand below."
    own = found.answer
    words = (
        f"{own.estimate:,.0f} persons in all, seen and unseen: {own.lower:,.0f} to {own.upper:,.0f} by chance alone "
        f"({own.level:.0%}, {own.estimator})"
    )
    if found.estimators > 1:
        words += f"; {found.lowest:,.0f} to {found.highest:,.0f} by {all_of(found.estimators)}"
    return own, f"{words}. Verdict: {own.verdict.value}."


def _table(answers: Sequence[Answer], best: Answer | None) -> None:
    parted = any(answer.stratum != "_T" for answer in answers)
    level = f"{answers[0].level:.0%} from" if answers else "from"
    header = (*(("persons",) if parted else ()), "estimator", "estimate", level, "to", "verdict")
    rows = [
        (
            *(("all" if answer.stratum == "_T" else answer.stratum,) if parted else ()),
            f"{answer.estimator} *" if answer is best else answer.estimator,
            *map(_number, (answer.estimate, answer.lower, answer.upper)),
            VERDICTS[answer.verdict.value],
        )
        for answer in answers
    ]
    print_table("Persons in all, seen and unseen (estimated)", header, rows, numbers=("estimate", level, "to"))
    if best is not None:
        say("* preferred: what the headline is from")


def _reasons(answers: Sequence[Answer], best: Answer | None) -> None:
    concerned: dict[str, list[Answer]] = {}
    for answer in answers:
        for reason in answer.reasons:
            concerned.setdefault(reason, []).append(answer)
    if not concerned:
        return
    say("Reasons for the verdicts, each with the estimators that it concerns")
    for reason, own in sorted(concerned.items(), key=lambda item: (best not in item[1], -len(item[1]))):
        say(f"  {_who(own, answers)}: {reason.rstrip('.')}.")


def _who(own: Sequence[Answer], answers: Sequence[Answer]) -> str:
    """The estimators, with the part of the persons where it is not all of them."""
    if len(own) == len(answers) > 1:
        return "all"
    others = _called([answer for answer in answers if not any(answer is one for one in own)])
    if len(others) <= NAMED < len(own):
        return f"all but {', '.join(others)}"
    names = _called(own)
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")


def _called(answers: Sequence[Answer]) -> list[str]:
    return list(
        dict.fromkeys(
            answer.estimator if answer.stratum == "_T" else f"{answer.estimator} ({answer.stratum})"
            for answer in answers
        )
    )


def _tried(trials: Trials, best: Answer | None) -> None:
    """How far the preferred number moves under each change, on one line each."""
    for part in trials.missing:
        say(f"Not tried: {part} (stopped by the user).")
    lines = [] if best is None else [*_moved(trials, best.estimator), *_tested(trials, best.estimator)]
    if best is not None and lines:
        say("")
        say(f"How {best.estimator} does under other choices and where the truth is known (without bootstrap)")
        for line in lines:
            say(f"  {line}")


def _moved(trials: Trials, name: str) -> list[str]:
    return [
        f"{one.words}: "
        + ("no number" if one.lowest is None else f"{one.lowest:,.0f} to {one.highest:,.0f}")
        + (f", no number in {one.without} of {one.tried}" if one.without else "")
        for one in moved(trials.variants, name)
    ]


def _tested(trials: Trials, name: str) -> list[str]:
    own = STANDS_FOR.get(name, name)
    held = [check.covered for check in trials.checks if check.estimator == own and check.covered is not None]
    lines = [f"each list estimated from the others: the interval holds {sum(held)} of {len(held)}"] if held else []
    return lines + [
        f"{row.tables} tables drawn from the fitted model: the interval holds the truth in {row.covered:.0%}; "
        f"median estimate {row.ratio:.2f} times the truth"
        for row in trials.coverage
        if row.estimator == own and not isnan(row.covered)
    ]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"
