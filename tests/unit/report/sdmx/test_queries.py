"""A query gives exactly the observations of the cube that it asks for, in both versions of the standard."""

import csv
from collections import namedtuple
from datetime import UTC, datetime
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.language import speaking
from palermo.report.sdmx import Request, open_service
from palermo.report.sdmx.model import TIME_PERIOD
from palermo.report.sdmx.periods import span

TIP = "data/dataflow/PALERMO/DF_TIP/1.0"
NOW = datetime(2024, 5, 17, 8, 30, tzinfo=UTC)


def keys_in(text):
    """Keys of the rows of an SDMX-CSV message, and the rows."""
    rows = list(csv.DictReader(StringIO(text)))
    names = list(rows[0])
    ids = names[names.index("FREQ") : names.index(TIME_PERIOD) + 1] if TIME_PERIOD in names else names[3:17]
    return {tuple(row[name] for name in ids): row for row in rows}


def test_everything_is_the_cube(ask, expected):
    answer, text = ask(TIP, "format=csv")
    found = keys_in(text)
    assert answer.status == 200
    assert set(found) == set(expected)
    for key, (value, status, confidentiality, lower, upper, receipt) in expected.items():
        row = found[key]
        numbers = [float(row[n]) if row[n] else None for n in ("OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND")]
        assert numbers == [value, lower, upper]
        assert (row["OBS_STATUS"], row["CONF_STATUS"], row["RECEIPT"]) == (status, confidentiality, receipt)


def test_a_hidden_number_is_empty_and_a_zero_is_zero(ask):
    _, text = ask(f"{TIP}/A.DEU.victims_by_form_sex_age.*.*.*._T", "format=csv")
    forms = {row["FORM_EXPL"]: row for row in keys_in(text).values()}
    hidden, zero = forms["organ_removal"], forms["forced_marriage"]
    assert (hidden["OBS_VALUE"], hidden["OBS_STATUS"]) == ("", "Q")
    assert (hidden["LOWER_BOUND"], hidden["UPPER_BOUND"], hidden["CONF_STATUS"]) == ("1", "4", "A")
    assert (zero["OBS_VALUE"], zero["OBS_STATUS"], zero["CONF_STATUS"]) == ("0", "A", "F")
    assert forms["_U"]["OBS_VALUE"] == "200"
    assert forms["_N"]["OBS_VALUE"] == "12"


CODES = {0: ("A", "_Z"), 1: ("DEU", "001"), 2: ("victims_by_sex_age", "sdg_16_2_2"), 4: ("PERSON", "PER_100K"),
         6: ("F", "M", "_T", "X"), 7: ("Y_GE18", "_T"), 8: ("sexual", "_T")}  # fmt: skip
POSITIONS = st.fixed_dictionaries(
    {}, optional={place: st.lists(st.sampled_from(codes), min_size=1, max_size=2) for place, codes in CODES.items()}
)


def fits(key, wanted):
    return all(key[place] in codes for place, codes in wanted.items())


@settings(max_examples=60, deadline=None)
@given(wanted=POSITIONS)
def test_a_key_of_2_1_is_the_filter_of_the_cube(ask, expected, wanted):
    key = ".".join("+".join(wanted.get(place, ())) for place in range(14))
    answer, text = ask(f"data/DF_TIP/{key}", "format=csv")
    right = {key for key in expected if fits(key, wanted)}
    assert answer.status == (200 if right else 404)
    assert (set(keys_in(text)) if right else set()) == right


@settings(max_examples=60, deadline=None)
@given(one=POSITIONS, other=POSITIONS)
def test_keys_of_3_0_are_alternatives(ask, expected, one, other):
    keys = ",".join(".".join(wanted.get(place, ["*"])[0] for place in range(9)) for wanted in (one, other))
    answer, text = ask(f"{TIP}/{keys}", "format=csv")
    first = [{place: codes[:1] for place, codes in wanted.items()} for wanted in (one, other)]
    right = {key for key in expected if any(fits(key, wanted) for wanted in first)}
    assert answer.status == (200 if right else 404)
    assert (set(keys_in(text)) if right else set()) == right


@settings(max_examples=60, deadline=None)
@given(first=st.integers(2019, 2025), last=st.integers(2019, 2025), sex=st.sampled_from(["F", "M", "F,M", "ne:F"]))
def test_conditions_are_the_filter_of_the_cube(ask, expected, first, last, sex):
    answer, text = ask(TIP, f"c[TIME_PERIOD]=ge:{first}+le:{last}&c[SEX]={sex}&format=csv")
    low, high = span(str(first)).start, span(str(last)).end
    in_time = {k for k in expected if span(k[-1]).start >= low and span(k[-1]).end <= high}
    right = {k for k in in_time if (k[6] != "F" if sex == "ne:F" else k[6] in sex.split(","))}
    assert answer.status == (200 if right else 404)
    assert (set(keys_in(text)) if right else set()) == right
    again, same = ask("data/DF_TIP", f"startPeriod={first}&endPeriod={last}&format=csv")
    assert (set(keys_in(same)) if again.status == 200 else set()) == in_time


Seen = namedtuple("Seen", "indicator sex age time value status upper")


@pytest.mark.parametrize(
    ("condition", "test"),
    [
        ("c[OBS_VALUE]=ge:100", lambda one: one.value is not None and one.value >= 100),
        ("c[OBS_VALUE]=lt:10,gt:1000", lambda one: one.value is not None and (one.value < 10 or one.value > 1000)),
        ("c[OBS_VALUE]=ne:0", lambda one: one.value is not None and one.value != 0),
        ("c[OBS_VALUE]=eq:611", lambda one: one.value == 611),
        ("c[UPPER_BOUND]=le:4", lambda one: one.upper is not None and one.upper <= 4),
        ("c[OBS_STATUS]=Q", lambda one: one.status == "Q"),
        ("c[INDICATOR]=sw:victims%2Bew:sex_age", lambda one: one.indicator.endswith("sex_age")),
        ("c[INDICATOR]=co:sex,co:sdg", lambda one: "sex" in one.indicator or "sdg" in one.indicator),
        ("c[INDICATOR]=nc:victims", lambda one: "victims" not in one.indicator),
        ("c[TIME_PERIOD]=gt:2021+lt:2023", lambda one: one.time == "2022"),
        ("c[TIME_PERIOD]=2021-01-01/P3Y", lambda one: "/" in one.time),
        ("c[TIME_PERIOD]=ne:2022", lambda one: one.time != "2022"),
        ("c%5BSEX%5D=F&c[AGE]=Y0T17", lambda one: (one.sex, one.age) == ("F", "Y0T17")),
    ],
)
def test_operators(ask, expected, condition, test):
    _, text = ask(TIP, f"{condition}&format=csv")
    seen = {key: Seen(key[2], key[6], key[7], key[-1], row[0], row[1], row[4]) for key, row in expected.items()}
    right = {key for key, one in seen.items() if test(one)}
    assert right
    assert set(keys_in(text)) == right


def test_a_condition_on_a_receipt_finds_its_observation(ask, expected):
    key, row = next(iter(expected.items()))
    _, text = ask(TIP, f"c[RECEIPT]={row[5]}&format=csv")
    assert set(keys_in(text)) == {key}


@pytest.mark.parametrize(("asked", "years"), [
    ("firstNObservations=1", {"2021"}), ("lastNObservations=1", {"2023"}),
    ("lastNObservations=2", {"2022", "2023"}), ("firstNObservations=1&lastNObservations=1", {"2021", "2023"}),
])  # fmt: skip
def test_first_and_last_of_each_series(ask, asked, years):
    for path in (f"{TIP}/A.DEU.victims_by_sex_age", "data/DF_TIP/A.DEU.victims_by_sex_age..........."):
        _, text = ask(path, f"{asked}&format=csv")
        found = keys_in(text)
        assert {key[-1] for key in found} == years
        assert len(found) == len({key[:-1] for key in found}) * len(years)


def test_only_what_is_asked_for_of_attributes_and_measures(ask):
    _, text = ask(TIP, "attributes=OBS_STATUS,dataset&measures=none&format=csv")
    header = text.splitlines()[0].split(",")
    assert header[-3:] == ["OBS_STATUS", "RELEASE", "COMMENT_DSET"]
    assert "OBS_VALUE" not in header
    _, text = ask(TIP, "attributes=obs&format=csv")
    assert text.splitlines()[0].endswith("OBS_VALUE,OBS_STATUS,CONF_STATUS,LOWER_BOUND,UPPER_BOUND,RECEIPT")
    _, text = ask("data/DF_TIP", "detail=dataonly&format=csv")
    assert text.splitlines()[0].endswith("TIME_PERIOD,OBS_VALUE")


def test_series_keys_without_their_observations(ask, expected):
    _, text = ask("data/DF_TIP", "detail=serieskeysonly&format=csv")
    assert set(keys_in(text)) == {key[:-1] for key in expected}
    assert "OBS_VALUE" not in text.splitlines()[0]


def test_flows_are_found_by_agency_and_structure(ask):
    _, by_flow = ask("data/PALERMO,DF_TIP,1.0/all/PALERMO", "format=csv")
    _, by_structure = ask("data/datastructure/PALERMO/DSD_TIP", "format=csv")
    _, by_latest = ask("data/PALERMO,DF_TIP,latest", "format=csv")
    assert by_flow == by_structure == by_latest


def test_codes_that_sdmx_does_not_allow_get_an_id_of_their_own(releasing, observed):
    rows = [observed("records_by_list", 9.0, list=name, time_period="2021") for name in ("a b", "a_b", "a/b")]
    held = open_service(releasing(rows)).datasets[0].table["SOURCE_LIST"].to_pylist()
    assert sorted(held) == ["a_b", "a_b_2", "a_b_3"]


def test_two_observations_with_one_key_are_refused(releasing, observed):
    with pytest.raises(Exception, match="two observations share the key"):
        open_service(releasing([observed("x", 1.0), observed("x", 2.0)]))


def test_ids_never_begin_as_a_formula_does(releasing, observed):
    rows = [observed("records_by_list", 9.0, list=name, time_period="2021") for name in ("-cmd", "@cmd", "_cmd")]
    held = open_service(releasing(rows)).datasets[0].table["SOURCE_LIST"].to_pylist()
    assert sorted(held) == ["_cmd", "_cmd_2", "_cmd_3"]


def test_data_do_not_depend_on_the_language_in_which_the_service_was_opened(release, ask):
    with speaking("ar"):
        service = open_service(release)
    for path in (TIP, "data/DF_SDG_GLH"):
        again = service.answer(Request(path, "format=csv", prepared=NOW))
        assert b"".join(again.body).decode() == ask(path, "format=csv")[1]
