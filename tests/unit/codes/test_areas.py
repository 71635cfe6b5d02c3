"""Areas: exact names in six languages, Namibia, name history, and how far from home."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.codes import areas
from palermo.codes.area_tables import all_areas, name_index, other_names
from palermo.codes.folding import fold
from palermo.errors import UsageError

CODES = [area.code for area in areas.countries()]


def test_namibia_survives() -> None:
    assert areas.from_iso2("NA") == "NAM"
    assert areas.from_iso2(" na ") == "NAM"
    assert areas.match("NAM") == "NAM"
    assert areas.match("NA") is None  # in the next file it means "not available"


@pytest.mark.parametrize(
    ("number", "code"), [("276", "DEU"), ("004", "AFG"), ("4", "AFG"), ("1", "001"), ("999", None)]
)
def test_m49_numbers_with_and_without_leading_zeros(number: str, code: str | None) -> None:
    assert areas.from_m49(number) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Côte d'Ivoire", "CIV"),
        ("CÔTE D’IVOIRE", "CIV"),
        ("Ivory Coast", "CIV"),
        ("deu", "DEU"),
        ("Allemagne", "DEU"),
        ("Alemania", "DEU"),
        ("ألمانيا", "DEU"),
        ("Германия", "DEU"),
        ("德国", "DEU"),
        ("Republic of Moldova", "MDA"),
        ("Swaziland", "SWZ"),
        ("Turkey", "TUR"),
        ("Türkiye", "TUR"),
        ("Czech Republic", "CZE"),
        ("The former Yugoslav Republic of Macedonia", "MKD"),
        ("Sark", "680"),
        ("Stateless", "STATELESS"),
        ("apátrida", "STATELESS"),
        ("Germny", None),
        ("Espa\ufffda", None),
        ("C\ufffdte d'Ivoire", None),
        ("", None),
        ("-", None),
        ("Africa", None),
    ],
)
def test_names_match_exactly_or_not_at_all(text: str, code: str | None) -> None:
    assert areas.match(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Nigerian", "NGA"),
        ("Nigerians", "NGA"),
        ("rumana", "ROU"),
        ("Poles", "POL"),
        ("Congolese", None),  # of which Congo?
        ("Dominican", None),
        ("Salvadore\ufffda", None),
    ],
)
def test_the_name_of_a_people_matches_only_when_asked_and_clear(text: str, code: str | None) -> None:
    assert areas.match(text, demonyms=True) == code
    assert areas.match(text) is None


def test_one_language_at_a_time() -> None:
    assert areas.match("Alemania", lang="es") == "DEU"
    assert areas.match("Alemania", lang="fr") is None
    assert areas.match("rumana", lang="fr", demonyms=True) is None


def test_regions_only_when_asked() -> None:
    assert areas.match("Western Europe", regions=True) == "155"
    assert areas.match("001", regions=True) == areas.WORLD
    assert areas.match("001") is None
    assert areas.get("001").level == "world"


def test_names_of_the_year_as_printed() -> None:
    assert areas.name("SWZ") == "Eswatini"
    assert areas.name("SWZ", year=2017) == "Swaziland"
    assert areas.name("SWZ", year=2018) == "Eswatini"
    assert areas.name("TUR", year=2021) == "Turkey"
    assert areas.name("TUR", "ru", year=2021) == "Турция"
    assert areas.name("TUR", "fr", year=2021) == "Turquie"
    assert areas.name("SWZ", "ru", year=2015) == "Свазиленд"
    assert areas.name("CZE", year=2011) == "Czech Republic"
    assert areas.name("CZE", year=1992) == "Czechia"
    assert areas.name("155", "fr") == "Europe occidentale"
    with pytest.raises(UsageError, match="no names in 'de'; languages: en, fr, es, ar, ru, zh"):
        areas.name("DEU", "de")


@pytest.mark.parametrize(
    ("origin", "destination", "reach"),
    [
        ("DEU", "DEU", "DOM"),
        ("AUT", "DEU", "SUBR"),
        ("ROU", "ITA", "REG"),
        ("NGA", "ITA", "TREG"),
        ("XXA", "BVT", "SUBR"),
        ("TWN", "TWN", "DOM"),
        ("TWN", "CHN", "_U"),  # M49 places Taiwan in no region
        ("STATELESS", "DEU", "_U"),
        ("_U", "DEU", "_U"),
        ("DEU", "150", "_U"),
    ],
)
def test_reach(origin: str, destination: str, reach: str) -> None:
    assert areas.reach(origin, destination) == reach


@given(st.sampled_from(CODES), st.sampled_from(CODES))
@settings(max_examples=60, deadline=None)
def test_reach_is_the_same_both_ways(one: str, other: str) -> None:
    assert areas.reach(one, other) == areas.reach(other, one)
    assert (areas.reach(one, other) == "DOM") == (one == other)


def test_every_area_stands_in_a_region_that_exists() -> None:
    known = {area.code: area.level for area in areas.regions()}
    for area in areas.countries():
        assert area.region is None or known[area.region] == "region"
        assert area.subregion is None or known[area.subregion] == "subregion"
        assert area.subregion is None or areas.get(area.subregion).parent == area.region
    assert areas.region("DEU") == "150" and areas.subregion("DEU") == "155"


def test_every_area_has_a_name_in_six_languages_that_leads_back() -> None:
    missing = [(area.code, lang) for area in all_areas().values() for lang in areas.LANGUAGES if not area.names[lang]]
    assert missing == []
    wrong = [
        (area.code, name)
        for area in areas.countries()
        for name in area.names.values()
        if areas.match(name) != area.code
    ]
    assert wrong == []


def test_every_other_name_is_of_a_known_area_and_leads_back() -> None:
    wrong = [(name.area, name.text) for name in other_names() if areas.match(name.text) != name.area]
    assert wrong == []


def test_no_alias_looks_like_the_code_of_another_area() -> None:
    codes = {fold(code): code for code in CODES}
    assert [(text, owner) for text, owner in name_index(None).items() if codes.get(text, owner) != owner] == []


def test_what_a_column_may_hold() -> None:
    assert areas.is_citizenship("STATELESS") and not areas.is_area("STATELESS")
    assert areas.is_area("150") and not areas.is_citizenship("150")
    assert not areas.is_area("ZZZ") and not areas.is_citizenship("_U")


def test_an_unknown_code_is_refused_with_its_neighbours() -> None:
    assert areas.nearest("Germny")[0] == "DEU"
    assert areas.nearest("...") == []
    with pytest.raises(UsageError, match=r"'Slovenja' is not the code of an area.*SVN \(Slovenia\)"):
        areas.get("Slovenja")
