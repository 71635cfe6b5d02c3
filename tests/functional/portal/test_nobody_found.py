"""Everything that the site tells, put together, tells nothing that the release does not, and so isolates nobody."""

import re
import shutil
from urllib.parse import urlencode

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.release.audit import audit_release

from .conftest import served
from .exposed import KEYS, Known, released, rows_of, told_by, told_in_sdmx, told_in_view, views
from .reader import KINDS, parsed

FLOW = "/sdmx/data/dataflow/PALERMO/DF_TIP/1.0/*?format=csv"
UNBOUNDED = "12%"  # how wide a range is drawn that has no upper bound, or hardly any
SDG_FLOW = "/sdmx/data/IAEG-SDGs,DF_SDG_GLH,1.24/all?format=csv-1.0"


@pytest.fixture(scope="module")
def frozen(site):
    """What the frozen file of the release tells."""
    known = Known()
    known.learn(told_by(released(site)))
    return known


@pytest.fixture(scope="module")
def gathered(site):
    """What all views of the explorer, the data service and the SDMX service tell."""
    known = Known()
    for view in views(released(site)):
        assert known.learn(told_in_view(site, *view))
    whole = known.learn(told_by(rows_of(site.get(f"/api/releases/{site.latest}/observations.csv").text)))
    receipts = {row["receipt_id"]: tuple(row[name] for name in KEYS) for row in released(site)}
    assert known.learn(told_in_sdmx(rows_of(site.get(FLOW).text), receipts)) == whole == len(receipts)
    return known


def folder_with(known, demo, site, tmp_path):
    """A copy of the release in which every number is what the attacker knows of it."""
    folder = tmp_path / "release"
    shutil.copytree(demo / "releases" / site.latest, folder)
    table = pq.read_table(folder / "cube.parquet")
    rows = table.to_pylist()
    for row in rows:
        key = tuple(row[name] for name in KEYS)
        low, high = known.ranges[key]
        row["value"] = known.values.get(key)
        row["lower"], row["upper"] = (None if abs(end) == float("inf") else end for end in (low, high))
    pq.write_table(pa.Table.from_pylist(rows, table.schema), folder / "cube.parquet")
    return folder


def hidden_of_people(frozen):
    """A number of people that is hidden in a range."""
    return next(
        key for key, (low, high) in frozen.ranges.items()
        if key[0] == "victims_by_sex_age" and key not in frozen.values and 0 < low < high < float("inf")
    )  # fmt: skip


def test_the_views_together_hold_every_number_and_tell_no_more_than_the_release(frozen, gathered):
    assert set(gathered.ranges) == set(frozen.ranges)
    assert gathered.beyond(frozen) == []
    assert len(frozen.values) < len(frozen.ranges)


def test_the_release_checker_finds_nobody_in_what_the_site_tells(gathered, demo, site, tmp_path):
    audit = audit_release(folder_with(gathered, demo, site, tmp_path))
    assert audit.findings == ()
    assert audit.checked > 100


@pytest.mark.parametrize("leak", ["value", "narrow"])
def test_a_number_given_away_by_one_view_is_found(gathered, frozen, demo, site, tmp_path, leak):
    key = hidden_of_people(frozen)
    low = frozen.ranges[key][0]
    told = (key, str(low + 1), "", "") if leak == "value" else (key, "", str(low + 1), str(low + 2))
    leaking = Known(dict(gathered.ranges), dict(gathered.values))
    leaking.learn([told])
    assert leaking.beyond(frozen) == [key]
    assert audit_release(folder_with(leaking, demo, site, tmp_path)).findings


def test_a_view_that_adds_up_is_found(gathered, frozen):
    key = hidden_of_people(frozen)
    added = tuple("F+M" if name == "sex" else code for name, code in zip(KEYS, key, strict=True))
    leaking = Known(dict(gathered.ranges), dict(gathered.values))
    leaking.learn([(added, "97", "", "")])
    assert leaking.beyond(frozen) == [added]


def test_the_sdg_flow_and_the_figures_tell_no_narrower_range(site, frozen):
    ranges = {(low, high) for key, (low, high) in frozen.ranges.items() if key not in frozen.values}
    hidden = [
        (row["OBS_VALUE"], (float(row["LOWER_BOUND"]), float(row["UPPER_BOUND"])))
        for row in rows_of(site.get(SDG_FLOW).text)
        if row["OBS_STATUS"] == "Q" and row["UNIT_MEASURE"] == "NUMBER" and row["UPPER_BOUND"]
    ]
    for figure in figure_tables(site):
        hidden += [
            (row["value"], (float(row["lower"]), float(row["upper"])))
            for row in rows_of(site.get(figure).text)
            if row["status"] == "hidden" and row["unit"] in {"persons", "PERSON"} and row["upper"]
        ]
    assert len(hidden) > 100
    assert [one for one in hidden if one[0] or one[1] not in ranges] == []


def figure_tables(site):
    """The addresses of the tables of all figures of the latest year."""
    page = site.get("/en/figures/").text
    return [f"/data/{site.latest}/{where}.csv" for where in re.findall(r'"/en/(areas/\w+/\d+/figures/\w+)/"', page)]


def test_no_byte_of_the_site_comes_from_anything_but_the_release(site, demo, tmp_path):
    """Served from the frozen folder alone, far from the case files, the site is the same: words, drawings, order."""
    alone = tmp_path / site.latest
    shutil.copytree(demo / "releases" / site.latest, alone)
    paths = [site.path_of(kind) for kind in KINDS] + figure_tables(site)
    paths += [path.replace(f"/data/{site.latest}/", "/en/").replace(".csv", "/") for path in figure_tables(site)]
    paths += [
        f"/en/explore/{cube}/?{urlencode({**words, 'sort': 'size'})}" for cube, words, _codes in every_third(site)
    ]
    with served(alone, "--drafts") as other:
        assert [path for path in paths if site.get(path).content != other.get(path).content] == []


def every_third(site):
    return list(views(released(site)))[::3]


def test_drawings_stand_where_printed_numbers_put_them(site, frozen):
    """A bar that ended at the true number would give it away to anyone with a ruler."""
    drawn = 0
    for cube, words, codes in every_third(site):
        if words["rows"] == "time_period":  # drawn as lines
            continue
        page = parsed(site.get(f"/en/explore/{cube}/?{urlencode(words)}").text)
        places, ranges = places_of(page), ranges_of(frozen, codes)
        assert is_told(places, ranges), (cube, words)
        drawn += len(places)
    assert drawn > 100


def test_a_bar_that_ends_at_the_hidden_number_is_found(frozen):
    ranges = ranges_of(frozen, {"indicator": "victims_by_sex_age", "time_period": "2023", "age": "Y_GE18"})
    most = max(ends_of(ranges))
    low, high = max(one for one in ranges if one[0] < one[1])
    honest = {written(100 * end / most) for end in (low, high - low, most)}
    assert is_told(honest, ranges)
    assert not is_told(honest | {written(100 * (low + 5) / most)}, ranges)


def test_words_of_drawings_tell_no_number_that_their_tables_do_not(site):
    """What is read aloud, or searched by a program, is no other than what is printed.

    Figures E2 to E6 sum up what models gave: rounded and audited on its own (``palermo.release.tried``).
    """
    told = 0
    for table in figure_tables(site):
        if re.search(r"/E[2-6]\w?\.csv", table):
            continue
        page = parsed(site.get(table.replace(f"/data/{site.latest}/", "/en/").replace(".csv", "/")).text)
        aloud = {number for one in page.iter() for number in numbers_of(spoken(one))}
        printed = {number for part in ("figure", "h1") for one in page.iter(part) for number in numbers_of(seen(one))}
        assert aloud <= printed, table
        told += len(aloud)
    assert told > 100


def spoken(one):
    """What a screen reader says of a drawing or its parts."""
    attributes = " ".join(one.get(name, "") for name in ("aria-label", "alt", "title"))
    is_said = str(one.tag).rpartition("}")[2] in {"title", "desc"} and str(one.tag).startswith("{")
    return f"{attributes} {''.join(one.itertext()) if is_said else ''}"


def seen(one):
    """What is printed within an element, words of drawings for screen readers left out."""
    if str(one.tag).startswith("{") and str(one.tag).rpartition("}")[2] in {"title", "desc"}:
        return ""
    return " ".join([one.text or "", *(f"{seen(child)} {child.tail or ''}" for child in one)])


def numbers_of(text):
    """The numbers of a text, as written."""
    return re.findall(r"\d[\d,]*(?:\.\d+)?", text)


def ranges_of(known, codes):
    """What is known of the numbers with these codes."""
    return [
        ends for key, ends in known.ranges.items()
        if all(codes.get(name, code) == code for name, code in zip(KEYS, key, strict=True))
    ]  # fmt: skip


def is_told(places, ranges):
    """Whether all these places follow from the bounds of these numbers."""
    return any(places <= allowed(ranges, most) for most in ends_of(ranges))


def places_of(page):
    """Every place across a bar chart, in per cent, to two decimals."""
    bars = [one for one in page.iter() if str(one.tag).endswith("}rect")]
    return {one.get(name) for one in bars for name in ("x", "width") if one.get(name, "").endswith("%")}


def ends_of(ranges):
    """The bounds of these numbers, one of which is the full width of the drawing."""
    return {end + 0.0 for low, high in ranges for end in (low, high) if abs(end) != float("inf")}


def allowed(ranges, most):
    """The places to which the bounds of these numbers lead, where the full width stands for ``most``."""
    widths = ends_of(ranges) | {high - low for low, high in ranges}
    return {written(100 * end / (most or 1.0)) for end in widths} | {"0%", "100%", UNBOUNDED}


def written(share):
    return f"{min(max(share, 0.0), 100.0):.2f}".rstrip("0").rstrip(".") + "%"
