"""Every text of the account is a message: shown with a false translation, nothing on the page is left in English.

The false translation puts each message between brackets. What still stands outside all brackets is glue between
messages, or a text that no translator would ever see.
"""

import csv
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from palermo.codes import areas
from palermo.language import LANGUAGES, catalogue, speaking
from palermo.report.account import last_period, sections_of
from palermo.report.build import report_contents
from palermo.report.labels import area_name
from palermo.report.page import render_page

ROOT = Path(__file__).resolve().parents[3]
OPEN, CLOSE = "\u27e6", "\u27e7"
SKIPPED = {"style", "code"}
SPOKEN = {"aria-label", "title", "alt"}
ISOLATES = dict.fromkeys(map(ord, "\u2067\u2069"))


class Bracketed:
    """A catalogue that has every message, between brackets, and remembers what it was asked for."""

    def __init__(self):
        self.asked = set()

    def gettext(self, message):
        self.asked.add(message)
        return f"{OPEN}{message}{CLOSE}"

    def ngettext(self, singular, plural, n):
        self.asked.add(singular)
        return f"{OPEN}{singular if n == 1 else plural}{CLOSE}"


class Seen(HTMLParser):
    """What people read or hear of a page, one text for each element; texts that are marked as English are left out."""

    def __init__(self):
        super().__init__()
        self.texts, self._open, self._left_out = [], [], 0

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        left_out = tag in SKIPPED or (named.get("lang") == "en" and tag != "html")
        self._open.append((tag, left_out))
        self._left_out += left_out
        self.texts += [value for name, value in attrs if name in SPOKEN and value]

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        while self._open:
            name, left_out = self._open.pop()
            self._left_out -= left_out
            if name == tag:
                break

    def handle_data(self, data):
        if not self._left_out and data.strip():
            self.texts.append(data.strip().translate(ISOLATES))


def outside_brackets(texts):
    """What stands outside all brackets. Labels in drawings run over several texts, so the depth carries on."""
    depth, found = 0, []
    for text in texts:
        kept = []
        for sign in text:
            depth += (sign == OPEN) - (sign == CLOSE)
            if depth == 0:
                kept.append("\n" if sign == CLOSE else sign)
        found += "".join(kept).split("\n")
    assert depth == 0, "a message was cut"
    return [text.strip() for text in found if any(sign.isalpha() for sign in text)]


@pytest.fixture(scope="module")
def full(release, tried):
    """A release that fills every figure."""
    return replace(release, estimates=tried)


@pytest.fixture
def false_translation(monkeypatch):
    made = Bracketed()
    monkeypatch.setattr(catalogue, "_translations", lambda _code: made)
    return made


def page_of(release):
    return render_page(release, sections_of(release), last_period(release))


def seen_of(html):
    reader = Seen()
    reader.feed(html)
    reader.close()
    return reader.texts


def is_a_name(text, release, code):
    """Whether a text is one that no catalogue holds: a name of an area or of lists, or a code of capitals."""
    names = {release.metadata["title"], release.area_name, *(area.names[code] for area in areas.all_areas().values())}
    lines = [f" {name} " for name in names]  # a name in a drawing may run over several lines
    shown = text.rstrip("\u2026")
    if any(f" {shown} " in line for line in lines):
        return True
    lists = {*release.lists, *release.estimates.get("lists", ())}
    rest = re.sub("|".join(map(re.escape, lists)), "", text)
    lists_alone = rest != text and re.fullmatch(r"[\d\s,و]*(et)?\s*", rest)
    return bool(lists_alone or re.fullmatch("[A-Z_]+", text))


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_nothing_on_the_page_is_left_untranslated(full, false_translation, code):
    with speaking(code):
        page = page_of(full)
        left = [text for text in outside_brackets(seen_of(page)) if not is_a_name(text, full, code)]
    assert left == []
    assert re.findall(r"\{\w+\}", page.split("</style>")[1]) == []


def test_the_texts_beside_the_data_are_messages_and_columns_are_not(full, false_translation):
    with speaking("fr"):
        contents, _filled = report_contents(full)
    left = outside_brackets(contents["README.txt"].decode().splitlines())
    columns = {"value", "lower, upper", "obs_status", "conf_status", "status", full.metadata["title"]}
    assert [text for text in left if text not in columns and not re.fullmatch(r"[\w/]+\.\w+", text)] == []
    book = list(csv.DictReader(StringIO(contents["data/codebook.csv"].decode(), newline="")))
    kept = [row["meaning"] for row in book if row["meaning"] != row["code"]]
    kept = [text for text in kept if not is_a_name(text, full, "fr")]
    assert outside_brackets(kept) == []
    assert {"victims_by_sex_age", "DEU"} <= {row["code"] for row in book}


def test_an_office_title_is_marked_as_english_in_the_page_and_plain_in_the_head(full):
    with speaking("ar"):
        page = page_of(full)
    title = full.metadata["title"]
    assert f'<h1><span lang="en" dir="ltr">{title}</span></h1>' in page
    assert f"{title}</title>" in page


@pytest.mark.parametrize("made_up", [True, False])
def test_every_message_is_given_to_translators(full, releasing, rows, false_translation, made_up):
    other = releasing(rows, made_up=made_up, title=None, standing={"status": "withdrawn", "withdrawn_for": "a test"},
                      rules={"forms": "mixed", "age_in_doubt": "child", "rounding": 5})  # fmt: skip
    with speaking("fr"):
        report_contents(full)
        report_contents(other)
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    given = {
        message if isinstance(message, str) else message[0]
        for _file, _line, message, *_rest in extract_from_dir(
            ROOT, methods, options, keywords={"_": None, "ngettext": (1, 2), "marked": None}
        )
    }
    assert sorted(false_translation.asked - given) == []


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_the_account_is_made_in_every_language(full, code):
    with speaking(code) as language:
        contents, filled = report_contents(full)
    page = contents["account.html"].decode()
    direction = ' dir="rtl"' if language.right_to_left else ""
    assert f'<html lang="{code}"{direction}>' in page
    with speaking("en"):
        english, all_filled = report_contents(full)
    assert filled == all_filled
    assert contents.keys() == english.keys()
    for name in (name for name in contents if name.startswith("figures/")):
        assert codes_of(contents[name]) == codes_of(english[name])


def codes_of(content):
    """The columns of a data file that are the same in every language: all but labels and words."""
    rows = list(csv.DictReader(StringIO(content.decode(), newline="")))
    return [
        {name: cell for name, cell in row.items() if not name.endswith("_label") and name not in {"block", "about"}}
        for row in rows
    ]


def test_words_of_one_language_are_not_kept_for_the_next(release):
    for _round in range(2):
        for code, name in (("en", "Nigeria"), ("ar", "نيجيريا"), ("zh", "尼日利亚")):
            with speaking(code):
                assert area_name("NGA") == name
                assert name in page_of(release)
