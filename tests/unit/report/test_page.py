"""The page: one self-contained, accessible file that escapes what comes from files and repeats byte for byte."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from palermo.language import speaking
from palermo.report.account import last_period, sections_of
from palermo.report.amounts import exact
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.page import render_page, words
from palermo.report.page.receipts import definition, entries
from palermo.report.page.render import heading_stubs

VOID = {"meta", "br", "hr", "img", "link", "input", "col"}
BAD = '<script>alert("x")</script> & "q"'


class Reader(HTMLParser):
    """Collects elements and checks that they are closed in order."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.errors, self.texts = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.errors.append(tag)

    def handle_data(self, data):
        self.texts.append(data)


def page_of(release):
    return render_page(release, sections_of(release), last_period(release))


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.fixture(scope="module")
def html(release):
    return page_of(release)


@pytest.fixture(scope="module")
def parsed(html):
    return read(html)


def test_the_page_is_well_formed(parsed):
    assert parsed.errors == []
    assert parsed.open == []


def test_the_page_runs_nothing_and_asks_for_nothing(html, parsed):
    tags = {tag for tag, _ in parsed.tags}
    assert not tags & {"script", "link", "iframe", "img", "object", "embed", "form"}
    assert not re.search(r"https?://|url\((?!#)|@import|\bon\w+=|javascript:", html)


def test_ids_are_unique_and_links_within_the_page_lead_somewhere(parsed):
    ids = [attrs["id"] for _, attrs in parsed.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = {attrs["href"][1:] for tag, attrs in parsed.tags if tag == "a" and attrs["href"].startswith("#")}
    assert links <= set(ids)
    named = {name for _, attrs in parsed.tags for name in (attrs.get("aria-labelledby") or "").split()}
    assert named <= set(ids)


def test_language_skip_link_and_one_main_heading(parsed):
    assert ("html", {"lang": "en"}) in parsed.tags
    assert ("a", {"class": "skip", "href": "#content"}) in parsed.tags
    assert [tag for tag, _ in parsed.tags].count("h1") == 1


def test_headings_go_down_one_level_at_a_time(parsed):
    levels = [int(tag[1]) for tag, _ in parsed.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_every_figure_has_a_table_with_caption_and_scopes(parsed):
    tags = parsed.tags
    figures = [place for place, (tag, _) in enumerate(tags) if tag == "figure"]
    for start, end in zip(figures, [*figures[1:], len(tags)], strict=True):
        inside = tags[start:end]
        assert any(tag == "caption" for tag, _ in inside)
        assert any(tag == "svg" and attrs["role"] == "img" for tag, attrs in inside)
    assert all("scope" in attrs for tag, attrs in tags if tag == "th")
    scrolling = [attrs for _, attrs in tags if "scroll" in (attrs.get("class") or "").split()]
    assert all(attrs["tabindex"] == "0" and attrs["role"] == "region" for attrs in scrolling)


def test_the_fixed_sentence_stands_at_every_figure(html, parsed):
    figures = [tag for tag, _ in parsed.tags].count("figure")
    of_others = html.count(words.of_kind("_Z"))  # convictions are no victims
    assert of_others >= 3
    assert html.count(words.DETECTED_ONLY) + of_others >= figures + 2


def test_made_up_is_said_on_top_and_in_every_figure(html, parsed, releasing, rows):
    figures = [tag for tag, _ in parsed.tags].count("figure")
    assert html.count('class="made-up-tag"') == figures
    assert "<title>MADE UP DATA" in html
    assert "MADE UP" not in page_of(releasing(rows, made_up=False))


def test_hidden_is_a_range_with_its_word(html):
    assert re.search(r'<td class="hidden"><span>hidden \(1\u20134\)</span>', html)
    assert not re.search(r'<td class="hidden"><span>0</span>', html)


def test_receipts_of_every_figure_are_resolved(release, html):
    for *_, figures in sections_of(release):
        for figure in figures:
            assert f'id="receipts-{figure.id.lower()}"' in html
            assert all(f"<code>{receipt}</code>" in html for receipt in figure.receipts)


def test_sources_with_their_counts(html):
    assert re.search(r">police</th>.*1,400</td>.*1,388</td>.*12</td>", html)
    assert f"<code>{'ab' * 32}</code>" in html


def test_text_from_files_is_escaped(releasing, rows):
    inputs = [{"list": BAD, "file": BAD, "sha256": BAD, "adapter": BAD, "read": 1, "accepted": 1, "quarantined": 0}]
    release = releasing(rows, title=BAD, area_name=BAD, inputs=inputs, notes=[BAD])
    html = page_of(release)
    parsed = read(html)
    assert parsed.errors == []
    assert "script" not in {tag for tag, _ in parsed.tags}
    assert "<script" not in html
    assert any(BAD in text for text in parsed.texts)


def test_the_same_release_gives_the_same_bytes(releasing, rows, html):
    assert page_of(releasing(list(rows))) == html


def test_an_empty_release_still_makes_a_page(releasing):
    html = page_of(releasing([], area=None, years=None, inputs=None))
    assert html.count("Nothing to show.") == html.count("<figure ")
    assert read(html).errors == []


def test_rules_are_told_in_sentences():
    told = words.protection_rules({"rules": {"k_tables": 5, "k_microdata": 10, "rounding": 5}}, 3)
    assert any("1 to 4" in sentence for sentence in told)
    assert any("multiples of 5" in sentence for sentence in told)
    assert any("3 numbers are hidden" in sentence for sentence in told)
    assert any("counts as a child" in s for s in words.counting_rules({"rules": {"age_in_doubt": "child"}}))


def test_a_definition_tells_what_is_counted_first():
    told = definition({"title": "Made up", "words": "People.", "inputs": [{"list": "police"}], "version": "1"}, "x", 1)
    assert told.title == "Made up"
    assert told.entries[:2] == (("What is counted", "People."), ("Lists", "police"))


def test_numbers_of_a_definition_are_written_as_the_language_writes_them():
    receipt = {"title": "Made up", "words": "", "minimum": 1_000, "denominator": "A file of the office."}
    with speaking("ar"):
        told = dict(definition(receipt, "x", 1).entries)
    assert "١٬٠٠٠" in told.values()
    assert '<span lang="en" dir="ltr">A file of the office.</span>' in told.values()


def test_a_long_list_in_a_receipt_is_shortened_with_its_length():
    assert entries({"lists": [str(number) for number in range(20)]}) == [
        ("Lists", "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more")
    ]
    assert entries({"a": {"b_c": 1}, "none": None}) == [("A b c", "1")]


def test_many_sentences_stand_one_below_the_other(html):
    figure = html[html.index('id="figure-e1"') :].split("</figure>")[0]
    assert "<li>What was assumed: " in figure
    assert "<li>How much hangs on it: " in figure
    assert '<p class="lead">' not in figure


@pytest.mark.parametrize(("groups", "heads"), [(("", ""), 2), (("First", "Second"), 1)])
def test_as_many_columns_head_the_rows_as_tell_them_apart(groups, heads):
    stubs = (Stub("sex", "Sex"), Stub("age", "Age"), Stub("why", "Reason"))
    cells = ((("F", "Female"), ("Y0T17", "Children"), ("a", "A")), (("F", "Female"), ("Y_GE18", "Adults"), ("a", "A")))
    rows = tuple(Row(names, (exact(1),), group) for names, group in zip(cells, groups, strict=True))
    figure = Figure("X1", "", "", "", "", Table(stubs, (Measure("n", "N", "persons"),), rows), (), "", ())
    assert heading_stubs(figure) == heads
