"""What went wrong with a question, as problem details (RFC 9457)."""

import json

from django.http import HttpResponse

from palermo.language import _, spoken_now
from palermo.report.explore.query import ViewError
from palermo.report.page import words

TYPE = "application/problem+json"


class ProblemError(Exception):
    """A question that has no answer. ``word`` is the word of the query at fault, where one is."""

    def __init__(
        self, status: int, title: str, detail: str, word: str = "", found: str = "", expected: str = ""
    ) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail
        self.place = {"word": word, "found": found, "expected": expected} if word else {}


def bad_word(word: str, found: str, expected: str) -> ProblemError:
    """A word of the query that nobody knows, or that says what cannot be."""
    detail = _("{word}: found {found}, expected {expected}", word=word, found=found or _("nothing"), expected=expected)
    return ProblemError(400, _("The question cannot be read"), detail, word, found, expected)


def refused(error: ViewError) -> ProblemError:
    """A view that the explorer refuses."""
    return ProblemError(400, _("The question cannot be read"), str(error), error.word, error.found, error.expected)


def not_published(what: str) -> ProblemError:
    """Nothing of that name is in a release, which never means that there is nobody."""
    told = _("{what}: not published. That does not mean that there is nobody.", what=what)
    return ProblemError(404, _("Not published"), told)


def withdrawn(release_id: str, reason: str) -> ProblemError:
    """A release whose figures must not be used."""
    told = _("Release {id} was withdrawn. Its figures must not be used, and are not shown.", id=release_id)
    return ProblemError(410, _("Withdrawn"), f"{told} {reason}".strip())


def problem_response(problem: ProblemError) -> HttpResponse:
    """The problem as an answer; it says what is counted, as every message does."""
    told = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        **problem.place,
        "about": _(words.DETECTED_ONLY),
        "language": spoken_now().code,
    }
    body = json.dumps(told, ensure_ascii=False)
    answer = HttpResponse(body, content_type=TYPE, status=problem.status)
    answer["Cache-Control"] = "no-cache"
    return answer
