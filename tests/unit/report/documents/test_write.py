from dataclasses import replace
from importlib import import_module

import pytest

from palermo.errors import PalermoError, UsageError
from palermo.report.documents import formats, html
from palermo.report.documents.formats import FORMATS, formats_named
from palermo.report.documents.html import page_html
from palermo.report.documents.write import Asked, check_folder, checked, languages_named

write = import_module("palermo.report.documents.write")


def test_formats_and_languages_are_taken_once_in_the_order_asked():
    assert [one.name for one in formats_named(["pdf,html", " pdf"])] == ["pdf", "html"]
    assert languages_named(["ar", "en,ar"]) == ("ar", "en")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked(["pdf", "odt"]), "--format odt"),
        (Asked([""]), "--format"),
        (Asked(["pdf"], ["de"]), "--lang de"),
        (Asked(["pdf"], [" "]), "--lang"),
    ],
)
def test_unknown_words_are_refused_with_those_that_are_known(asked, said):
    with pytest.raises(UsageError, match=said):
        checked(asked)


def test_a_missing_package_is_named_before_anything_is_made(monkeypatch):
    monkeypatch.setattr(formats, "find_spec", lambda _name: None)
    with pytest.raises(UsageError, match=r"needs weasyprint: pip install 'palermo\[documents\]'"):
        formats_named(["html", "pdf"])
    with pytest.raises(UsageError, match=r"--format docx needs python-docx: pip install 'palermo\[documents\]'"):
        formats_named(["docx"])
    assert formats_named(["html", "sdg"])


def test_weasyprint_without_pango_counts_as_missing(monkeypatch):
    def fail(_name):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(formats, "import_module", fail)
    with pytest.raises(UsageError, match="needs Pango of the system"):
        formats_named(["pdf"])


def test_every_format_says_what_it_is():
    assert set(FORMATS) == {"html", "pdf", "docx", "unodc", "sdg"}
    assert all(one.about for one in FORMATS.values())


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(UsageError, match="found a file"):
        check_folder(tmp_path / "out")
    with pytest.raises(UsageError, match="cannot be written"):
        check_folder(tmp_path / "out" / "below")
    assert (tmp_path / "out").read_text() == "mine"


def test_the_page_has_the_summary_and_asks_for_no_other_file(report):
    page = page_html(report)
    assert '<section id="summary"' in page
    assert report.summary[0].sentences[0].sentence in page
    assert "figures/P1.csv" not in page
    assert 'href="#receipts-p1"' in page
    assert "<text" in page  # the drawings of a page keep their words


def test_what_may_be_refused_is_made_first(report, monkeypatch, tmp_path):
    emptied = replace(report, release=replace(report.release, cube=report.release.cube.slice(0, 5)))
    made = []
    monkeypatch.setattr(write, "open_release", lambda _folder: emptied.release)
    monkeypatch.setattr(write, "report_of", lambda *_asked: emptied)
    monkeypatch.setattr(html, "files", lambda _report: made.append("html") or {})
    with pytest.raises(PalermoError, match="leave sdg out of --format"):
        write.write_documents(tmp_path, Asked(["html", "sdg"]), tmp_path / "out")
    assert not made
