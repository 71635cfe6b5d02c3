"""What the terminal says of linkage."""

from palermo.cli.hidden_links import show_links

CURVE = {
    "estimator": "main_effects",
    "points": [{"threshold": 0.9, "seen": 620, "shared": 90, "uncorrected": 1200.4, "corrected": None}],
}
ROW = {
    "estimator": "stepwise", "uncorrected": 1200.0, "uncorrected_lower": 1100.0, "uncorrected_upper": 1300.0,
    "corrected": 1000.0, "lower": 880.0, "upper": None, "linkage_part": 0.42,
}  # fmt: skip


def test_both_numbers_the_part_of_linkage_and_the_curve_are_shown(capsys):
    told = {"threshold": 0.9, "labelled": 300, "estimates": [ROW], "curve": CURVE, "by_calibrated_overlaps": 990.0}
    show_links({**told, "hindrance": None})
    said = capsys.readouterr().out
    for words in ("300 labelled pairs", "1,200", "1,000", "42%", "By overlaps", "990"):
        assert words in said
    assert "No number may stand alone" not in said


def test_without_labels_there_is_the_curve_and_the_reason(capsys):
    told = {"threshold": 0.9, "labelled": 0, "estimates": [], "curve": CURVE, "by_calibrated_overlaps": None}
    show_links({**told, "hindrance": "nobody labelled a pair"})
    said = capsys.readouterr().out
    assert "Errors of linkage" not in said
    assert "main_effects" in said
    assert "No number may stand alone: nobody labelled a pair." in said
