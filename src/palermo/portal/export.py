"""The whole site as files that any web server, or a browser without one, can show.

The decision a reader would question: what is written is what the site itself answers, page by page, found by following
its links from the first page of each language. Only what needs a server is left out (choosing in the explorer, search,
the data service's queries), and every page says where the data lie instead. Links become relative, so that the folder
may lie anywhere.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import unescape
from pathlib import Path, PurePosixPath
from posixpath import relpath

from django.conf import settings
from django.test import Client

from palermo.errors import PalermoError
from palermo.language import LANGUAGES
from palermo.portal.pages import environment
from palermo.progress import Progress
from palermo.release.whole_folder import whole_folder

INDEX = "index.html"
LANGUAGE_CHOICE = "languages.html"
_LINK = re.compile(r'(href|src)="(/[^"]*)"')


@dataclass(frozen=True)
class Exported:
    """How many pages and data files were written, and their bytes."""

    pages: int
    files: int
    size: int


def export_site(out: Path, languages: Sequence[str], progress: Progress = None) -> Exported:
    """Write the site into ``out``, whole or not at all. The site must have been prepared (``serving.prepared``).

    Raises ``PalermoError`` naming an address that a page links to and the site cannot answer.
    """
    with whole_folder(out) as part:
        pages = files = size = 0
        for address, kind, content in _answers(languages):
            target = part / file_of(address, kind)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            pages, files, size = pages + (kind == "html"), files + (kind != "html"), size + len(content)
            if progress and (pages + files) % 25 == 0:
                progress(pages + files, None, f"{pages + files} files written")
        choice = environment().get_template(LANGUAGE_CHOICE).render(languages=languages, names=LANGUAGES)
        (part / INDEX).write_text(choice, encoding="utf-8")
    return Exported(pages + 1, files, size)


def _answers(languages: Sequence[str]) -> Iterator[tuple[str, str, bytes]]:
    """Every address that can be reached, with its kind (``html`` or another) and what to write."""
    client = Client(headers={"host": "localhost"})
    waiting = deque(f"/{language}/" for language in languages)
    if settings.BASE_URL:  # a map of the site holds whole addresses
        waiting += ["/robots.txt", "/sitemap.xml"]
    seen = set(waiting)
    while waiting:
        address = waiting.popleft()
        answer = client.get(address)
        html = answer["Content-Type"].startswith("text/html")
        if answer.status_code != 200 and not (html and answer.status_code == 410):  # the notice on a withdrawn release
            raise PalermoError(f"{address}: the site answered {answer.status_code}, expected 200; nothing was written")
        content = b"".join(answer) if answer.streaming else answer.content
        if not html:
            yield address, "data", content
            continue
        text = content.decode()
        for link in dict.fromkeys(_plain(found) for _, found in _LINK.findall(text)):
            if link not in seen and _is_wanted(link, languages):
                seen.add(link)
                waiting.append(link)
        yield address, "html", _LINK.sub(partial(_relative, page=address, languages=languages), text).encode()


def _plain(link: str) -> str:
    """The address without query and anchor."""
    return unescape(link).partition("#")[0].partition("?")[0]


def _is_wanted(link: str, languages: Sequence[str]) -> bool:
    """Whether a link leads to a page in a language that is exported, or to data; services need a server."""
    first = link.split("/")[1]
    return first in languages or first in {"data", "assets", "catalogue.jsonld", "catalogue.ttl"}


def _relative(found: re.Match[str], page: str, languages: Sequence[str]) -> str:
    attribute, link = found.groups()
    plain, anchor = _plain(link), unescape(link).partition("#")[2]
    if not _is_wanted(plain, languages):
        return f'{attribute}="{link}"'
    target = file_of(plain, "html" if plain.endswith("/") else "data")
    start = str(PurePosixPath(file_of(page, "html")).parent)
    return f'{attribute}="{relpath(target, start)}{"#" + anchor if anchor else ""}"'


def file_of(address: str, kind: str) -> str:
    """The file for an address: a page is the index of its folder."""
    plain = address.strip("/")
    return f"{plain}/{INDEX}" if kind == "html" else plain
