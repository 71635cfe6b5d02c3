"""``palermo synth``: open case data from a confidential file, by noise or by hiding small groups."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from palermo.cli.options import Json
from palermo.console import print_json, print_table, say, second_stop_ends, step
from palermo.errors import UsageError

Summary = dict[str, Any]
_Asked = tuple[Path | None, str | None, str | None]  # workspace, source, by


class Dial(StrEnum):
    """How much may be invented."""

    OPEN = "open"
    CLOSED = "closed"


class Unknown(StrEnum):
    """What to do with a value that is on no list."""

    REFUSE = "refuse"
    DROP = "drop"


def synth(
    file: Annotated[
        Path, typer.Argument(help="Confidential CSV (also .gz) or Parquet of categories, one row a person.")
    ],
    out: Annotated[Path, typer.Option(help="Folder to make, which may be published.")],
    epsilon: Annotated[
        float | None, typer.Option(help="Most that odds may change, as a power of e: 1 protects well, 12 is the most.")
    ] = None,
    delta: Annotated[float | None, typer.Option(help="Chance that the promise fails, as 1e-9.")] = None,
    public_persons: Annotated[
        int | None, typer.Option(help="A published number of persons N; delta is then 1/N² where not given.")
    ] = None,
    dial: Annotated[Dial, typer.Option(help="closed: hardly any combination is invented, more are lost.")] = Dial.OPEN,
    length: Annotated[int, typer.Option(min=1, max=4, help="Combinations of up to so many values are counted.")] = 4,
    persons: Annotated[
        str | None, typer.Option(help="Column that says whose row it is; the person is then protected as a whole.")
    ] = None,
    rows_per_person: Annotated[int, typer.Option(min=1, help="Rows of one person that are kept, at random.")] = 1,
    codes: Annotated[
        Path | None, typer.Option(help="Public code lists: TOML or JSON by column, or CSV with column, code.")
    ] = None,
    codes_from_data: Annotated[
        list[str] | None, typer.Option(help="Column whose values in the file are all public; or all. Repeatable.")
    ] = None,
    unknown: Annotated[
        Unknown, typer.Option(help="Values that are on no list: refuse the file, or drop them (blank).")
    ] = Unknown.REFUSE,
    blank: Annotated[
        list[str] | None, typer.Option(help="Mark that means nothing is known, as -99. Repeatable.")
    ] = None,
    leave_out: Annotated[list[str] | None, typer.Option(help="Column not to publish. Repeatable.")] = None,
    split: Annotated[
        list[str] | None, typer.Option(help="Column whose cells hold several codes; or all. Repeatable.")
    ] = None,
    one_code: Annotated[
        list[str] | None, typer.Option(help="Column whose cells are one code, though a known list splits them.")
    ] = None,
    separator: Annotated[str, typer.Option(help="Between several codes of a cell.")] = ";",
    rules: Annotated[
        Path | None, typer.Option(help="Pairs that cannot be: CSV with column, code, other_column, other_code.")
    ] = None,
    utility: Annotated[
        Path | None, typer.Option(help="Write the errors against the true file here. CONFIDENTIAL, outside --out.")
    ] = None,
    k_anonymous: Annotated[
        int | None, typer.Option(min=2, help="Instead of noise: true rows, blanked until K persons share each.")
    ] = None,
    seed_for_tests: Annotated[
        int | None, typer.Option(min=0, help="The same bytes each time. NOT PRIVATE: for tests only.")
    ] = None,
    workspace: Annotated[
        Path | None, typer.Option(help="Workspace whose ledger is charged; the one that names FILE where not given.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="The list of persons that is charged.")] = None,
    by: Annotated[str | None, typer.Option(help="Who draws the noise; asked for inside a workspace.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Column delimiter; found where not given.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Text encoding, for example cp1252.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a release that was never given to anybody.")] = False,
    as_json: Json = False,
) -> None:
    """Make open case data from a confidential file: rows that are nobody, noisy counts, and a card in plain words."""
    from palermo.release.synthetic.public_codes import read_codes
    from palermo.release.synthetic.reading import ReadOptions
    from palermo.release.synthetic.rules_file import read_rules

    policy: Literal["refuse", "drop"] = "drop" if unknown is Unknown.DROP else "refuse"
    options = ReadOptions(
        blanks=frozenset(blank or ()),
        leave_out=tuple(leave_out or ()),
        codes=read_codes(codes) if codes else {},
        codes_from_data=frozenset(codes_from_data or ()),
        unknown=policy,
        split=frozenset(split or ()),
        whole=frozenset(one_code or ()),
        separator=separator,
        persons=persons,
        delimiter=delimiter,
        encoding=encoding,
    )
    if k_anonymous is not None:
        _refuse_both(epsilon, delta)
        _refuse_sealed(file, workspace)
        _grouped(file, out, k_anonymous, options, (seed_for_tests, force), as_json)
        return
    pairs = read_rules(rules) if rules else ()
    settings = _settings(epsilon, (delta, public_persons), length, dial, (rows_per_person, seed_for_tests, pairs))
    _noisy(file, out, settings, options, (utility, force, (workspace, source, by)), as_json)


def _refuse_both(epsilon: float | None, delta: float | None) -> None:
    if epsilon is not None or delta is not None:
        raise UsageError("--k-anonymous has no epsilon and no delta: choose noise, or hiding small groups")


def _refuse_sealed(file: Path, workspace: Path | None) -> None:
    from palermo.synth_charge import Asked, refuse_sealed

    refuse_sealed(file, Asked(workspace))


def _settings(
    epsilon: float | None,
    deltas: tuple[float | None, int | None],
    length: int,
    dial: Dial,
    others: tuple[int, int | None, Any],
) -> Any:
    from palermo.release.synthetic.budget import delta_or_default
    from palermo.release.synthetic.settings import SynthesisSettings

    if epsilon is None:
        raise UsageError("no epsilon: give --epsilon, for example 1 (protects well) or 4; or --k-anonymous 10")
    rows_per_person, seed, pairs = others
    promise = (epsilon, delta_or_default(*deltas))
    return SynthesisSettings(*promise, length, dial.value, persons=rows_per_person, rules=pairs, seed=seed)


def _noisy(
    file: Path, out: Path, settings: Any, options: Any, more: tuple[Path | None, bool, _Asked], as_json: bool
) -> None:
    from palermo.synth_charge import Asked, charging
    from palermo.synth_work import make_synthetic

    utility, force, asked = more
    promise = None if settings.seed is not None else (settings.epsilon, settings.delta)
    charge = charging(file, out, promise, Asked(*asked))
    with second_stop_ends(as_json), step(f"Making open data of {file.name}", quiet=as_json) as progress:
        told = make_synthetic(file, out, settings, options, utility, force, progress, charge)
    if as_json:
        print_json(told)
        return
    _show(told, settings.seed is not None)


def _grouped(file: Path, out: Path, k: int, options: Any, more: tuple[int | None, bool], as_json: bool) -> None:
    from palermo.synth_work import make_kanonymous

    seed, force = more
    with second_stop_ends(as_json), step(f"Making a {k}-anonymous file of {file.name}", quiet=as_json) as progress:
        told = make_kanonymous(file, out, k, options, seed, force, progress)
    if as_json:
        print_json(told)
        return
    for warning in told["warnings"]:
        say(f"  Note: {warning}")
    say(
        f"Wrote {told['out']}: {told['rows']:,} rows, each shared by at least {told['smallest_group']:,} persons; "
        f"{100 * told['values_blanked']:.1f} % of the values blanked, {told['rows_left_out']:,} rows left out. "
        f"Read card.html first: it says what this does not protect against."
    )


def _show(told: Summary, test: bool) -> None:
    for warning in told["warnings"]:
        say(f"  Note: {warning}")
    rows = [
        (
            one["length"],
            one["combinations"],
            "" if one["standard_error"] is None else f"{one['standard_error']:.1f}",
            _percent(one["relative_noise_from_50"]),
            _percent(one["rows_against_counts_wape"]),
        )
        for one in told["accuracy"]
    ]
    header = ("values combined", "counts", "standard error", "mean error, counts from 50", "rows differ by")
    print_table("Published counts, and the rows against them", header, rows, header)
    say(
        f"Wrote {told['out']}: {told['rows']:,} rows that are nobody, {told['counts']:,} noisy counts; "
        f"{told['codes_empty_because_of_noise']:,} listed codes are empty because of noise. Read card.html first."
    )
    if told["confidential_utility"]:
        say(f"CONFIDENTIAL: errors against the true file in {told['confidential_utility']}; keep it inside the office.")
    if test:
        say("NOT PRIVATE: made with a seed for tests. Do not publish.")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"
