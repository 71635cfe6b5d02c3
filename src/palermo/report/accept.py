"""What a reader would rather have, as the headers Accept and Accept-Language say it (RFC 9110, section 12.4.2)."""

import re

_QUALITY = re.compile(r"(?i);\s*q\s*=([^;]*)")
_NUMBER = re.compile(r"[0-9](\.[0-9]*)?")


def entries(header: str) -> list[tuple[str, float]]:
    """The entries of a header with their quality, best first; one that cannot be read has none, as if it were 0."""
    found = [entry.strip() for entry in header.split(",") if entry.strip()]
    return sorted(((entry, _quality(entry)) for entry in found), key=lambda one: -one[1])


def by_quality(header: str) -> list[str]:
    """The entries that the reader takes, best first."""
    return [entry for entry, quality in entries(header) if quality > 0]


def languages(header: str) -> list[str]:
    """The languages of Accept-Language, best first, without country or script: ``fr-CA`` is ``fr``."""
    return [entry.partition(";")[0].strip().partition("-")[0].lower() for entry in by_quality(header)]


def _quality(entry: str) -> float:
    found = _QUALITY.search(entry)
    if found is None:
        return 1.0
    said = found[1].strip()
    return float(said) if _NUMBER.fullmatch(said) else 0.0
