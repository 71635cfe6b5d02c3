"""The page of the hidden number: no number without its interval, refusals with their reason, two kinds kept apart."""

import math
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from palermo.hidden.answer import Answer, Verdict, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.consistency import Check, Thinned
from palermo.hidden.sensitivity import Variant
from palermo.report.draw import drawings
from palermo.report.estimates.amounts import loosely, reasons, sentence
from palermo.report.estimates.words import ASSUMED, stratum_name
from palermo.report.hidden import Coverage, HiddenNumber, ModelPoint, figures_of, hidden_page
from palermo.report.hidden.said import hangs, may_not_say, may_say, told
from palermo.report.one_quantity import quantities

BAD = '<script>alert("x")</script>'
TABLE = CaptureTable(
    ("Police", "Shelter", BAD), np.arange(1, 8), np.array([310, 205, 17, 121, 9, 2, 0]), name="Made-up place"
)


def answer(estimator, estimate, lower, upper, verdict=Verdict.SHOWN, reasons=(), stratum="_T"):
    return Answer(estimator, estimate, lower, upper, 0.95, verdict=verdict, reasons=tuple(reasons), stratum=stratum)


ANSWERS = (
    answer("stepwise", 4321.4, 3004.6, 7777.2, Verdict.WARNED, ["one person moves the answer by 12 per cent"]),
    answer("main_effects", 2345.0, 2101.0, 2689.0),
    answer("zelterman", 3838.0, None, None, Verdict.WARNED, ["there is no interval"]),
    answer("chao_lower_bound", 2900.0, 2500.0, math.inf),
    refused("lcmcr", 0.95, "the chains do not mix"),
    answer("stepwise", 1500.0, 1200.0, 1999.0, stratum="sex=F, age=Y_GE18"),
    replace(refused("stepwise", 0.95, "not identifiable"), stratum="sex=F, age=Y0T17"),
)
FULL = HiddenNumber(
    TABLE,
    ANSWERS,
    variants=[
        Variant("interaction", "stepwise", f"xi {xi}", 4000 + 900 * xi, 3000, 9000, xi) for xi in (-1.0, 0.0, 1.0)
    ]
    + [
        Variant("threshold", "stepwise", "threshold 0.1", None, at=0.1),
        Variant("threshold", "stepwise", "t", 9.0, at=0.2),
    ]
    + [Variant("leave_out", "stepwise", "without list Police", None), Variant("leave_out", "stepwise", "w", 3100.0)],
    models=[ModelPoint("[1,2,3]", 60.0, 2345.0), ModelPoint("[12,3]", 55.0, 4321.0), ModelPoint("[12,23]", 58.0, None)],
    coverage=[Coverage("Independent", "stepwise", 200, 190, 180, 4, 0.02), Coverage("Sparse", "lcmcr", 9, 0, 0)],
    checks=[Check("Police", 336, 20, "stepwise", 300.0, 250.0, 410.0)],
    thinned=[Thinned("stepwise", 0.5, 1, 4100.0, None, None)],
    made_up=True,
)
NOTHING = HiddenNumber(TABLE, (refused("stepwise", 0.95, "not identifiable"),))


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.targets, self.tags = [], [], []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.tags.append(tag)
        self.ids += [named["id"]] if "id" in named else []
        self.targets += [named["href"][1:]] if named.get("href", "").startswith("#") else []
        for key in ("aria-labelledby",):
            self.targets += named.get(key, "").split()


@pytest.fixture(scope="module")
def html():
    return hidden_page(FULL)


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("</style>")[1]))


def test_every_link_and_label_has_its_target_and_ids_are_used_once(html):
    reader = Reader()
    reader.feed(html)
    assert len(reader.ids) == len(set(reader.ids))
    assert set(reader.targets) <= set(reader.ids)


def test_text_from_files_is_escaped_and_the_page_has_no_script(html):
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_the_page_repeats_byte_for_byte(html):
    assert hidden_page(FULL) == html


def test_each_figure_draws_one_kind_and_only_the_lists_are_detected():
    for _, _, figures in figures_of(FULL):
        for figure in figures:
            assert drawings(figure)
            (quantity,) = quantities(figure.marks)
            assert quantity.kind == ("detected" if figure.id == "H1" else "estimated")


def test_an_estimate_without_interval_is_nowhere_on_the_page(html):
    assert "3,838" not in html
    assert "no interval" in html


def test_a_refused_answer_is_listed_with_its_reason_and_never_as_zero(html):
    text = text_of(html)
    assert "The chains do not mix." in text
    (figure,) = next(group for anchor, _, group in figures_of(FULL) if anchor == "estimates")
    (row,) = [row for row in figure.table.rows if row.stubs[0][0] == "lcmcr"]
    assert [amount.low for amount in row.amounts] == [None] * 3
    assert row.stubs[1][1] == "refused"
    assert "Refused. No number" not in text


def test_every_answer_has_its_verdict_on_the_page(html):
    verdicts = html.split('id="verdicts-caption"')[1].split("</table>")[0]
    assert verdicts.count('scope="row"') == len(ANSWERS)
    for given in ANSWERS:
        assert f"<td>{given.verdict.value}</td>" in verdicts


def test_the_headline_is_an_interval_with_method_verdict_and_reach():
    top = told(FULL)
    assert top.interval == "3,000 to 7,780"
    assert top.estimator == "Stepwise by p-value"
    assert top.verdict is Verdict.WARNED
    assert "12 per cent" in top.reasons
    assert top.reach == "2,100 or more"


def test_detected_and_estimated_stand_as_two_kinds_and_are_not_added(html):
    text = text_of(html)
    assert "664 Detected" not in text
    assert "Detected: persons on the lists. A count. 664" in text
    assert "It includes those detected: never add the two." in text
    assert "4,985" not in html  # 4,321 estimated and 664 detected


def test_where_all_is_refused_no_estimate_is_on_the_page():
    page = hidden_page(NOTHING)
    assert "<dd>Refused</dd>" in page
    assert "Not identifiable." in page
    assert told(NOTHING).interval == ""
    assert any("not zero" in sentence for sentence in may_say(NOTHING))
    assert any("Any number" in sentence for sentence in may_not_say(NOTHING))


def test_what_may_be_said_carries_interval_level_and_warnings():
    words = " ".join(may_say(FULL))
    assert "3,000 to 7,780 persons in all" in words
    assert "95% interval" in words
    assert "12 per cent" in words


def test_methods_that_differ_forbid_to_say_that_one_is_right():
    assert any("1.8 times" in sentence for sentence in may_not_say(FULL))
    alike = HiddenNumber(TABLE, (ANSWERS[1], ANSWERS[3]))
    assert not any("times" in sentence for sentence in may_not_say(alike))


def test_assumptions_stand_on_every_page(html):
    for assumption in ASSUMED:
        assert assumption in html
        assert assumption in hidden_page(NOTHING)


def test_a_page_with_small_counts_says_that_it_is_not_for_publication(html):
    assert "NOT FOR PUBLICATION" not in html
    assert "NOT FOR PUBLICATION" in hidden_page(replace(FULL, protect=None))


def test_made_up_is_said_at_every_figure(html):
    figures = [figure for *_, group in figures_of(FULL) for figure in group]
    assert html.count('class="made-up-tag"') == len(figures)


def test_limits_in_running_text_are_rounded_outward():
    assert loosely(8785, 14701) == "8,780 to 14,800"
    assert loosely(41.2, 77.1) == "41 to 78"
    assert loosely(11000, math.inf) == "11,000 or more"
    assert loosely(2744.0, 30642.0, seen=2744) == "2,744 to 30,700"


def test_reasons_name_methods_as_people_do():
    said = reasons(
        answer("stepwise", 9, 8, 10, Verdict.WARNED, ["closedp_Mth_Chao_LB_ allows for it; stepwise does not"])
    )
    assert said == "\u201cChao, lists that differ (Mth)\u201d allows for it; stepwise does not."


def test_a_sentence_ends_once():
    assert sentence("a and b, ...") == "A and b, ..."
    assert sentence("one. Two") == "One. Two."
    assert sentence("") == ""


def test_strata_are_named_as_people_name_them():
    assert stratum_name("_T") == "Everyone"
    assert stratum_name("sex=F, age=Y0T17") == "Girls"
    assert stratum_name("sex=_U") == "Sex: Not known"


def test_a_reader_meets_assumptions_first_then_what_hangs_on_them_then_what_may_be_said(html):
    headings = re.findall(r"<h2 [^>]*>(.*?)</h2>", html)
    assert headings[:4] == ["Contents", "What was assumed", "How much hangs on it", "What may be said, and what not"]
    assert "How much hangs on it" not in hidden_page(NOTHING).split("<main")[1].split('id="lists"')[0]


def test_what_hangs_on_each_choice_is_told_of_the_headline_alone():
    words = hangs(FULL)
    assert words[0] == (
        "The method: the estimates of all 3 methods that gave a number with an interval lie from 2,340 to 4,330, and "
        "with their intervals they reach over 2,100 or more persons."
    )
    assert "Leaving one list out: 3,100 (no number in 1 of 2 tries)." in words
    assert hangs(NOTHING) == ()


def test_the_masthead_the_sentences_and_the_figure_name_one_reach_in_the_same_words(html):
    top = told(FULL)
    (figure, *_) = next(group for anchor, _, group in figures_of(FULL) if anchor == "estimates")
    assert top.methods == "all 3 methods that gave a number with an interval"
    for words in (may_say(FULL)[2], " ".join(figure.text)):
        assert "All 3 methods that gave a number with an interval reach over 2,100 or more persons." in words
    assert "By all 3 methods that gave a number with an interval: 2,100 or more persons." in text_of(html)


def test_where_all_is_refused_each_reason_stands_once_at_the_top():
    none = "hardly anybody is on two lists"
    given = HiddenNumber(TABLE, (refused("stepwise", 0.95, none, "other"), refused("dga_bma", 0.95, none)))
    assert told(given).reasons == "Hardly anybody is on two lists."
    several = HiddenNumber(TABLE, tuple(refused(name, 0.95, f"reason {name}") for name in ("a", "b", "c", "d")))
    assert told(several).reasons == "Reason a. Reason b. Reason c."


def test_a_part_of_whom_few_were_detected_is_hidden_and_each_part_has_one_block():
    few, many = "sex=O", "sex=F"
    given = HiddenNumber(
        TABLE,
        (
            *(answer("stepwise", *numbers, stratum=name) for name, numbers in ((few, (2, 2, 6)), (many, (90, 80, 99)))),
            *(answer("dga_bma", *numbers, stratum=name) for name, numbers in ((few, (3, 2, 7)), (many, (91, 81, 98)))),
        ),
    )
    (figure,) = next(group for anchor, _, group in figures_of(given) if anchor == "parts")
    assert [marks.title for marks in figure.marks] == ["Sex: Other", "Sex: Female"]
    hidden = [row for row in figure.table.rows if row.stubs[0][0] == few]
    assert {amount.high for row in hidden for amount in row.amounts} == {None}
    assert "how few were detected" in figure.note
    assert figures_of(replace(given, protect=None))[2][2][0].table.rows[0].amounts[0].value == 2
