"""The quality report: counts over batches, and a page in which no text of a file can act."""

import pyarrow as pa

from palermo.console import output
from palermo.intake.quality import FaultKind, QualityReport
from palermo.intake.quality_page import quality_page
from palermo.intake.quality_words import answer_lines, print_quality
from palermo.intake.registry import Batch, Notice, QuarantinedRow


def report(*batches):
    made = QualityReport("police", "file.csv", "0" * 64, "made-up")
    for batch in batches:
        made.add(batch)
    return made


def bad(row, found="x", reason="unknown code"):
    return QuarantinedRow("file.csv", row, "sex", found, "F or M", reason)


def test_counts_add_up_over_batches():
    table = pa.table({"sex": ["F", "M"]})
    made = report(Batch({"cases": table}, 3, 2, [bad(1)]), Batch({"cases": table}, 2, 2))
    assert (made.read, made.accepted, made.quarantined) == (5, 4, 1)


def test_faults_of_a_kind_are_counted_with_few_examples():
    made = report(Batch({}, 100, 0, [bad(i, f"x{i}") for i in range(100)]))
    (kind,) = made.faults
    assert isinstance(kind, FaultKind)
    assert (kind.column, kind.reason, kind.count, kind.rows) == ("sex", "unknown code", 100, [0, 1, 2, 3, 4])
    assert len(kind.examples) == 5


def test_long_cells_are_cut():
    made = report(Batch({}, 1, 0, [bad(1, "y" * 10_000)]))
    assert len(next(iter(made.faults[0].examples))) == 60


def test_kinds_do_not_grow_with_the_file():
    made = report(Batch({}, 2_000, 0, [bad(i, reason=f"reason {i}") for i in range(2_000)]))
    assert len(made.faults) <= 501
    assert sum(kind.count for kind in made.faults) == 2_000


def test_notices_of_a_kind_are_added_up():
    notice = Notice("bounds", "value", 2, "kept as bounds", "<5", (1, 2))
    made = report(Batch({}, 1, 1, (), [notice]), Batch({}, 1, 1, (), [notice]))
    (only,) = made.notices
    assert (only.count, only.rows) == (4, (1, 2, 1, 2))


def test_columns_that_never_say_no():
    answers = [
        Notice("answers", "never", 3, "yes"),
        Notice("answers", "never", 2, "blank"),
        Notice("answers", "both", 1, "no"),
        Notice("answers", "both", 4, "blank"),
    ]
    made = report(Batch({}, 5, 5, (), answers), Batch({}, 5, 5, (), answers))
    assert made.notices == ()
    assert made.to_dict()["answers"]["never"] == {"blank": 4, "yes": 6}
    never, both = answer_lines(made.answers)
    assert "1 yes/no columns never say no (never)" in never
    assert "both no and blank (both)" in both
    assert "Empty against no" in quality_page(made)


def test_page_escapes_texts_of_the_file():
    made = report(Batch({}, 1, 0, [bad(1, "<script>alert(1)</script>")]))
    made.refused = "<b>bad</b>"
    page = quality_page(made)
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;b&gt;bad&lt;/b&gt;" in page
    assert '<html lang="en">' in page


def test_terminal_shows_the_law():
    made = report(Batch({}, 3, 2, [bad(1)], [Notice("bounds", "value", 2, "kept as bounds")]))
    made.tables = {
        "cases": {
            "rows": 2,
            "nothing": {"sex": {"unknown": 1, "not_asked": 0}, "age_band": {"unknown": 0, "not_asked": 0}},
            "repeated_ids": 1,
            "repeated_id_rows": [2],
            "identical_rows": 0,
        }
    }
    with output.capture() as captured:
        print_quality(made.to_dict())
    shown = captured.get()
    assert "read 3 = accepted 2 + quarantined 1" in shown
    assert "repeat the identifier" in shown
    assert "50.0" in shown
    assert "age_band" not in shown
