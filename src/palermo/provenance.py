"""Where a figure comes from: hashes of files and of the code, and the memory of what a stage last ran on.

A stage is skipped when its fingerprint (settings, inputs, code) is the one it last ran with and its files still stand.
The decision a reader would question: a file that was altered since its stage wrote it is refused, not made again. No
sum would show that a figure in it is another, and whoever did it should be found out before the trace is gone.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from palermo import __version__
from palermo.errors import RefusedError
from palermo.whole_files import whole

_CHUNK = 1 << 20
_FOR_PEOPLE = {".html", ".csv"}  # opened, and perhaps saved, by people; no stage reads them
_VERBS = {"linkage": "link", "seals": "account"}  # stages that are not called as the verb that runs them


@cache
def code_version() -> str:
    """Version of the package and a hash over its source files, so that changed code never passes as the same."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for file in sorted(root.rglob("*")):
        if file.suffix in {".py", ".toml", ".csv", ".html", ".css"}:
            digest.update(str(file.relative_to(root)).encode())
            digest.update(file.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:8]}"


def file_sha256(path: Path) -> str:
    """Hash of a file's content; of a folder, the hash over its files' names and hashes."""
    digest = hashlib.sha256()
    if path.is_dir():
        for file in sorted(item for item in path.rglob("*") if item.is_file()):
            digest.update(f"{file.relative_to(path)} {file_sha256(file)}\n".encode())
        return digest.hexdigest()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def fingerprint(parts: Mapping[str, Any]) -> str:
    """Hash of plain data, independent of the order of keys."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def write_json(path: Path, document: Any) -> None:
    """Write a JSON document whole or not at all."""
    with whole(path) as part:
        part.write_text(json.dumps(document, indent=1, sort_keys=True, default=str) + "\n", encoding="utf-8")


@dataclass
class StageMemory:
    """What each stage last ran on and what it said then, kept in one JSON file."""

    path: Path

    def _read(self) -> dict[str, Any]:
        try:
            document = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}  # nothing remembered: every stage runs again, which is always right
        return document if isinstance(document, dict) else {}

    def recall(self, stage: str, print_of_inputs: str) -> dict[str, Any] | None:
        """The summary of the last run if it had the same inputs and its files still stand, else None.

        Raises ``RefusedError`` where one of them is not as the stage wrote it.
        """
        entry = self._entry(stage)
        if entry is None or entry["fingerprint"] != print_of_inputs:
            return None
        files = {self.path.parent.parent / name: print_of_file for name, print_of_file in entry["files"].items()}
        if not all(file.exists() for file in files):
            return None
        for file, print_of_file in files.items():
            if print_of_file is not None and file_sha256(file) != print_of_file:
                raise RefusedError(_altered(file, stage))
        summary: dict[str, Any] = entry["summary"]
        return summary

    def _entry(self, stage: str) -> dict[str, Any] | None:
        """What is remembered of a stage; None where it is nothing, or damaged."""
        entry = self._read().get(stage)
        if not isinstance(entry, dict) or not {"fingerprint", "files", "summary"} <= set(entry):
            return None
        whole = isinstance(entry["files"], dict) and isinstance(entry["summary"], dict)
        return entry if whole else None

    def last(self, stage: str) -> dict[str, Any]:
        """What the stage said when it last ran. Raises ``KeyError`` where it never did."""
        entry = self._entry(stage)
        if entry is None:
            raise KeyError(stage)
        summary: dict[str, Any] = entry["summary"]
        return summary

    def remember(self, stage: str, print_of_inputs: str, summary: Mapping[str, Any], files: Iterable[Path]) -> None:
        """Keep what the stage ran on and the hashes of its files, after they have been written."""
        document = self._read()
        root = self.path.parent.parent
        prints = {str(file.relative_to(root)): self._print_of(file) for file in files}
        document[stage] = {"fingerprint": print_of_inputs, "summary": dict(summary), "files": prints}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_json(self.path, document)

    def _print_of(self, file: Path) -> str | None:
        """Hash of a file that a later stage may read; None of others, and of folders, whose manifest has theirs."""
        handed_on = self.path.parent in file.parents and file.suffix not in _FOR_PEOPLE and file.is_file()
        return file_sha256(file) if handed_on else None

    def once(
        self,
        stage: str,
        inputs: Mapping[str, Any],
        act: Callable[[], tuple[Mapping[str, Any], Iterable[Path]]],
    ) -> tuple[dict[str, Any], bool]:
        """Run ``act`` unless it last ran on the same inputs. Returns its summary and whether it was skipped."""
        print_of_inputs = _fingerprint_of(inputs)
        known = self.recall(stage, print_of_inputs)
        if known is not None:
            return known, True
        summary, files = act()
        self.remember(stage, print_of_inputs, summary, files)
        return dict(summary), False

    def done(self, stage: str, inputs: Mapping[str, Any], summary: Mapping[str, Any], files: Iterable[Path]) -> None:
        """Remember a stage that was done by another way, as if it had just run on these inputs."""
        self.remember(stage, _fingerprint_of(inputs), summary, files)


def _fingerprint_of(inputs: Mapping[str, Any]) -> str:
    return fingerprint({**inputs, "code": code_version()})


def _altered(file: Path, stage: str) -> str:
    first = stage.split(maxsplit=1)[0]
    return (
        f"{file}: altered since the stage {stage!r} wrote it, so no figure may come from it. Find out by whom; then "
        f"delete the file and run the stage again: palermo {_VERBS.get(first, first)}"
    )
