"""The site of the demo country as a reader has it: served by its own command, read by a real browser.

Sites run in processes of their own, as ``palermo serve`` starts them, so that the settings of one are not those of
another. The browser is Debian's Chromium; without it, or without Playwright, the tests that need it say so and skip.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from palermo.cli.app import main

from ..conftest import MAPPING, SETTINGS, start
from .reader import Site

CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)


@contextmanager
def served(*arguments: object) -> Iterator[Site]:
    """A site served by ``palermo serve`` until the block ends."""
    process = start("serve", *arguments, "--port", "0", env={**os.environ, "PALERMO_REQUESTS_PER_MINUTE": "0"})
    assert process.stdout and process.stderr
    try:
        told = process.stdout.readline()
        assert "The site: " in told, told + process.stderr.read()
        yield Site(told.partition("The site: ")[2].split()[0].rstrip("/").replace("localhost", "127.0.0.1"))
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def site(demo: Path) -> Iterator[Site]:
    """The site of the demo country, whose release is a draft."""
    with served(demo, "--drafts") as found:
        yield found


def cases(count: int) -> list[str]:
    """Made-up cases of two years, with small groups among them."""
    return [f"c{n},{2021 + n % 2},{'F' if n % 5 else 'M'},{12 + n % 25}" for n in range(count)]


def run(*arguments: object) -> None:
    """A command that must succeed."""
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    assert not left.value.code, arguments


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two approved releases, the second of which has sixty more cases."""
    folder = tmp_path_factory.mktemp("office") / "tip"
    folder.mkdir()
    (folder / "palermo.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    later = [f"d{n},2021,{'F' if n % 2 else 'M'},{20 + n % 10}" for n in range(60)]
    for lines in (cases(240), [*cases(240), *later]):
        (folder / "cases.csv").write_text("\n".join(["case,year,sex,age", *lines]) + "\n", encoding="utf-8")
        run("run", "--workspace", folder, "--json")
        run("release", "make", "--by", "A. Maker", "--workspace", folder, "--json")
        ledger = (folder / "releases" / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
        name = json.loads(ledger[-1])["release"]
        run("release", "approve", name, "--workspace", folder, "--by", "B. Second", "--json")
    return folder


@pytest.fixture(scope="session")
def approved_site(office: Path) -> Iterator[Site]:
    """The site of an office with two approved releases."""
    with served(office) as found:
        yield found


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium. It ends with its module: its event loop must not run beside that of other tests."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()
