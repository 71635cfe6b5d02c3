"""Denominators in three shapes. The numbers are made up; the shapes are those of the real files."""

from pathlib import Path

import pytest

from palermo.account.population import read_population
from palermo.errors import UsageError

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
WPP = """country_code,year,age,popM,popF,pop
276,2015,10-14,1,2,3
276,2015,15-19,10,20,30
276,2015,20-24,100,200,300
276,2020,10-14,2,4,6
276,2020,15-19,20,40,60
276,2020,20-24,200,400,600
4,2020,0-4,7,7,14
"""
OWN = (
    "area,year,sex,age,persons\nDEU,2020,F,Y0T17,40\nDEU,2020,F,Y_GE18,60\nDEU,2020,M,Y0T17,44\nDEU,2020,M,Y_GE18,56\n"
)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_wpp_is_in_thousands_and_children_are_three_fifths_of_15_to_19(tmp_path) -> None:
    found = read_population(write(tmp_path, "pop.csv", WPP), {"DEU"})
    assert found.shape == "wpp2024"
    assert found.persons("DEU", 2015) == 333_000
    assert found.persons("DEU", 2015, "F", "Y0T17") == pytest.approx(2_000 + 0.6 * 20_000)
    assert found.persons("DEU", 2015, "M", "Y_GE18") == pytest.approx(100_000 + 0.4 * 10_000)
    assert found.persons("AFG", 2020) is None  # not asked for


def test_between_years_on_the_straight_line_and_never_beyond(tmp_path) -> None:
    found = read_population(write(tmp_path, "pop.csv", WPP), {"DEU", "AFG"})
    assert found.persons("DEU", 2017) == pytest.approx(333_000 + 2 / 5 * 333_000)
    assert found.persons("DEU", 2014) is None
    assert found.persons("DEU", 2021) is None
    assert found.persons("AFG", 2020) == 14_000  # M49 code 4 without its leading zeros
    assert "straight line" in found.words


def test_world_bank_totals_have_no_sex(tmp_path) -> None:
    text = "Country Name,Country Code,Year,Value\nNamibia,NAM,2020,2540916\nWorld,WLD,2020,7820000000\n"
    found = read_population(write(tmp_path, "pop.csv", text), {"NAM", "001"})
    assert (found.persons("NAM", 2020), found.persons("001", 2020)) == (2_540_916, 7_820_000_000)
    assert found.persons("NAM", 2020, "F") is None


def test_our_own_shape_adds_what_it_has_both_parts_of(tmp_path) -> None:
    found = read_population(write(tmp_path, "pop.csv", OWN), {"DEU"})
    assert found.persons("DEU", 2020) == 200
    assert found.persons("DEU", 2020, "F") == 100
    assert found.persons("DEU", 2020, "_T", "Y0T17") == 84


def test_a_folder_of_files_of_one_shape(tmp_path) -> None:
    write(tmp_path, "a.csv", WPP)
    write(tmp_path, "b.csv", "country_code,year,age,popM,popF,pop\n276,2025,20-24,1,1,2\n")
    write(tmp_path, "notes.txt", "not a table")
    found = read_population(tmp_path, {"DEU"})
    assert found.persons("DEU", 2025) == 2_000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "not a population file"),
        ("area,year,sex,age,persons\nDEU,2020,_T,_T,many\n", "row 1, column persons: found 'many'"),
    ],
)
def test_faults_are_named(tmp_path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_population(write(tmp_path, "pop.csv", text), {"DEU"})


def test_unknown_shape_or_file_is_an_error(tmp_path) -> None:
    with pytest.raises(UsageError, match="population shape"):
        read_population(write(tmp_path, "pop.csv", OWN), {"DEU"}, "census")
    with pytest.raises(UsageError, match="not a population file"):
        read_population(tmp_path / "pop.csv", {"DEU"}, "wpp2024")
    with pytest.raises(UsageError, match="no such"):
        read_population(tmp_path / "absent.csv", {"DEU"})


@pytest.mark.skipif(not (SHARED / "wpp2024").exists(), reason="needs ../shared/data/wpp2024")
def test_the_published_totals_of_2015_and_2020() -> None:
    found = read_population(SHARED / "wpp2024", {"001", "NPL", "NAM"})
    assert found.persons("001", 2015) == pytest.approx(7_470_491_900, rel=1e-6)
    assert found.persons("001", 2020, "F") == pytest.approx(3_917_772_300, rel=1e-6)
    assert found.persons("NPL", 2015, "M") == pytest.approx(13_420_000, rel=1e-5)
    assert found.persons("NAM", 2022) is not None


@pytest.mark.skipif(not (SHARED / "population-wb").exists(), reason="needs ../shared/data/population-wb")
def test_the_world_bank_total_of_2015() -> None:
    found = read_population(SHARED / "population-wb" / "population.csv", {"001", "NAM"})
    assert found.persons("001", 2015) == 7_441_677_465
    assert found.persons("NAM", 2015) is not None
