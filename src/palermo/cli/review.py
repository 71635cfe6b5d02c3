"""The acts of ``palermo review``: label in the terminal or on a page, take answers in, and what owners do at home."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from palermo.cli.decisions import Asked, run_decision
from palermo.console import errors, print_json, print_table, say
from palermo.encoding_work import HomeList, home_identities
from palermo.errors import UsageError
from palermo.linkage.review.labels import AnswerFile
from palermo.linkage.review.page import write_page
from palermo.linkage.review.terminal import keys_of, review
from palermo.pipeline import Run
from palermo.review_work import (
    DECISIONS_FILE,
    LABELS_FILE,
    Place,
    cards_at_home,
    details_of,
    how_far,
    pairs_for,
    place_of_links,
    place_of_stage,
    take_answers,
    tasks,
    the_sample,
)
from palermo.workspace import find_workspace

Summary = dict[str, Any]


@dataclass(frozen=True)
class Review:
    """What was asked."""

    file: Path | None
    clerk: str | None
    links: Path | None
    workspace: Path
    per_band: int
    more: bool
    page: Path | None
    answers: tuple[Path, ...]
    owners: Path | None
    task: Path | None
    ids: Path | None
    home: HomeList
    agreement: bool
    decision: Asked = field(default_factory=Asked)


def run_review(asked: Review, as_json: bool) -> None:
    """Do what was asked and say how far the labels are."""
    if asked.task is not None:
        _at_home(asked, asked.task, as_json)
        return
    if asked.file is not None:
        raise UsageError(f"{asked.file}: a file is looked at with --task alone; pairs come from a workspace or --links")
    if asked.decision.is_any:
        run_decision(asked.decision, _place(asked, as_json), as_json)
        return
    if asked.clerk is None and not (asked.answers or asked.owners or asked.agreement):
        raise UsageError("who answers? name the clerk with --clerk NAME, such as a number that the office gives her")
    place = _place(asked, as_json)
    if asked.answers:
        taken = sum(take_answers(place, file, asked.clerk) for file in asked.answers)
        _told(place, (), {"taken": taken}, as_json)
        return
    sample = the_sample(place, asked.per_band, asked.more)
    if asked.owners is not None:
        files = [str(path) for path in tasks(sample, asked.owners)]
        _told(place, sample, {"tasks": files}, as_json)
    elif asked.agreement:
        _told(place, sample, {}, as_json)
    else:
        _label(asked, asked.clerk or "", place, as_json)


def _place(asked: Review, as_json: bool) -> Place:
    if asked.links is not None:
        return place_of_links(asked.links)
    workspace = find_workspace(asked.workspace)
    run = Run(workspace, as_json)
    settings = workspace.settings.linkage
    folder = workspace.work / "linkage"
    files = settings.labels or folder / LABELS_FILE, settings.decisions or folder / DECISIONS_FILE
    return place_of_stage(run.link(), files, (settings.threshold, settings.seed), run.intake_summaries())


def _label(asked: Review, clerk: str, place: Place, as_json: bool) -> None:
    """By page or by key. Cards go to the error stream under ``--json``, so that the output stays one document."""
    everything = the_sample(place, asked.per_band, more=False)
    file = AnswerFile(place.labels)
    mine = pairs_for(clerk, everything, file.answers)
    details = details_of(place, mine)
    if asked.page is not None:
        write_page(asked.page, mine, details, clerk)
        _told(place, everything, {"page": str(asked.page), "pairs": len(mine)}, as_json)
        return
    out = sys.stderr if as_json else sys.stdout
    done = review(mine, details, file, clerk, out, keys_of(sys.stdin))
    _told(place, everything, {"done": done.done, "asked": done.total, "stopped": done.stopped}, as_json)


def _at_home(asked: Review, task: Path, as_json: bool) -> None:
    if asked.file is None or asked.ids is None:
        raise UsageError("--task needs your own list and the map of its ids: palermo review LIST --task CSV --ids CSV")
    cards = cards_at_home(task, asked.ids, home_identities(asked.file, asked.home))
    if as_json:
        print_json({"cards": cards})
        return
    for card in cards:
        say(card)
    errors.print("These are names: close the window when you are done. Send back a CSV with the columns pair,answer.")


def _told(place: Place, sample: tuple[Any, ...], more: Summary, as_json: bool) -> None:
    known = sample or (the_sample(place, 1, more=False) if place.sample.is_file() else ())
    summary = {**how_far(place, known), **more}
    if as_json:
        print_json(summary)
        return
    _say(summary)


def _say(summary: Summary) -> None:
    if "page" in summary:
        say(f"Wrote {summary['page']} with {summary['pairs']:,} pairs. It names persons and sends nothing anywhere.")
        say("Label there, save the answers, then the same command with --import answers.jsonl in place of --page.")
    for path in summary.get("tasks", ()):
        say(f"For the owner of that list alone: {path}")
    if "taken" in summary:
        say(f"Took in {summary['taken']:,} new answers.")
    rows = [(name, *counts.values()) for name, counts in sorted(summary["clerks"].items())]
    if rows:
        print_table(f"Answers to {summary['sample']:,} pairs drawn", ("clerk", "same", "different", "unsure"), rows)
    for one in summary["agreement"]:
        say(_agreed(one))
    if summary["to_resolve"]:
        say(f"{summary['to_resolve']:,} pairs were answered differently: look together, as --clerk joint.")
    for one in summary["unsound"]:
        say(f"  These labels do not agree with {_against(one['clerk'])}: {one['reason']}.")
    if summary["unsound"]:
        say("They will not be used: no number may rest on them.")
    elif summary["labelled"]:
        say("Link again, and these labels make the probabilities mean what they say.")


def _against(clerk: str | None) -> str:
    return "each other" if clerk is None else f"the scores (clerk {clerk})"


def _agreed(one: Summary) -> str:
    share = "-" if one["share"] is None else f"{one['share']:.0%}"
    measures = ", ".join(
        f"{name} {_number(one[key])}" for name, key in (("Cohen's kappa", "kappa"), ("Gwet's AC1", "ac1"))
    )
    return f"{one['first']} and {one['second']} agree on {share} of {one['both']:,} pairs ({measures})."


def _number(measure: Summary) -> str:
    if measure["value"] is None:
        return "not defined"
    if measure["lower"] is None:
        return f"{measure['value']:.2f}"
    return f"{measure['value']:.2f} [{measure['lower']:.2f}, {measure['upper']:.2f}]"
