"""Tables of files outside the account: persons under seal are left out, or the tables refused."""

import csv

import pytest

from .test_sealed import SEALED, police, write

DIMENSIONS = ("--dimensions", "sex,country")
SPEC = """[dimensions.sex]
from_data = true
[dimensions.country]
from_data = true
"""


@pytest.fixture
def office(tmp_path):
    return write(tmp_path / "tip")


@pytest.fixture
def verbs(tmp_path):
    """The two verbs that make tables of any file, ready for a file to be named."""
    spec = tmp_path / "spec.toml"
    spec.write_text(SPEC, encoding="utf-8")
    rounding = ("--spec", spec, "--method", "round")
    return {"protect": (("protect",), DIMENSIONS), "round": (("release", "tables"), rounding)}


@pytest.fixture
def ids(tmp_path):
    file = tmp_path / "sealed.txt"
    file.write_text("\n".join(SEALED) + "\n", encoding="utf-8")
    file.chmod(0o600)
    return file


@pytest.mark.parametrize("verb", ["protect", "round"])
@pytest.mark.parametrize("name", ["police.csv", "shelter.csv", "work/linkage/persons.parquet"])
def test_tables_of_a_workspace_with_persons_under_seal_are_refused(palermo, office, verbs, tmp_path, verb, name):
    words, how = verbs[verb]
    answer = palermo(*words, office / name, *how, "--out", tmp_path / "tables")
    assert answer.code == 3
    assert "under seal" in answer.words
    assert "--leave-out" in answer.words
    assert not (tmp_path / "tables").exists()


@pytest.mark.parametrize("verb", ["protect", "round"])
def test_whoever_is_left_out_is_in_no_table(palermo, office, verbs, ids, tmp_path, verb):
    words, how = verbs[verb]
    out = [tmp_path / "own", tmp_path / "other"]
    more = ("--leave-out", ids, "--person", "case")
    assert palermo(*words, office / "police.csv", *how, "--out", out[0], *more).code == 0
    nobody = tmp_path / "nobody.csv"
    nobody.write_text("\n".join(police(with_sealed=False)) + "\n", encoding="utf-8")
    assert palermo(*words, nobody, *how, "--out", out[1]).code == 0
    own, other = ({file.name: file.read_bytes() for file in sorted(folder.iterdir())} for folder in out)
    assert own == other
    table = next(file for file in out[0].iterdir() if file.suffix == ".csv")
    with table.open(encoding="utf-8") as stream:
        assert "BEL" not in {row["country"] for row in csv.DictReader(stream)}


def test_a_copy_said_to_be_of_the_workspace_is_refused_as_well(palermo, office, tmp_path):
    copy = tmp_path / "copy.csv"
    copy.write_text("\n".join(police()) + "\n", encoding="utf-8")
    asked = ("protect", copy, *DIMENSIONS, "--plan-only")
    assert palermo(*asked, "--workspace", office).code == 3
    assert palermo(*asked).code == 0


@pytest.mark.parametrize(
    ("content", "mode", "more", "words"),
    [
        ("made-up-7f3a9c11\n", 0o644, ("--person", "case"), "chmod 600"),
        ("made-up-7f3a9c11\n", 0o600, (), "needs --person"),
        ("made-up-7f3a9c11\n", 0o600, ("--person", "number"), "no column 'number'"),
        ("made-up-7f3a9c11\n", 0o600, ("--person", "referral"), "nobody would be left out"),
        ("\n", 0o600, ("--person", "case"), "empty"),
    ],
)
def test_a_list_that_would_leave_nobody_out_is_refused(palermo, office, ids, content, mode, more, words):
    ids.write_text(content, encoding="utf-8")
    ids.chmod(mode)
    answer = palermo("protect", office / "police.csv", *DIMENSIONS, "--plan-only", "--leave-out", ids, *more)
    assert answer.code == 2
    assert words in answer.words
    assert "made-up-" not in answer.words
