"""The forms in which a string may stand in a file: as text in several encodings, reversed, packed, or as a hash.

The decision a reader would question: hashes are looked for by their first 16 hexadecimal digits (8 bytes), so that a
shortened one is found too; that such a match is chance has odds of one in 10^19 for each place.
"""

import base64
import hashlib
import html
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

HASHES = ("md5", "sha1", "sha256", "sha512", "blake2b")
SHORTEST = 4  # letters: shorter strings stand everywhere by chance
_LOOSE = 8  # letters from which a string needs no end of a word on both sides
_DIGITS_LOOSE = 14


@dataclass(frozen=True)
class Pattern:
    """Bytes to look for. ``folded``: in the file with ASCII letters made small. ``ends``: offsets of its neighbours.

    ``ends`` is empty where the neighbours do not matter; else the offsets, before its start and after its end, of the
    bytes that must be no letters and no digits.
    """

    content: bytes
    line: int
    form: str
    folded: bool = True
    ends: tuple[int, int] | tuple[()] = ()


def patterns(text: str, line: int) -> Iterator[Pattern]:
    """Every form of a string."""
    seen: set[bytes] = set()
    for pattern in (*_as_text(text, line), *_packed(text, line), *_hashed(text, line)):
        if len(pattern.content) >= SHORTEST and pattern.content not in seen:
            seen.add(pattern.content)
            yield pattern


def _as_text(text: str, line: int) -> Iterator[Pattern]:
    loose = len(text) >= (_DIGITS_LOOSE if text.isdigit() else _LOOSE)
    near: tuple[int, int] | tuple[()] = () if loose else (1, 0)
    cases = {text, text.lower(), text.upper(), text.title()}  # folding makes small the letters of ASCII alone
    for composed in sorted(cases | {unicodedata.normalize(form, case) for case in cases for form in ("NFC", "NFD")}):
        yield Pattern(composed.encode().lower(), line, "text", ends=near)
        yield Pattern(composed[::-1].encode().lower(), line, "text, reversed", ends=near)
        western = composed.encode("cp1252", "replace")
        if western.decode("cp1252") == composed:
            yield Pattern(western.lower(), line, "text (cp1252)", ends=near)
        yield Pattern(composed.encode("utf-16-le").lower(), line, "text (UTF-16)", ends=(2, 0) if near else ())
        yield Pattern(composed.encode("utf-16-be").lower(), line, "text (UTF-16)", ends=(1, 1) if near else ())
        for quoted in (quote(composed), quote(composed, safe=""), composed.replace(" ", "+")):
            yield Pattern(quoted.encode().lower(), line, "text of an address", ends=near)
        yield Pattern(json.dumps(composed)[1:-1].encode().lower(), line, "text of JSON", ends=near)
        yield Pattern(html.escape(composed).encode().lower(), line, "text of HTML", ends=near)
    if len(text) >= SHORTEST:
        for case in sorted({text, text.lower(), text.upper()}):
            yield Pattern(case.encode().hex().encode(), line, "hexadecimal")


def _packed(text: str, line: int) -> Iterator[Pattern]:
    """Base64 at each of its three alignments, without the letters that the neighbours share."""
    for raw in {text.encode(), text.lower().encode(), text.upper().encode()}:
        for shift in range(3):
            first = -(-shift * 8 // 6)
            whole = (shift + len(raw)) * 8 // 6
            for alphabet in (None, b"-_"):
                coded = base64.b64encode(b"\0" * shift + raw, alphabet)[first:whole]
                if len(coded) >= 6:
                    yield Pattern(coded, line, "Base64", folded=False)


def _hashed(text: str, line: int) -> Iterator[Pattern]:
    for variant in {text, text.strip(), text.lower(), text.upper(), text.casefold(), f"{text}\n"}:
        raw = variant.encode()
        digests = {name: hashlib.new(name, raw).digest() for name in HASHES}
        digests["blake2b, 8 bytes"] = hashlib.blake2b(raw, digest_size=8).digest()
        for name, digest in digests.items():
            words = f"hash ({name})"
            yield Pattern(digest[:8].hex().encode(), line, words)
            yield Pattern(digest[:8], line, words, folded=False)
            yield Pattern(base64.b64encode(digest)[:10], line, words, folded=False)
