"""Faults of the ledger, planted and found; and a ledger that fits."""

import hashlib
import json
import shutil
from fractions import Fraction

import pytest

from palermo.provenance import file_sha256
from palermo.release.folder import id_of
from palermo.release.freeze import make_release
from palermo.release.ledger import FILE, Ledger
from palermo.release.ledger_entry import MADE, SYNTHETIC, Entry
from palermo.release.rules import Protection


@pytest.fixture
def releases(tmp_path, cubes, persons, written):
    """A folder of releases with one release that its ledger lists."""
    made = make_release(*written(cubes["counted"](persons)), tmp_path / "releases", Protection(), {})
    manifest = hashlib.sha256((made.path / "manifest.json").read_bytes()).hexdigest()
    Ledger(tmp_path / "releases").append(Entry(MADE, made.path.name, "A. Maker", manifest))
    return tmp_path / "releases"


def test_a_ledger_that_fits(kinds, releases):
    assert kinds(releases) == set()


def test_a_release_that_no_ledger_lists(kinds, releases):
    (one,) = [folder for folder in releases.iterdir() if folder.is_dir()]
    shutil.copytree(one, releases / "another")
    assert kinds(releases) == {"ledger"}


def test_an_altered_entry(kinds, releases):
    file = releases / FILE
    file.write_text(file.read_text(encoding="utf-8").replace("A. Maker", "B. Maker"), encoding="utf-8")
    assert kinds(releases) == {"ledger"}


def test_a_pack_that_was_charged_too_little(kinds, pack, made, tmp_path):
    folder = tmp_path / "releases" / "open-data"
    shutil.copytree(pack, folder)
    files = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))["files"]
    made["json"](folder / "manifest.json", id=id_of(files))
    manifest = file_sha256(folder / "manifest.json")
    rho = Fraction(json.loads((pack / "parameters.json").read_text(encoding="utf-8"))["rho"])
    for charged, expected in ((rho, set()), (rho / 2, {"ledger"})):
        (tmp_path / "releases" / FILE).unlink(missing_ok=True)
        Ledger(tmp_path / "releases").append(
            Entry(MADE, id_of(files), "A. Maker", manifest, SYNTHETIC, folder="open-data", sources={"shelter": ()},
                  rho={"shelter": str(charged)})
        )  # fmt: skip
        assert kinds(tmp_path / "releases") == expected


def test_a_budget_that_is_overspent(kinds, tmp_path):
    settings = '[account]\ntitle = "Made up"\narea = "XXA"\n[release]\nbudget = { epsilon = 1, delta = 1e-9 }\n'
    (tmp_path / "palermo.toml").write_text(settings, encoding="utf-8")
    entry = Entry(MADE, "open-data", "A. Maker", "0" * 64, SYNTHETIC, sources={"shelter": ()}, rho={"shelter": "1/2"})
    Ledger(tmp_path / "releases").append(entry)
    assert "ledger" in kinds(tmp_path)
