"""Bad input through the command line: each a clear error, nothing half-written, nothing lost."""

import csv
import os
import resource
import signal
import sys
import time
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from .conftest import MAPPING, start

HEADER = ("case", "year", "sex", "age")


def lines(count=60):
    return [",".join(HEADER)] + [f"c{n},2021,{'F' if n % 2 else 'M'},{15 + n % 20}" for n in range(count)]


@pytest.fixture
def intake(palermo, tmp_path):
    """Take in bytes written to ``cases.csv`` (or another name) with the made-up mapping."""
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING)

    def take(content: bytes, *options: str, name: str = "cases.csv"):
        file = tmp_path / name
        file.write_bytes(content)
        return palermo("intake", file, "--mapping", mapping, "--out", tmp_path / "out", "--json", *options)

    take.folder = tmp_path / "out"  # type: ignore[attr-defined]
    return take


def written(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.rglob("*")) if folder.exists() else []


def quarantine(folder: Path) -> list[dict[str, str]]:
    with (folder / "cases.quarantine.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", 2, "empty"),
        (b"\n\n\n", 2, "empty"),
        ("\n".join(lines()).replace("case,year", "year,year").encode(), 2, "year"),
        (b"Case,Person,,\n" + "\n".join(lines()).encode(), 2, "header_row"),
        (b"case,year,sex,age\nc1,2021,F,20\nc2,2021,Fem\xe9nin,20\n" * 3, 2, "encoding"),
        (b"PK\x03\x04 not a workbook", 1, "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(intake, content, code, words):
    answer = intake(content)
    assert answer.code == code, answer.err
    assert words in answer.words
    assert "cases.csv" in answer.words
    assert not [name for name in written(intake.folder) if name.endswith((".parquet", ".part"))]


def test_a_header_alone_is_no_case_and_says_so(intake):
    answer = intake(b"case,year,sex,age\n")
    assert answer.code in (0, 2)
    if answer.code == 0:
        assert (answer.json["read"], answer.json["accepted"]) == (0, 0)
    else:
        assert "no rows" in answer.words


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_encodings_that_announce_themselves_are_read(intake, encoding):
    answer = intake("\n".join(lines()).encode(encoding))
    assert (answer.code, answer.json["accepted"]) == (0, 60)


def test_mac_roman_with_carriage_returns_is_read_when_named(intake):
    text = "\r".join([*lines(), "c60,2021,F,féminin"])  # an age that is none, with a letter that differs by encoding
    answer = intake(text.encode("mac_roman"), "--encoding", "mac_roman")
    assert (answer.json["read"], answer.json["accepted"]) == (61, 60)
    assert quarantine(intake.folder)[0]["found"] == "féminin"


def test_ragged_rows_go_to_quarantine_with_row_and_what_was_expected(intake):
    rows = lines()
    rows[10] += ",surplus"
    rows[20] = "c19,2021"
    answer = intake("\n".join(rows).encode())
    assert (answer.json["read"], answer.json["accepted"], answer.json["quarantined"]) == (60, 58, 2)
    found = quarantine(intake.folder)
    assert [row["row"] for row in found] == ["10", "20"]
    assert "4" in found[0]["expected"]


def test_a_tenth_of_garbage_is_quarantined_and_the_rest_counted(intake):
    rows = lines(200)
    for n in range(1, 201, 10):
        rows[n] = f"g{n},not a year,??,{n}00"
    answer = intake("\n".join(rows).encode())
    assert (answer.json["read"], answer.json["accepted"], answer.json["quarantined"]) == (200, 180, 20)
    assert len(quarantine(intake.folder)) == 20


def test_mostly_garbage_is_refused_but_the_quarantine_can_be_looked_at(intake):
    rows = [lines()[0]] + [f"g{n},never,??,-" for n in range(60)]
    answer = intake("\n".join(rows).encode())
    assert answer.code == 3
    assert "cases.quarantine.csv" in written(intake.folder)
    assert "cases.cases.parquet" not in written(intake.folder)


def test_an_unknown_code_names_the_nearest_ones(intake):
    rows = lines()
    rows[5] = "c4,2021,femal,20"
    assert intake("\n".join(rows).encode()).json["quarantined"] == 1
    (found,) = quarantine(intake.folder)
    assert (found["row"], found["column"], found["found"]) == ("5", "sex", "femal")
    assert "F" in found["expected"]


def test_a_formula_is_disarmed_in_every_file_for_people(intake):
    rows = lines()
    rows[3] = '"=HYPERLINK(""x"")",2021,@SUM(A1),20'
    assert intake("\n".join(rows).encode()).json["quarantined"] == 1
    text = (intake.folder / "cases.quarantine.csv").read_text(encoding="utf-8")
    cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
    assert any("@SUM" in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in "=+@" and cell]


def test_a_very_long_line_is_refused_with_its_number(intake):
    content = "\n".join(lines(5)).encode() + b"\nc9,2021,F," + b"9" * 70_000_000 + b"\n"
    answer = intake(content)
    assert answer.code == 1
    assert "row 5 a row is longer than" in answer.words
    assert written(intake.folder) == []


def test_a_zip_bomb_is_refused_before_it_is_opened(intake, tmp_path):
    good = tmp_path / "good.xlsx"
    book = Workbook()
    book.active.append(HEADER)
    book.save(good)
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if not name.startswith("xl/worksheets"):
                target.writestr(name, source.read(name))
        with target.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as stream:
            for _ in range(300):
                stream.write(b"<row>" + b" " * 4_000_000)
    started = time.monotonic()
    answer = intake(bomb.read_bytes(), name="bomb.xlsx")
    assert answer.code == 3
    assert "bomb.xlsx" in answer.words
    assert time.monotonic() - started < 30


def test_a_workbook_with_the_same_rows_gives_the_same_cases(intake, tmp_path):
    book = Workbook()
    for row in lines():
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row.split(",")])
    book.save(tmp_path / "cases.xlsx")
    answer = intake((tmp_path / "cases.xlsx").read_bytes(), name="cases.xlsx")
    assert answer.json["accepted"] == 60
    assert pq.read_table(answer.json["sources"][0]["tables"]["cases"])["age"][3].as_py() == 18


def large_file(folder: Path, rows: int) -> Path:
    file = folder / "large.csv"
    with file.open("w", encoding="utf-8") as stream:
        stream.write("case,year,sex,age\n")
        stream.writelines(f"c{n},2021,F,{18 + n % 40}\n" for n in range(rows))
    (folder / "mapping.toml").write_text(MAPPING)
    return file


def arguments(folder: Path, file: Path) -> tuple[object, ...]:
    return "intake", file, "--mapping", folder / "mapping.toml", "--out", folder / "out"


@pytest.mark.skipif(sys.platform == "win32", reason="limits of processes are set the POSIX way")
def test_a_full_disk_leaves_nothing_half_written(tmp_path):
    file = large_file(tmp_path, 300_000)

    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    process = start(*arguments(tmp_path, file), preexec_fn=small_disk)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 1, err
    assert "out" in err
    assert not [name for name in written(tmp_path / "out") if name.endswith((".parquet", ".part"))]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are set the POSIX way")
def test_a_folder_that_may_not_be_written_is_named(tmp_path):
    file = large_file(tmp_path, 50)
    blocked = tmp_path / "out"
    blocked.write_text("a file stands where the folder should be")  # holds for every user, root too
    process = start(*arguments(tmp_path, file))
    _, err = process.communicate(timeout=120)
    assert process.returncode in (1, 2), err
    assert "out" in err
    assert "Traceback" not in err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path):
    file = large_file(tmp_path, 50)
    file.chmod(0)
    process = start(*arguments(tmp_path, file))
    _, err = process.communicate(timeout=120)
    assert process.returncode in (1, 2)
    assert "large.csv" in err
    assert "Traceback" not in err


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent the POSIX way")
def test_an_interrupt_leaves_nothing_half_written(tmp_path):
    file = large_file(tmp_path, 2_000_000)
    process = start(*arguments(tmp_path, file))
    deadline = time.monotonic() + 60
    while not written(tmp_path / "out") and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 1, err
    assert "nothing is half-written" in err
    assert written(tmp_path / "out") == []


def test_a_file_of_one_endless_line_is_refused_in_one_sentence(intake, palermo, tmp_path):
    answer = intake(b"a" * 3_000_000)
    assert answer.code == 1
    assert "first line is longer" in answer.words
    assert len(answer.err) < 1000
    assert palermo("map", tmp_path / "cases.csv", "--out", tmp_path / "maps").code == 1


def test_a_message_about_columns_stays_readable(intake):
    answer = intake(b"x" * 5000 + b",year\n1,2021\n2,2022\n")
    assert answer.code == 2
    assert "columns not found" in answer.words
    assert len(answer.err) < 1000
