"""From a release folder to documents in several formats and languages, all of them or none.

The decision a reader would question: every file is made in memory before the first is placed, so that a failure in the
last format leaves the folder as it was. A national account of ninety pages is about a megabyte. Documents that an
earlier call wrote in other formats or languages stay where they are; each says on every page what release it is of.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from palermo.errors import UsageError
from palermo.language import LANGUAGES, speaking
from palermo.progress import Progress
from palermo.report.documents.formats import Files, Format, formats_named
from palermo.report.documents.report import report_of
from palermo.report.opening import open_release
from palermo.report.placing import place_files


@dataclass(frozen=True)
class Asked:
    """Which documents are wanted: formats, languages, and the area and period where not those of the account."""

    formats: Sequence[str]
    languages: Sequence[str] = ("en",)
    area: str | None = None
    period: str | None = None


@dataclass(frozen=True)
class Written:
    """What was written, with the release it was made from."""

    release: str
    area: str
    period: str
    files: tuple[Path, ...]


def checked(asked: Asked) -> tuple[tuple[Format, ...], tuple[str, ...]]:
    """The formats and languages. Raises ``UsageError`` for one that is unknown, and for a missing package."""
    return formats_named(asked.formats), languages_named(asked.languages)


def write_documents(folder: Path, asked: Asked, out_dir: Path, progress: Progress = None) -> Written:
    """Write documents of a release into ``out_dir``.

    Raises ``UsageError`` for an unknown format, language, area or period, for a missing package and where ``out_dir``
    cannot be written; ``PalermoError`` where the release was changed.
    """
    formats, languages = checked(asked)
    check_folder(out_dir)
    tell = progress or _silent
    total = len(languages) * (len(formats) + 1) + 1
    tell(0, total, "reading the release")
    release = open_release(folder)
    # First the one that a release may be refused for: nobody waits for a PDF that is thrown away.
    formats = tuple(sorted(formats, key=lambda one: one.name != "sdg"))
    files: Files = {}
    done = 1
    for language in languages:
        tell(done, total, f"{language}: making the figures")
        with speaking(language):
            report = report_of(release, asked.area, asked.period)
            for form in formats:
                done += 1
                tell(done, total, f"{language}: {form.name}")
                files |= form.files(report)
        done += 1
    written = place_files(files, out_dir, is_whole_set=False)
    tell(total, total, f"{len(written)} documents written")
    return Written(release.id, report.area, report.period, written)


def languages_named(names: Iterable[str]) -> tuple[str, ...]:
    """The languages of these codes, each once. Raises ``UsageError`` for another code."""
    wanted = tuple(dict.fromkeys(code.strip() for text in names for code in text.split(",") if code.strip()))
    unknown = [code for code in wanted if code not in LANGUAGES]
    if unknown or not wanted:
        raise UsageError(f"--lang {','.join(unknown)}: found no such language; expected some of {', '.join(LANGUAGES)}")
    return wanted


def check_folder(out_dir: Path) -> None:
    """Raise ``UsageError`` where documents cannot be written into the folder."""
    if out_dir.exists() and not out_dir.is_dir():
        raise UsageError(f"{out_dir}: found a file, expected a folder to write into; name another with --out")
    nearest = next(folder for folder in (out_dir.absolute(), *out_dir.absolute().parents) if folder.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise UsageError(f"{out_dir}: cannot be written (see {nearest}); name another folder with --out")


def _silent(_done: float, _total: float | None, _text: str) -> None:
    return None
