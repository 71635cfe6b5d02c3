"""Noise inside a workspace: charged before it is drawn, refused when the budget is spent, and never charged twice."""

import json

import pytest

SETTINGS = """[account]
area = "DEU"
made_up = true
[release]
budget = { epsilon = 4, delta = 1e-6 }
[[source]]
name = "shelter"
path = "shelter.csv"
"""


@pytest.fixture
def office(tmp_path):
    """A workspace with a made-up list of 300 persons and a budget."""
    folder = tmp_path / "tip"
    folder.mkdir()
    (folder / "palermo.toml").write_text(SETTINGS, encoding="utf-8")
    rows = [f"{'F' if n % 3 else 'M'},{'Y0T17' if n % 4 else 'Y_GE18'}" for n in range(300)]
    (folder / "shelter.csv").write_text("\n".join(["sex,age", *rows]) + "\n", encoding="utf-8")
    return folder


def draw(palermo, office, out, *more, epsilon=3):
    noise = ("--epsilon", epsilon, "--delta", "1e-6", "--codes-from-data", "all", "--json")
    return palermo("synth", office / "shelter.csv", "--out", out, *noise, *more)


def entries(office):
    file = office / "releases" / "ledger.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.is_file() else []


def spent(palermo, office):
    return palermo("ledger", "show", "--workspace", office, "--json").json["spent"]["shelter"]


def test_a_draw_is_charged_and_adding_its_pack_costs_nothing_more(palermo, office, tmp_path):
    assert draw(palermo, office, tmp_path / "pack", "--by", "A. Maker").code == 0
    assert [one["action"] for one in entries(office)] == ["charged", "drawn"]
    before = spent(palermo, office)
    assert 2.9 < before["epsilon"] <= 3.001
    assert palermo("ledger", "verify", "--workspace", office).code == 0
    words = ("release", "add", tmp_path / "pack", "--source", "shelter", "--by", "A. Maker", "--workspace", office)
    added = palermo(*words, "--json")
    assert added.code == 0
    assert spent(palermo, office)["epsilon"] <= before["epsilon"]
    assert list(spent(palermo, office)["by"]) == [added.json["id"]]
    assert palermo("release", "approve", added.json["id"], "--by", "B. Second", "--workspace", office).code == 0
    assert palermo("ledger", "verify", "--workspace", office).code == 0


def test_a_second_draw_that_would_overspend_is_refused_before_noise_is_drawn(palermo, office, tmp_path):
    assert draw(palermo, office, tmp_path / "one", "--by", "A. Maker").code == 0
    again = draw(palermo, office, tmp_path / "two", "--by", "A. Maker")
    assert again.code == 3
    assert "(drawn by A. Maker)" in again.words
    assert not (tmp_path / "two").exists()
    assert len(entries(office)) == 2


def test_noise_that_is_not_published_stays_charged(palermo, office, tmp_path):
    assert draw(palermo, office, tmp_path / "one", "--by", "A. Maker").code == 0
    charge = entries(office)[0]["release"]
    back = palermo("release", "withdraw", charge, "--by", "A. Maker", "--reason", "not liked", "--workspace", office)
    assert back.code == 2
    assert "cannot be taken back" in back.words
    assert [one["status"] for one in palermo("release", "list", "--workspace", office, "--json").json] == ["drawn"]


@pytest.mark.parametrize(
    ("more", "words"),
    [((), "--by"), (("--by", "A. Maker", "--workspace", "nowhere"), "no palermo.toml")],
)
def test_who_draws_must_be_said_inside_a_workspace(palermo, office, tmp_path, more, words):
    answer = draw(palermo, office, tmp_path / "pack", *more)
    assert answer.code == 2
    assert words in answer.words
    assert not entries(office)


def test_another_file_needs_a_source(palermo, office, tmp_path):
    other = tmp_path / "other.csv"
    other.write_bytes((office / "shelter.csv").read_bytes())
    asked = ("synth", other, "--out", tmp_path / "pack", "--epsilon", 1, "--delta", "1e-6", "--codes-from-data", "all")
    inside = ("--workspace", office, "--by", "A. Maker")
    answer = palermo(*asked, *inside)
    assert answer.code == 2
    assert "--source NAME, of: shelter" in answer.words
    assert palermo(*asked, *inside, "--source", "shelter").code == 0
    assert entries(office)[0]["rho"].keys() == {"shelter"}


def test_nothing_is_charged_for_a_seed_nor_for_a_faulty_file(palermo, office, tmp_path):
    assert draw(palermo, office, tmp_path / "pack", "--seed-for-tests", 1).code == 0
    (office / "shelter.csv").write_text(
        "sex,note\nF,she told us a long and personal story of it all\n", encoding="utf-8"
    )
    assert draw(palermo, office, tmp_path / "other", "--by", "A. Maker").code != 0
    assert not entries(office)


def test_a_k_anonymous_file_costs_nothing_and_the_ledger_says_what_that_leaves_open(palermo, office, tmp_path):
    made = palermo("synth", office / "shelter.csv", "--out", tmp_path / "pack", "--k-anonymous", 10,
                   "--codes-from-data", "all")  # fmt: skip
    assert made.code == 0
    assert not entries(office)
    added = palermo("release", "add", tmp_path / "pack", "--source", "shelter", "--by", "A.", "--workspace", office)
    assert added.code == 0
    told = palermo("ledger", "show", "--workspace", office, "--json").json
    assert "goes out alone" in told["notes"][0]
    assert "goes out alone" in " ".join(added.out.split()) + added.words
