"""Strings that must stand nowhere (ids and names of sealed persons), looked for in every byte of what is given.

All forms of all strings are looked for in one pass over the bytes (Rabin and Karp's idea): the first 4 or 8 bytes at
every place are compared with those of all patterns at once. The decision a reader would question: a finding names the
line of the list, never the string, so that the report itself gives nobody away.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from palermo.errors import UsageError
from palermo.release.attack.contents import CannotOpenError, contents
from palermo.release.attack.finding import Finding, Outcome, could_not, ran
from palermo.release.attack.forms import SHORTEST, Pattern, patterns
from palermo.workspace import find_workspace

SEARCH = "search"
SEALED_LIST = "search.txt"  # in the closed folder of a workspace: numbers of persons under seal
_BLOCK = 1 << 25
_LATIN = 0x80
_MIX = np.uint64(0x9E3779B97F4A7C15)
_BITS = np.uint64(40)  # a hash of 24 bits is left
_NOT_SEARCHED = ("work", "truth", "lists", "mappings", "released")  # of a workspace: confidential by purpose

Places = npt.NDArray[np.int64]


class _Group:
    """Patterns that begin with ``width`` bytes each, found by them."""

    def __init__(self, some: Sequence[Pattern], width: int) -> None:
        self.width = width
        self.kind = np.dtype("<u4") if width == 4 else np.dtype("<u8")
        self.by_head: dict[int, list[Pattern]] = {}
        for pattern in some:
            head = int(np.frombuffer(pattern.content[:width], self.kind)[0])
            self.by_head.setdefault(head, []).append(pattern)
        self.heads = np.array(sorted(self.by_head), dtype=np.uint64)
        self.mask = np.zeros(1 << 24, dtype=bool)
        self.mask[_hash(self.heads)] = True

    def found(self, data: bytes) -> Iterator[tuple[Pattern, int]]:
        """Patterns whose first bytes stand in the data, and where."""
        if not len(self.heads):
            return
        for shift in range(self.width):
            count = (len(data) - shift) // self.width
            if count <= 0:
                return
            words = np.frombuffer(data, self.kind, count, shift).astype(np.uint64)
            near = np.flatnonzero(self.mask[_hash(words)])
            heads = words[near]
            place = np.minimum(np.searchsorted(self.heads, heads), len(self.heads) - 1)
            sure = self.heads[place] == heads
            for position, head in zip(near[sure].tolist(), heads[sure].tolist(), strict=True):
                for pattern in self.by_head[head]:
                    yield pattern, shift + position * self.width


def _hash(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    return ((words * _MIX) >> _BITS).astype(np.int64)


class Strings:
    """All forms of the strings of a list."""

    def __init__(self, texts: Sequence[tuple[int, str]]) -> None:
        made = [pattern for line, text in texts for pattern in patterns(text, line)]
        self.longest = max((len(pattern.content) for pattern in made), default=0)
        self.count = len(made)
        self._groups = {
            (folded, width): _Group([one for one in made if one.folded == folded and _width(one) == width], width)
            for folded in (True, False)
            for width in (4, 8)
        }

    def found(self, data: bytes) -> set[tuple[int, str]]:
        """Lines of the list, and the forms in which their strings stand in the data."""
        hits: set[tuple[int, str]] = set()
        step = _BLOCK
        for start in range(0, max(len(data), 1), step):
            block = data[max(start - 2, 0) : start + step + self.longest + 2]
            for folded in (True, False):
                seen = block.lower() if folded else block
                for width in (4, 8):
                    hits |= {
                        (pattern.line, pattern.form)
                        for pattern, place in self._groups[folded, width].found(seen)
                        if seen.startswith(pattern.content, place) and _stands_alone(pattern, seen, place)
                    }
        return hits


def _width(pattern: Pattern) -> int:
    return 8 if len(pattern.content) >= 8 else 4


def _stands_alone(pattern: Pattern, data: bytes, place: int) -> bool:
    if not pattern.ends:
        return True
    before, after = place - pattern.ends[0], place + len(pattern.content) + pattern.ends[1]
    return not any(0 <= at < len(data) and _is_letter(data[at]) for at in (before, after))


def _is_letter(byte: int) -> bool:
    return byte >= _LATIN or bytes([byte]).isalnum()


def read_strings(path: Path) -> tuple[list[tuple[int, str]], int]:
    """The strings of a list by line, and how many are too short. Raises ``UsageError`` where it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--search {path}: expected a text file (UTF-8) with one string a line: {error}") from None
    texts = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    long = [(number, text) for number, text in texts if len(text) >= SHORTEST]
    if not texts:
        raise UsageError(f"--search {path}: no strings in it; expected one a line")
    return long, len(texts) - len(long)


def search(paths: Sequence[Path], listed: Path) -> list[Outcome]:
    """Look for the strings of a list in all files."""
    texts, short = read_strings(listed)
    outcomes = _searched(paths, listed, texts, "holds the string of line {line} of the list, as {form}")
    if short:
        reason = f"{short:,} of its strings have fewer than {SHORTEST} letters and stand everywhere by chance"
        outcomes.append(could_not(SEARCH, listed.name, reason))
    return outcomes


def search_sealed(home: Path) -> list[Outcome]:
    """Look for the numbers of persons under seal in all of a workspace that may leave it."""
    listed = find_workspace(home).sealed / SEALED_LIST
    if not listed.is_file():
        return [could_not(SEARCH, home.name, "no person is under seal whose number could be told from a figure")]
    texts, _ = read_strings(listed)
    return _searched([home], listed, texts, "holds the number of a person under seal, as {form}", said=False)


def _searched(
    paths: Sequence[Path], listed: Path, texts: Sequence[tuple[int, str]], words: str, said: bool = True
) -> list[Outcome]:
    """``said``: how many strings there are may be told."""
    strings = Strings(texts)
    findings: list[Finding] = []
    outcomes: list[Outcome] = []
    size = 0
    for name, file in _files(paths, listed):
        try:
            hits = [(f"name of {file.name}", *hit) for hit in sorted(strings.found(name.encode()))]
            for place, data in contents(name, file.read_bytes()):
                size += len(data)
                hits += [(place, *hit) for hit in sorted(strings.found(data))]
        except (CannotOpenError, OSError) as error:
            outcomes.append(could_not(SEARCH, name, str(error)))
        findings += [Finding(SEARCH, place, words.format(line=line, form=form)) for place, line, form in hits]
    place = f"{size:,} bytes, packed ones and columns included"
    tried = f"strings in {strings.count:,} forms, in {place}" if said else f"persons under seal, in {place}"
    return [ran(SEARCH, "every byte", len(texts) if said else 1, tried, findings), *outcomes]


def _files(paths: Sequence[Path], listed: Path) -> Iterator[tuple[str, Path]]:
    """All files, with a name that begins at what was given."""
    for path in paths:
        if path.is_file():
            yield path.name, path
            continue
        closed = _NOT_SEARCHED if (path / "palermo.toml").is_file() else ()
        for file in sorted(path.rglob("*")):
            inside = file.relative_to(path)
            if file.is_file() and file != listed and not (inside.parts[0] in closed and len(inside.parts) > 1):
                yield f"{path.name}/{inside.as_posix()}", file
