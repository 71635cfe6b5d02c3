"""The pack of a k-anonymous file: rows, parameters, a card that says above all what it does not protect against."""

from pathlib import Path
from typing import Any

from palermo.errors import RefusedError
from palermo.progress import Progress
from palermo.provenance import code_version, write_json
from palermo.release.synthetic.card import Grid, Items, Section, Text
from palermo.release.synthetic.kanonymous import KAnonymous
from palermo.release.synthetic.pack import Pack, write_card, write_folder
from palermo.release.synthetic.reading import Reading
from palermo.release.synthetic.rows import write_rows

WARNING = "These are real persons' rows, with values blanked. Nothing was made up and no noise was added."


def write_kanonymous_pack(reading: Reading, made: KAnonymous, out: Path, progress: Progress = None) -> Pack:
    """Write the folder ``out``. Raises ``RefusedError`` where nothing could be kept."""
    if not len(made.rows):
        raise RefusedError(f"{reading.path}: no {made.k} persons share even a blank row; the file is too small")
    parameters = _parameters(reading, made)

    def fill(part: Path) -> None:
        write_rows(made.rows, reading.columns, part / "rows.csv", reading.separator, progress)
        write_json(part / "parameters.json", parameters)
        write_card(part, _sections(parameters))

    return Pack(out, write_folder(out, fill), {"out": str(out), **parameters})


def _parameters(reading: Reading, made: KAnonymous) -> dict[str, Any]:
    columns = [{"column": column.name, "blanked": _share(reading, made, column.at)} for column in reading.columns]
    return {
        "method": "k-anonymous, values blanked",
        "k": made.k,
        "smallest_group": made.smallest_group,
        "rows": len(made.rows),
        "rows_left_out": made.rows_left_out,
        "values_blanked": made.values_blanked / made.values if made.values else 0.0,
        "columns": columns,
        "code_version": code_version(),
    }


def _share(reading: Reading, made: KAnonymous, at: tuple[int, ...]) -> float:
    before = int((reading.data.values[:, list(at)] > 0).sum())
    after = int((made.rows[:, list(at)] > 0).sum())
    return round((before - after) / before, 4) if before else 0.0


def _sections(parameters: dict[str, Any]) -> list[Section]:
    k = parameters["k"]
    lost = tuple((one["column"], f"{100 * one['blanked']:.1f} %") for one in parameters["columns"])
    return [
        Section(
            "What this is",
            (
                Text(WARNING, warning=True),
                Text(
                    f"Every row of rows.csv is shared by at least {k} persons (the rarest by "
                    f"{parameters['smallest_group']}). {parameters['rows']:,} rows are here; "
                    f"{parameters['rows_left_out']:,} were left out."
                ),
            ),
        ),
        Section(
            "How to use it",
            (
                Items(
                    (
                        "Blank means: not recorded, or hidden because few persons had it. It does not mean no.",
                        "Counts of rare values are too low, because it is those that were blanked. Do not read a "
                        "trend from them.",
                        "For a percentage, divide by the rows that have any value in the columns of the question.",
                    )
                ),
                Text(f"Values blanked: {100 * parameters['values_blanked']:.1f} % of all, by column:"),
                Grid(("column", "values blanked"), lost),
            ),
        ),
        Section(
            "What it protects against",
            (Text(f"Nobody who knows the values of one person can tell her row from those of {k - 1} others."),),
        ),
        Section(
            "What it does not protect against",
            (
                Items(
                    (
                        "A group that is all alike: if all persons of a country in the file were exploited in one "
                        "way, whoever knows that somebody is in the file learns how.",
                        "Being known to be in the file: a row can confirm that a person was recorded.",
                        "A second release: two such files of overlapping years, or a published table, can be "
                        "subtracted from each other and leave one person. Nothing compares this file with "
                        "tables: use it once, not for series, and publish no tables of the same list of persons "
                        "beside it. Palermo's ledger lists one of the two and refuses the other.",
                        "Somebody who knows most of the group: a service that knows its own nine persons sees the "
                        "tenth.",
                        "The pattern of blanks, which itself tells that few persons had the hidden value.",
                    )
                ),
                Text("For anything published again and again, use the noisy form (epsilon and delta) instead."),
            ),
        ),
        Section("How it was made", (Text(f"Palermo {parameters['code_version']}; settings in parameters.json."),)),
    ]
