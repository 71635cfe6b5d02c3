"""A crawl of the whole portal: every link leads somewhere, every figure has what it must have, every page is sound."""

import re
from collections import deque
from html import unescape
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import pytest

from .reader import KINDS, LANGUAGES, REFUSED, parsed

LINK = re.compile(r'\s(?:href|src|action|srcset|poster|data)="([^"]*)"')
ID = re.compile(r'\sid="([^"]*)"')
HEADING = re.compile(r"<h([1-6])[ >]")
FIGURE = re.compile(r"<figure id.*?</figure>", re.DOTALL)
LARGE = 100_000
SERVICES = ("/api/", "/sdmx/", "/data/")  # tested by themselves; here each address is asked for once


def links_of(answer):
    """The addresses to which a page leads, with their anchors."""
    return [urljoin(answer.path, unescape(link)) for link in LINK.findall(answer.text) if link != "data:,"]


def faults_of(answer):
    """What is wrong with a page by itself."""
    text, faults = answer.text, []
    faults += [f"leads away: {link}" for link in links_of(answer) if urlsplit(link).netloc or urlsplit(link).scheme]
    ids = ID.findall(text)
    faults += [f"id {one} stands twice" for one in {one for one in ids if ids.count(one) > 1}]
    levels = [int(level) for level in HEADING.findall(text)]
    if levels.count(1) != 1 or any(after > before + 1 for before, after in pairwise(levels)):
        faults.append(f"headings {levels}")
    if len(answer.content) > LARGE and "/data/" not in text:
        faults.append(f"{len(answer.content)} bytes without a download")
    for figure in FIGURE.findall(text):
        if 'class="missing"' in figure:
            continue
        wanted = {"table": "<table>", "data": '.csv', "receipts": "#receipts", "method": "/definitions/",
                  "sentence": '<p class="sentence">', "made up": "made-up-tag"}  # fmt: skip
        faults += [f"figure without {name}: {figure[:60]}" for name, sign in wanted.items() if sign not in figure]
        if "<svg" in figure and 'role="img"' not in figure:
            faults.append("drawing without words")
    return faults


def crawl(site, start, is_wanted):
    """Follow every link from a page. Gives the anchors of each page, and what is wrong by address."""
    waiting, seen, faults, pages, anchors = deque([start]), {start}, {}, {}, []
    while waiting:
        path = waiting.popleft()
        answer = site.get(path)
        if answer.status != 200:
            faults.setdefault(path, []).append(f"answered {answer.status}")
            continue
        if not answer.is_page:
            continue
        pages[path] = set(ID.findall(answer.text))
        if found := faults_of(answer):
            faults[path] = found
        for link in links_of(answer):
            target, _sign, anchor = link.partition("#")
            anchors.append((path, target, anchor))
            if target not in seen and is_wanted(target):
                seen.add(target)
                waiting.append(target)
    for path, target, anchor in anchors:
        if anchor and anchor not in pages.get(target, [anchor]):
            faults.setdefault(path, []).append(f"no anchor {anchor} in {target}")
    return pages, faults


def test_one_language_whole(site):
    def is_wanted(path):
        return path.startswith(("/en/", *SERVICES, "/assets/"))

    pages, faults = crawl(site, "/en/", is_wanted)
    assert faults == {}
    assert len(pages) > 150
    assert {path for path in map(site.path_of, KINDS) if path.endswith("/")} - set(pages) <= {"/en/nothing/"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_page_is_sound_in_every_language(site, language):
    for kind in KINDS:
        answer = site.get(site.path_of(kind, language))
        assert answer.status == REFUSED.get(kind, 200)
        assert faults_of(answer) == [], kind
        assert f'<html lang="{language}"' in answer.text
        parsed(answer.text)  # strictly: raises where HTML is not as it should be
        for link in {urlsplit(link).path for link in links_of(answer)}:
            assert not link.startswith(f"/{language}/{language}/")


def test_pages_of_two_releases(approved_site):
    def is_wanted(path):
        return path.startswith("/en/")

    pages, faults = crawl(approved_site, "/en/", is_wanted)
    assert faults == {}
    assert f"/en/releases/{approved_site.latest}/changes/" in pages
    assert "/en/regions/150/" in pages


def test_the_style_sheet_loads_nothing(site):
    style = re.search(r'href="(/assets/style-\w+\.css)"', site.get("/en/").text).group(1)
    assert not re.search(r"@import|url\((?!#)", site.get(style).text)


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("</h1>", "</h1><h3>Too deep</h3>", "headings"),
        ('<main id="content"', '<main id="content"><p id="content"', "stands twice"),
        ("<table>", "<div>", "without table"),
        (".csv", ".xls", "without data"),
        ("#receipts", "#", "without receipts"),
    ],
)
def test_the_crawler_sees_what_is_wrong(site, before, after, fault):
    answer = site.get(site.path_of("figure"))
    assert faults_of(answer) == []
    changed = answer.text.replace(before, after).encode()
    altered = type(answer)(answer.path, answer.status, answer.headers, changed)
    assert any(fault in found for found in faults_of(altered))
