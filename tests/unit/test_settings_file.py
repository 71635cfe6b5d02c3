"""palermo.toml: what is read from it, and how a fault in it is explained."""

import pytest

from palermo.errors import UsageError
from palermo.settings import Hidden, Linkage, Rules
from palermo.settings_file import read_settings, source_name

GOOD = """
[account]
area = "DEU"
years = [2019, 2023]
[rules]
k_tables = 7
quarantine_limit = 1
[population]
file = "population.csv"
[[source]]
path = "police.csv"
mapping = "police.toml"
type = "police"
[[source]]
name = "un"
path = "figures.xlsx"
public = true
"""


@pytest.fixture
def settings_of(tmp_path):
    (tmp_path / "population.csv").write_text("area,year,sex,age,persons\n")

    def read(text):
        (tmp_path / "palermo.toml").write_text(text, encoding="utf-8")
        return read_settings(tmp_path / "palermo.toml")

    return read


def test_settings_with_their_defaults(settings_of, tmp_path):
    settings = settings_of(GOOD)
    assert settings.title == "Trafficking in persons: account of DEU"
    assert settings.years == (2019, 2023)
    assert settings.rules == Rules(k_tables=7, quarantine_limit=1.0)
    assert settings.population.file == tmp_path / "population.csv"
    police, figures = settings.sources
    assert (police.name, police.path, police.mapping) == ("police", tmp_path / "police.csv", tmp_path / "police.toml")
    assert (figures.name, figures.public, police.public) == ("un", True, False)


def test_the_hidden_number_is_asked_for_by_its_table(settings_of):
    assert settings_of(GOOD).hidden is None
    assert settings_of(GOOD + "[hidden]").hidden == Hidden(by=("sex", "age"), bootstrap=200)
    asked = settings_of(GOOD + "[hidden]\nlists = ['police', 'un']\nby = []\neach_year = true\nlevel = 0.9").hidden
    assert asked == Hidden(lists=("police", "un"), by=(), each_year=True, level=0.9)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[account", "not valid TOML"),
        ("[acount]\narea = 'DEU'", "did you mean 'account'"),
        ("[account]\ntitle = 'x'", "account.area"),
        ("[account]\narea = 3", "found 3"),
        ("[account]\narea = 'DEU'\nyears = [2023, 2019]", "[first, last]"),
        ("[account]\narea = 'DEU'\nyears = 2020", "[first, last]"),
        ("[account]\narea = 'DEU'\n[rules]\nk_tables = 1", "would protect nobody"),
        ("[account]\narea = 'DEU'\n[rules]\nk_tables = true", "found True"),
        ("[account]\narea = 'DEU'\n[rules]\nforms = 'all'", "each or mixed"),
        ("[account]\narea = 'DEU'\n[rules]\nrounding = 1", "2 or more"),
        ("[account]\narea = 'DEU'\n[rules]\nquarantine_limit = 1.5", "a share from 0 to 1"),
        ("[account]\narea = 'DEU'\n[population]\nfile = 'none.csv'", "an existing file"),
        ("[account]\narea = 'DEU'\n[hidden]\neachyear = true", "did you mean 'each_year'"),
        ("[account]\narea = 'DEU'\n[hidden]\nby = ['colour']", "sex, age, form"),
        ("[account]\narea = 'DEU'\n[hidden]\nby = ['sex', 'sex']", "each once"),
        ("[account]\narea = 'DEU'\n[hidden]\nlists = ['police']", "expected some of these"),
        ("[account]\narea = 'DEU'\n[[source]]\npath = 'a.csv'\n[hidden]\nlists = ['a']", "2 to 10 lists"),
        ("[account]\narea = 'DEU'\n[hidden]\nbootstrap = 10", "fewer give no interval"),
        ("[account]\narea = 'DEU'\n[hidden]\nlevel = 95.0", "such as 0.95"),
        ("[account]\narea = 'DEU'\n[hidden]\nseed = -1", "0 or a larger"),
        ("[account]\narea = 'DEU'\nhidden = 3", "unknown key account.hidden"),
        ("hidden = 3\n[account]\narea = 'DEU'", "a table with that name"),
        ("[account]\narea = 'DEU'\n[source]\npath = 'a.csv'", "double brackets"),
        ("[account]\narea = 'DEU'\n[[source]]\nname = 'a'", "source 1.path"),
        ("[account]\narea = 'DEU'\n[[source]]\npath = 'a.csv'\n[[source]]\npath = 'b/a.csv'", "no other source has"),
        ("[account]\narea = 'DEU'\n[[source]]\npath = 'a.csv'\npublik = true", "did you mean 'public'"),
        ("rules = 3\n[account]\narea = 'DEU'", "[rules]: found 3, expected a table"),
        ("population = 'x.csv'\n[account]\narea = 'DEU'", "[population]: found 'x.csv', expected a table"),
        ("source = ['a.csv']\n[account]\narea = 'DEU'", "[source 1]: found 'a.csv', expected a table"),
    ],
)
def test_a_fault_is_named_with_its_key(settings_of, text, words):
    with pytest.raises(UsageError, match=r"palermo\.toml") as error:
        settings_of(text)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("name", "expected"), [("Police 2021.CSV", "police-2021"), ("../x/ä.csv", "source"), ("a.tar.gz", "a")]
)
def test_a_list_name_is_safe_as_a_file_name(tmp_path, name, expected):
    assert source_name(tmp_path / name) == expected


def test_linkage_is_by_default_what_the_lists_allow(settings_of):
    assert settings_of(GOOD).linkage == Linkage()
    asked = settings_of(GOOD + "[linkage]\nmethod = 'clear'\nthreshold = 0.8\nwithout_duplicates = ['un']").linkage
    assert (asked.method, asked.threshold, asked.without_duplicates, asked.seed) == ("clear", 0.8, ("un",), 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("method = 'magic'", "keys or clear or encodings"),
        ("thresold = 0.9", "did you mean 'threshold'"),
        ("threshold = 1.0", "from 0.5 to below 1"),
        ("cap = 1", "2 to 1000 records of one person"),
        ("seed = -1", "0 or a larger whole number"),
        ("without_duplicates = ['nobody']", "some of these: police, un"),
        ("method = 'encodings'", "of `palermo encode`"),
    ],
)
def test_faults_of_the_linkage_table_are_named(settings_of, text, message):
    with pytest.raises(UsageError, match=message):
        settings_of(GOOD + f"[linkage]\n{text}")
