"""The documentation is complete and says what the code does."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from palermo.cli.app import app
from palermo.codes import list_ids

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(file for file in ROOT.rglob("*.md") if ".venv" not in file.parts and "demo-country" not in file.parts)


def test_reference_pages_are_what_the_code_says():
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr} run `make docs`"


def test_every_verb_and_code_list_is_documented():
    cli = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    codes = (ROOT / "docs" / "reference" / "codes.md").read_text(encoding="utf-8")
    verbs = [command.name or command.callback.__name__ for command in app.registered_commands]
    assert [verb for verb in verbs if f"## palermo {verb}" not in cli] == []
    assert [name for name in list_ids() if f"(`{name}`" not in codes] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_package_stands_on_the_architecture_page():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    packages = [entry.name for entry in (ROOT / "src" / "palermo").iterdir() if (entry / "__init__.py").exists()]
    assert [name for name in packages if f"**`{name}/`**" not in page] == []
