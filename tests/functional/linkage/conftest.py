"""Two made-up lists that share persons, linked once for all tests of this folder, and their encodings."""

import io
import random
import shutil
from contextlib import redirect_stdout

import pytest

from palermo.cli.app import main

SYLLABLES = ["ba", "do", "ki", "lu", "mo", "ne", "pa", "ri", "su", "ta", "ve", "zo"]
HEADER = "person,given_name,surname,birth_date,town\n"


def people(count, seed=1, first=1):
    """Made-up persons of random syllables: number, given name, family name, birth date, town."""
    draw = random.Random(seed)

    def name(length):
        return "".join(draw.choice(SYLLABLES) for _ in range(length)).capitalize()

    return [
        (
            str(number),
            name(2),
            name(3),
            f"{draw.randint(1960, 2005)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
            name(2),
        )
        for number in range(first, first + count)
    ]


def write(path, rows, header=HEADER):
    path.write_text(header + "".join(",".join(row) + "\n" for row in rows))
    return path


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Two lists of 240 and 200 records that share 120 persons, and what linking them wrote. Not to be changed."""
    folder = tmp_path_factory.mktemp("lists")
    everybody = people(320)
    files = write(folder / "police.csv", everybody[:240]), write(folder / "shelter.csv", everybody[120:])
    with pytest.raises(SystemExit) as left, redirect_stdout(io.StringIO()) as said:
        main(["link", *map(str, files), "--truth", "person", "--out", str(folder / "links"), "--json"])
    assert left.value.code in (0, None)
    (folder / "said.json").write_text(said.getvalue())
    return folder


@pytest.fixture
def lists(once, tmp_path, monkeypatch):
    """The two lists and what linking them wrote, in a folder of their own."""
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def key(lists, palermo):
    """The key of a made-up project."""
    assert palermo("encode", "--new-key", "tip.key", "--project", "tip").code == 0
    return lists / "tip.key"


@pytest.fixture
def encoded(key, palermo):
    """The two lists as encodings."""
    for name in ("police", "shelter"):
        made = palermo("encode", f"{name}.csv", "--key", key, "--record", "person")
        assert made.code == 0, made.err
    return key.parent


def linked(palermo, folder, *names, record=None):
    """Link lists of a folder; the summary."""
    files = [folder / f"{name}.csv" for name in names]
    more = ("--record", record) if record else ()
    answer = palermo("link", *files, *more, "--out", folder / "links", "--json")
    assert answer.code == 0, answer.err
    return answer.json
