import hashlib
import json
from pathlib import Path
from time import process_time

import pyarrow.parquet as pq
import pytest

import palermo
from palermo.demo import country as country_module
from palermo.demo import facts
from palermo.demo.country import build_demo, settings_toml
from palermo.demo.lists import SHAPES
from palermo.errors import UsageError
from palermo.intake.mapping import load_mapping
from palermo.intake.read import read_rows
from palermo.settings_file import read_settings
from palermo.workspace import FILE_NAME, find_workspace

LISTS = [*(shape.name for shape in SHAPES), "courts"]


def hashes(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def sources(country):
    return {source.name: source for source in read_settings(country.workspace / FILE_NAME).sources}


def test_the_same_seed_and_persons_give_the_same_bytes(tmp_path):
    build_demo(tmp_path / "one", seed=2, persons=400)
    build_demo(tmp_path / "two", seed=2, persons=400)
    build_demo(tmp_path / "three", seed=3, persons=400)
    one, two, three = (hashes(tmp_path / name) for name in ("one", "two", "three"))
    assert one == two
    assert one.keys() == three.keys()
    assert {name for name in one if one[name] == three[name]} == {
        name for name in one if not name.startswith(("lists/", "truth/"))
    }


def test_the_bytes_are_those_of_every_other_machine(tmp_path):
    """Change this value only when the generator is meant to change: the tutorial shows figures of it."""
    build_demo(tmp_path, seed=1, persons=100)
    assert hashes(tmp_path)["lists/made-up-police.csv"][:16] == "a31f6e31bcd2025e"


def test_the_default_country_is_built_within_five_seconds(tmp_path):
    started = process_time()
    result = build_demo(tmp_path / "default")
    assert process_time() - started < 5
    assert result.persons == 20_000


def test_the_settings_are_read_and_say_that_the_data_are_made_up(country):
    settings = find_workspace(country.workspace).settings
    assert settings.made_up
    assert (settings.area, settings.area_name, settings.years) == ("XXA", "Demoland (made up)", (2019, 2023))
    assert [source.name for source in settings.sources] == LISTS
    assert settings.population is not None
    assert settings.population.file.read_text().startswith("area,year,sex,age,persons,")
    assert not any(source.public for source in settings.sources)


@pytest.mark.parametrize("name", LISTS)
def test_each_file_has_the_columns_of_its_mapping_and_is_marked_in_every_row(sources, name):
    source = sources[name]
    mapping = load_mapping(source.mapping)
    options = {"encoding": mapping.encoding, "delimiter": mapping.delimiter, "sheet": mapping.sheet}
    marks = set()
    for batch in read_rows(source.path, **options):
        assert set(batch.columns) == mapping.source_columns() | set(mapping.ignored)
        marks |= set(batch.table.column("made_up").to_pylist())
    assert marks == {facts.MADE_UP}


def test_every_file_says_by_name_or_in_its_text_that_it_is_made_up(country):
    for path in country.files:
        assert path.name.startswith("made-up-") or facts.MADE_UP in path.read_text(encoding="utf-8"), path
    for path in country.workspace.rglob("*.parquet"):
        assert pq.read_metadata(path).metadata[b"palermo.note"] == facts.MADE_UP.encode()


def test_no_stage_can_find_the_truth(country, sources):
    assert country.truth.is_file()
    assert "truth" not in settings_toml()
    read = [path for source in sources.values() for path in (source.path, source.mapping)]
    assert all("truth" not in path.parts for path in read)
    package = Path(palermo.__file__).parent
    for module in package.rglob("*.py"):
        if module.parent.name != "demo":
            text = module.read_text(encoding="utf-8")
            assert "made-up-truth" not in text, module
            assert "demo.truth" not in text, module


def test_the_truth_states_what_was_planted(country):
    stated = json.loads((country.workspace / "truth" / "made-up-truth.json").read_text())
    assert stated["note"] == facts.MADE_UP
    assert stated["victims"] == country.persons
    assert set(stated["lists"]) == {shape.name for shape in SHAPES}
    for planted in stated["lists"].values():
        assert planted["rows_to_quarantine"] == sum(planted["faults"].values())


def test_a_country_is_rebuilt_in_place_and_what_the_stages_wrote_stays(tmp_path):
    build_demo(tmp_path, seed=1, persons=200)
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "kept.txt").write_text("kept")
    before = hashes(tmp_path)
    build_demo(tmp_path, seed=2, persons=300)
    after = hashes(tmp_path)
    assert before.keys() == after.keys()
    assert before["work/kept.txt"] == after["work/kept.txt"]
    assert before["lists/made-up-police.csv"] != after["lists/made-up-police.csv"]


def test_files_that_stay_the_same_are_not_written_again(tmp_path):
    build_demo(tmp_path, seed=1, persons=200)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    build_demo(tmp_path, seed=1, persons=200)
    assert {path: path.stat().st_mtime_ns for path in before} == before


@pytest.mark.parametrize("name", ["notes.txt", FILE_NAME])
def test_a_folder_with_other_files_is_left_alone(tmp_path, name):
    (tmp_path / name).write_text("[account]\ntitle = 'An office'\n")
    with pytest.raises(UsageError, match="did not make"):
        build_demo(tmp_path, persons=200)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_in_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "place").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        build_demo(tmp_path / "place", persons=200)


@pytest.mark.parametrize(
    ("seed", "persons", "word"), [(1, 99, "persons"), (1, 5_000_001, "persons"), (-1, 200, "seed")]
)
def test_numbers_out_of_range_are_refused_with_what_is_expected(tmp_path, seed, persons, word):
    with pytest.raises(UsageError, match=f"{word}: found .* expected"):
        build_demo(tmp_path / "never", seed=seed, persons=persons)
    assert not (tmp_path / "never").exists()


def test_an_interrupted_build_leaves_the_earlier_country_whole(tmp_path, monkeypatch):
    build_demo(tmp_path, seed=1, persons=200)
    before = hashes(tmp_path)

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(country_module, "write_truth", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build_demo(tmp_path, seed=2, persons=300)
    assert hashes(tmp_path) == before


def test_progress_rises_to_its_total(tmp_path):
    seen = []
    build_demo(tmp_path, persons=200, progress=lambda done, total, text: seen.append((done, total, text)))
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
    assert seen[-1][0] == seen[-1][1]
    assert {"police", "truth"} <= {text for _, _, text in seen}
