"""Feeds as Atom (RFC 4287).

The decision a reader would question: a release holds no date, and a feed must have one. Where the office gave a date in
its reason for a release (``2026-03-01``), that is the date. Otherwise it is the end of the last year counted, which is
a fact about the numbers and not about their publication; the feed says so.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from palermo.report.account import last_period
from palermo.report.reading import Release
from palermo.report.xml_text import escaped

NAMESPACE = UUID("5b0c9d3e-6f0a-5a63-9a53-0d8f6f1a2c47")  # of ids of feeds and entries; chosen once
TYPE = "application/atom+xml; charset=utf-8"
_DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")


@dataclass(frozen=True)
class Link:
    """Where something lies: ``relation`` is ``self``, ``alternate`` or ``enclosure``."""

    relation: str
    address: str
    media_type: str


@dataclass(frozen=True)
class Entry:
    """One release in a feed."""

    id: str
    title: str
    updated: str
    summary: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Feed:
    """A feed; entries the latest first."""

    id: str
    title: str
    subtitle: str
    author: str
    rights: str
    language: str
    links: tuple[Link, ...]
    entries: tuple[Entry, ...]


def stable_id(*parts: str) -> str:
    """An id that stays the same wherever the site lies: made of what it names, and of nothing else."""
    return uuid5(NAMESPACE, "\n".join(parts)).urn


def updated(release: Release) -> str:
    """The time that stands for a release in a feed."""
    for found in _DAY.findall(str(release.standing.get("reason") or "")):
        try:
            return f"{date.fromisoformat(found).isoformat()}T00:00:00Z"
        except ValueError:
            continue
    year = last_period(release)[-4:]
    return f"{year if year.isdigit() else '1970'}-12-31T00:00:00Z"


def written(feed: Feed) -> Iterable[str]:
    """The feed as XML."""
    last = max((entry.updated for entry in feed.entries), default="1970-01-01T00:00:00Z")
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{feed.language}">\n'
    yield _element("id", feed.id) + _element("title", feed.title) + _element("subtitle", feed.subtitle)
    yield _element("updated", last) + f"<author>{_element('name', feed.author).strip()}</author>\n"
    yield _element("rights", feed.rights) + "".join(map(_link, feed.links))
    for entry in feed.entries:
        yield "<entry>\n" + _element("id", entry.id) + _element("title", entry.title)
        yield _element("updated", entry.updated) + _element("summary", entry.summary)
        yield "".join(map(_link, entry.links)) + "</entry>\n"
    yield "</feed>\n"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escaped(text)}</{name}>\n"


def _link(link: Link) -> str:
    return f'<link rel="{link.relation}" type="{escaped(link.media_type)}" href="{escaped(link.address)}"/>\n'
