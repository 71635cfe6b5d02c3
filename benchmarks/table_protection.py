"""Protection of tables on public files: `python benchmarks/table_protection.py [sample|files|singletons|unodc]...`.

Reads ../shared/data (not part of the repository). CPU seconds of one process, compiling of kernels left out. The sample
is 8,000 rows of the file of 2020 drawn with ``numpy.random.default_rng(1)``: the notes with the targets give no seed.
"""

import csv
import gzip
import sys
import tempfile
import time
from collections import defaultdict
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
import unodc_workbook
from unodc_workbook import Limits

from palermo.codes import areas
from palermo.release.tables import (
    Dimension,
    Rules,
    Specification,
    attack_tables,
    of_areas,
    protect_tables,
    table_of,
    write_plan,
)
from palermo.release.tables.reading import codes_of, smallest_group

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
G20 = DATA / "ctdc-kanon-2020-extract" / "dados_app.csv.gz"
C21 = DATA / "ctdc-synthetic-2021" / "CTDC_synthetic_20210825_recovered.csv.gz"
ROWS = 8_000
FOUR = ("country", "sex", "age", "form")
SEX_AGE = Specification(
    (Dimension("sex", ("Female", "Male", "Other", "_U")), Dimension("age", ("0 to 17 years", "18 years or over", "_U")))
)


def read(path: Path) -> pa.Table:
    """The columns of the tables: country, sex, age, form; and all columns of the file under their own names."""
    with gzip.open(path, "rt", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    flags = ("isForcedLabour", "isSexualExploit", "isOtherExploit")
    given = [tuple(name for name in flags if row.get(name, "") in {"1", "1.0"}) for row in rows]
    alpha3 = path == C21
    columns = {
        "country": [_country(row["CountryOfExploitation"], alpha3) for row in rows],
        "sex": [row["gender"] or "_U" for row in rows],
        "age": [row["ageBroad"] or "_U" for row in rows],
        "form": ["several" if len(forms) > 1 else forms[0] if forms else "_U" for forms in given],
    }
    return pa.table({**columns, **{name: [row[name] for row in rows] for name in rows[0]}})


def _country(text: str, alpha3: bool) -> str:
    if text in {"", "0"}:
        return "_U"
    return text if alpha3 else (areas.from_iso2(text) or "_U")


def specification(table: pa.Table, names: tuple[str, ...]) -> Specification:
    """Countries in regions, ages in groups."""
    made = []
    for name in names:
        codes = codes_of(table, name)
        if name == "country":
            made.append(of_areas(name, codes))
        elif name == "age":
            child = tuple(code for code in codes if code.startswith("0") or code.endswith("-17"))
            adult = tuple(code for code in codes if code not in {*child, "_U"})
            made.append(Dimension(name, codes, {"child": child, "adult": adult, "no age": ("_U",)}))
        else:
            made.append(Dimension(name, codes))
    return Specification(tuple(made))


def line(title: str, table: pa.Table, names: tuple[str, ...], rules: Rules) -> None:
    """Protect, attack, print one line."""
    start = time.process_time()
    plan = protect_tables(table, specification(table, names), rules)
    planned = time.process_time() - start
    with tempfile.TemporaryDirectory() as folder:
        write_plan(plan, Path(folder))
        start = time.process_time()
        found = attack_tables(Path(folder))
        attacked = time.process_time() - start
    loss = plan.losses[0]
    hidden = loss.primary + loss.secondary
    print(
        f"| {title} | {rules.level}, zeros {rules.zeros}, {rules.cost} | {loss.cells:,} | {loss.nonzero:,} "
        f"| {loss.primary:,} | {hidden:,} | {found.exact} | {len(found.findings)} | {plan.proved.fractional} "
        f"| {plan.proved.median_width:.0f} | {planned:.1f} | {attacked:.1f} |",
        flush=True,
    )


def small_only(table: pa.Table, names: tuple[str, ...], k: int = 5) -> None:
    """What an attacker recovers where counts of 1 to k - 1 are hidden and nothing else."""
    plan = protect_tables(table, specification(table, names), Rules(k, zeros="publish"))
    small = plan.first.reasons["small"]
    with tempfile.TemporaryDirectory() as folder:
        write_plan(plan, Path(folder))
        path = Path(folder) / f"{'_'.join(names)}.csv"
        true = dict(zip(plan.cells.keys.tolist(), plan.cells.values.tolist(), strict=True))
        lattice = plan.cells.lattice
        with path.open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
        for row in rows:
            places = zip(lattice.specification.dimensions, lattice.strides, strict=True)
            key = sum(one.place[row[one.name]] * stride for one, stride in places)
            if row["mark"] == "suppressed" and true[key] >= k:
                row.update(value=str(true[key]), mark="count")
        with path.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        found = attack_tables(Path(folder))
    print(f"Only 1 to {k - 1} hidden: {found.exact} of {int(small.sum())} recovered exactly", flush=True)


def shown_exact(folder: Path, name: str, persons: dict[str, str]) -> str:
    """Print the count of these persons as it is, 1; the mark that it had."""
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    (cell,) = (row for row in rows if all(row[column] == code for column, code in persons.items()))
    mark = cell["mark"]
    cell.update(value="1", mark="count")
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return mark


def singleton(title: str, table: pa.Table, k: int) -> None:
    """Add a person like nobody else, protect by default rules, attack; then print her cell as it is and attack."""
    table = table.select(FOUR)
    taken = set(zip(*(table[name].to_pylist() for name in FOUR), strict=True))
    codes = (codes_of(table, name) for name in FOUR)
    alone = dict(zip(FOUR, next(one for one in product(*codes) if one not in taken and "_U" not in one), strict=True))
    table = pa.concat_tables([table, pa.table({name: [code] for name, code in alone.items()})])
    start = time.process_time()
    plan = protect_tables(table, specification(table, FOUR), Rules(k))
    planned = time.process_time() - start
    with tempfile.TemporaryDirectory() as folder:
        write_plan(plan, Path(folder))
        mark = shown_exact(Path(folder), "_".join(FOUR), alone)
        start = time.process_time()
        found = attack_tables(Path(folder))
    caught = sum(f"under k = {k} is printed" in words for words in found.findings)
    print(
        f"One person added to the {title}, k = {k}: her count is {mark}, {plan.proved.hidden:,} hidden, "
        f"{plan.proved.exact} exact; {planned:.1f} CPU s. Printed as 1: "
        f"{caught} found, {time.process_time() - start:.1f} CPU s",
        flush=True,
    )


def singletons() -> None:
    """The injected singleton."""
    for title, path, k in (("file of 2020", G20, 11), ("file of 2020", G20, 10), ("file of 2021", C21, 10)):
        singleton(title, read(path), k)


HEAD = (
    "| Table | Rules | Cells | Not zero | Hidden first | Hidden | Exact | Findings | By fractions | Median width "
    "| Plan, CPU s | Attack, CPU s |\n|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def sample() -> None:
    """Targets (a) and (b)."""
    table = read(G20)
    rows = np.random.default_rng(1).choice(table.num_rows, ROWS, replace=False)
    table = table.take(pa.array(rows))
    three, four = ("country", "sex", "form"), ("country", "sex", "form", "age")
    small_only(table, three)
    print(HEAD)
    line("(kernels are compiled)", table, three, Rules())
    for names in (three, four):
        for rules in (
            Rules(level="exact", zeros="publish", cost="cells"),
            Rules(zeros="publish", cost="cells"),
            Rules(zeros="publish"),
            Rules(),
        ):
            line(f"sample, {len(names)} dimensions", table, names, rules)


def files() -> None:
    """Target (d)."""
    print(HEAD)
    for title, path, k in (("file of 2020", G20, 11), ("file of 2021", C21, 10)):
        table = read(path)
        for rules in (Rules(k, level="exact", zeros="publish"), Rules(k, zeros="publish"), Rules(k)):
            line(f"{title}, k = {k}", table, FOUR, rules)
    singletons()
    table = read(G20)
    columns = ("yearOfRegistration", "gender", "ageBroad", "citizenship", "CountryOfExploitation")
    found = smallest_group(table, columns)
    print(f"File of 2020: smallest of {found.groups} groups over {len(columns)} columns: {found.rows} rows")
    table = read(C21)
    singles = [smallest_group(table, [name]).rows for name in table.column_names[4:]]
    print(f"File of 2021: smallest group over any one column: {min(singles)} rows")


def workbook() -> dict[tuple[str, ...], dict[tuple[str, str], Limits]]:
    """Detected victims: for each country, year and category the limits of each cell by sex and age."""
    found: dict[tuple[str, ...], dict[tuple[str, str], Limits]] = defaultdict(dict)
    for row, limits in unodc_workbook.cells():
        if row["Indicator"] == "Detected trafficking victims":
            key = tuple(row[name] for name in ("Iso3_code", "Country", "Year", "Dimension", "Category"))
            found[key][row["Sex"], row["Age"]] = limits
    return found


def sums() -> list[tuple[str, tuple[str, str], list[tuple[str, str]]]]:
    """Totals over sex (for each age) and over age (for each sex), with their parts."""
    ages, sexes = ("0 to 17 years", "18 years or over"), ("Female", "Male", "Other")
    by_sex = [("sex", ("Total", age), [(sex, age) for sex in sexes]) for age in ("Total", *ages)]
    return by_sex + [("age", (sex, "Total"), [(sex, age) for age in ages]) for sex in ("Total", *sexes)]


def exact(cell: Limits) -> bool:
    """Whether a cell is printed as a number."""
    return cell[0] == cell[1]


def falling(cells: dict[tuple[str, str], Limits]) -> tuple[dict[str, int], dict[str, int]]:
    """Hidden cells under a printed total, and those that one subtraction gives: one alone, or none left for several."""
    small, fallen = {"sex": 0, "age": 0}, {"sex": 0, "age": 0}
    for kind, total, parts in sums():
        if total not in cells or not exact(cells[total]):
            continue
        held = [cells[part] for part in parts if part in cells]
        open_ = [cell for cell in held if not exact(cell)]
        left = cells[total][0] - sum(low for low, _ in held)
        fits = len(open_) == 1 and 0 <= left <= open_[0][1] - open_[0][0]
        small[kind] += len(open_)
        fallen[kind] += len(open_) if fits or (len(open_) > 1 and left == 0) else 0
    return small, fallen


def completed(cells: dict[tuple[str, str], Limits]) -> np.ndarray | None:
    """Persons by sex and age that agree with the printed cells, as few of unknown sex or age as can be; or None."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    sex, age = SEX_AGE.dimensions
    names = {"Total": "_T", "Unknown": "_U"}
    rows, low, high = [], [], []
    for (one, other), limits in cells.items():
        holds = np.outer(sex.holds[sex.place[names.get(one, one)]], age.holds[age.place[names.get(other, other)]])
        rows.append(holds.ravel())
        low.append(limits[0])
        high.append(limits[1])
    unknown = np.array([[one == "_U" or other == "_U" for other in age.codes] for one in sex.codes]).ravel()
    answer = milp(
        1.0 * unknown + 1e-3,
        constraints=LinearConstraint(np.array(rows, dtype=float), low, high),
        integrality=np.ones(len(unknown)),
        bounds=Bounds(0, np.inf),
    )
    return None if answer.x is None else np.round(answer.x).astype(int).reshape(len(sex.codes), len(age.codes))


def protected(persons: np.ndarray, rules: Rules) -> dict[tuple[str, str], Limits]:
    """The cells of the table after protection, hidden ones as 0 to 4."""
    sex, age = SEX_AGE.dimensions
    rows = [(one, other, str(persons[i, j])) for i, one in enumerate(sex.codes) for j, other in enumerate(age.codes)]
    table = pa.table(dict(zip(("sex", "age", "value"), zip(*rows, strict=True), strict=True)))
    plan = protect_tables(table, SEX_AGE, rules, value="value")
    assert plan.proved.ok
    names = {"_T": "Total", "_U": "Unknown"}
    return {
        (names.get(row["sex"], row["sex"]), names.get(row["age"], row["age"])): (0, 4)
        if row["mark"] == "suppressed"
        else (int(row["value"] or 0), int(row["value"] or 0))
        for row in table_of(plan, "sex_age").to_pylist()
    }


def unodc() -> None:
    """Target (c), with all zeros hidden as in the workbook, and with the default rules."""
    tables = workbook()
    for rules in (Rules(5, zeros="hide"), Rules(5)):
        _unodc(tables, rules)


def _unodc(tables: dict[tuple[str, ...], dict[tuple[str, str], Limits]], rules: Rules) -> None:
    before, after = defaultdict(int), defaultdict(int)
    loss = defaultdict(int)
    for cells in tables.values():
        small, fallen = falling(cells)
        for kind in ("sex", "age"):
            before[kind] += small[kind]
            before[kind, "fallen"] += fallen[kind]
        if not any(small.values()):
            continue
        loss["tables"] += 1
        persons = completed(cells)
        if persons is None:
            loss["refused"] += 1
            continue
        made = protected(persons, rules)
        kept = {place: made[place] for place in cells}
        small, fallen = falling(kept)
        for kind in ("sex", "age"):
            after[kind] += small[kind]
            after[kind, "fallen"] += fallen[kind]
        loss["cells"] += len(cells)
        loss["hidden before"] += sum(not exact(cell) for cell in cells.values())
        loss["hidden after"] += sum(not exact(cell) for cell in kept.values())
        loss["printed before, hidden now"] += sum(exact(cells[place]) and not exact(kept[place]) for place in cells)
        loss["hidden before, printed now"] += sum(not exact(cells[place]) and exact(kept[place]) for place in cells)
    print(f"Zeros: {rules.zeros}\nAs published: {dict(before)}\nProtected: {dict(after)}\nLoss: {dict(loss)}")


if __name__ == "__main__":
    if not DATA.exists():
        sys.exit(f"{DATA} is not there: the public files are no part of the repository")
    for name in sys.argv[1:] or ("sample", "files", "unodc"):
        {"sample": sample, "files": files, "singletons": singletons, "unodc": unodc}[name]()
