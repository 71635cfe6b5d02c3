"""The glossary says each word once and keeps the four kinds of nothing apart."""

from palermo.report.glossary import glossary


def test_each_word_is_explained_once():
    titles = [term.title for term in glossary()]
    assert len(titles) == len(set(titles)) > 15
    assert {"Hidden figure", "Not known", "Not asked", "Not published"} <= set(titles)
    assert all(term.words.endswith((".", "?")) for term in glossary())
