"""The page of a fault is ready before anything can fail and speaks all six languages."""

import re

from palermo.language import LANGUAGES
from palermo.portal.views.errors import FAILED, failed


def test_a_fault_is_told_in_all_languages_each_marked_with_its_direction():
    sections = re.findall(r'<section lang="(\w+)" dir="(\w+)"><h1>([^<]+)</h1>\n<p>([^<]+) <a href="/(\w+)/">', FAILED)
    assert {language for language, *_rest in sections} == set(LANGUAGES)
    assert {language for language, direction, *_rest in sections if direction == "rtl"} == {"ar"}
    assert all(language == linked for language, *_rest, linked in sections)
    assert len({heading for _language, _direction, heading, *_rest in sections}) == len(LANGUAGES)


def test_a_fault_has_the_status_of_one():
    answer = failed(None)
    assert answer.status_code == 500
    assert answer.content.decode() == FAILED
