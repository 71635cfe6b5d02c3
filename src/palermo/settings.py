"""What `palermo.toml` says, as typed values: lists, rules, population, linkage, the hidden number, releases.

Every default stands here and nowhere else.
"""

from dataclasses import dataclass
from pathlib import Path

WORLD = "001"
BREAKDOWNS = ("sex", "age", "form")
MOST_LISTS = 10
KEYS, CLEAR, ENCODINGS = "keys", "clear", "encodings"
METHODS = (KEYS, CLEAR, ENCODINGS)
DUCKDB, POLARS, SPARK = "duckdb", "polars", "spark"
ENGINES = (DUCKDB, POLARS, SPARK)


@dataclass(frozen=True)
class Source:
    """One file of one list. ``public`` marks figures that someone has already published: they need no protection."""

    name: str  # name of the list; made from the file name where not given
    path: Path  # relative to palermo.toml
    adapter: str | None = None  # a known shape; recognised where not given
    mapping: Path | None = None  # a mapping file, for any other shape
    encoded: Path | None = None  # what `palermo encode` made of this list, to join records without names
    type: str = "_U"  # codes: source_type
    public: bool = False  # true where someone has already published these figures
    area: str | None = None  # area of published figures whose file does not say it
    unit: str | None = None  # what the user states the figures of a file without a unit to be
    encoding: str | None = None  # of text files; found out where not given
    delimiter: str | None = None  # of text files; found out where not given
    sheet: str | None = None  # of workbooks; the first where not given


@dataclass(frozen=True)
class Rules:
    """The counting and protection rules. Each is printed in the account and stands in every receipt."""

    forms: str = "each"  # a person counts under each form she suffered; "mixed": several forms stand apart
    age_in_doubt: str = "unknown"  # or "child": a person whose age is in doubt counts as a child
    k_tables: int = 5  # fewer persons than this are never shown in a table
    k_microdata: int = 10  # the same, in tables nearly as detailed as the records
    rounding: int | None = None  # base to which confidential counts are rounded; not at all where not given
    publish_zeros: bool = True  # whether a zero is shown as one
    quarantine_limit: float = 0.5  # a file with a larger share of bad rows is refused


@dataclass(frozen=True)
class Population:
    """The file of denominators, in one of the shapes that ``account.population`` reads."""

    file: Path
    shape: str | None = None  # recognised where not given


@dataclass(frozen=True)
class Hidden:
    """How those whom no list saw are estimated. Without this table they are not, and the account says so."""

    lists: tuple[str, ...] = ()  # names of the sources to compare; by default every list of cases whose records join
    by: tuple[str, ...] = ("sex", "age")  # of sex, age and form; [] for everyone together only
    each_year: bool = False  # also each year by itself; the years together are always estimated
    bootstrap: int = 200  # replicates behind each interval; 1000 or more before a figure is quoted
    seed: int = 1  # the same seed gives the same answer
    level: float = 0.95  # of the intervals


@dataclass(frozen=True)
class Linkage:
    """How records of one person are found. Records that share a number are always joined; this says what else is."""

    method: str | None = (
        None  # keys: nothing else; clear: names, birth dates, places; encodings: of these, without names
    )
    threshold: float = 0.9  # probability from which two records are taken for one person
    seed: int = 1  # the same seed gives the same links
    cap: int = 20  # most records of one person; a larger cluster is taken apart and named for review
    without_duplicates: tuple[str, ...] = ()  # lists in which no person stands twice
    labels: Path | None = None  # what people said of pairs; work/linkage/labels.jsonl where not given
    decisions: Path | None = None  # pairs joined or parted by a person; work/linkage/decisions.jsonl where not given


@dataclass(frozen=True)
class Budget:
    """How much all noisy releases about the persons of one source may tell together."""

    epsilon: float
    delta: float


@dataclass(frozen=True)
class Releases:
    """What holds for all releases of the workspace together."""

    budget: Budget | None = None  # { epsilon = 4, delta = 1e-9 } of each source; a release that overspends is refused
    sealed: Path | None = None  # CSV of list, record_id: persons under seal, counted in no table broken down finely
    within: tuple[tuple[str, str], ...] = ()  # { PART = "WHOLE" }: areas that lie in others and are not countries


@dataclass(frozen=True)
class Settings:
    """What ``palermo.toml`` says."""

    title: str  # made from the area where not given
    area: str  # code of the country of the account; 001 for the world
    sources: tuple[Source, ...]
    area_name: str | None = None  # where the area shall have another name than ours
    years: tuple[int, int] | None = None  # first and last; all years found where not given
    made_up: bool = False  # true marks every page and file as made-up data
    rules: Rules = Rules()
    population: Population | None = None
    hidden: Hidden | None = None
    linkage: Linkage = Linkage()
    release: Releases = Releases()
    engine: str = "duckdb"  # what groups the rows: duckdb, polars or spark; the figures are the same from each
