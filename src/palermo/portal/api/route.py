"""What a route is: its address, the words of its query, and the shape of its answer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase

from palermo.language import LANGUAGES, _
from palermo.portal.api.problems import bad_word, not_published
from palermo.report.accept import by_quality

JSON, CSV, HTML = "json", "csv", "html"
MOST_DIGITS = 9
LENGTH_AT_MOST = 200
PARTS = {  # what stands in an address: what it is, and how it is written
    "release_id": ("Id of a release", r"^[0-9a-f]{16}$"),
    "cube_id": ("Id of a cube: indicator, measure and unit with dots between", r"^[A-Za-z0-9_.-]+$"),
    "area": ("ISO 3166 alpha-3, or the M49 code of a region", r"^[A-Za-z0-9_]+$"),
    "period": ("Year", r"^[0-9]{4}$"),
    "figure_id": ("Id of a figure", r"^[A-Z0-9a-z]+$"),
    "receipt_id": ("Id of a receipt", r"^[0-9a-f]+$"),
}


@dataclass(frozen=True)
class Word:
    """A word of a query. Without ``choices`` and ``least`` it is a code, which may or may not occur."""

    name: str
    about: str
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None

    @property
    def expected(self) -> str:
        """What it may say, in words."""
        if self.least is not None:
            return _("a whole number from {least} to {most}", least=self.least, most=self.most)
        if self.choices:
            return ", ".join(choice or _("nothing") for choice in self.choices)
        return _("a code of 1 to {most} letters", most=LENGTH_AT_MOST)

    def accepts(self, text: str) -> bool:
        """Whether it may say this."""
        if self.least is not None and self.most is not None:
            is_number = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
            return is_number and self.least <= int(text) <= self.most
        return text in self.choices if self.choices else 1 <= len(text) <= LENGTH_AT_MOST


@dataclass(frozen=True)
class Asked:
    """A question whose words were checked: what stands in the address, and in the query."""

    request: HttpRequest
    parts: Mapping[str, str]
    words: Mapping[str, str]
    form: str = JSON

    def number(self, name: str, otherwise: int) -> int:
        """A word that is a whole number."""
        return int(self.words.get(name, otherwise))


Answering = Callable[[Asked], HttpResponseBase]


@dataclass(frozen=True)
class Route:
    """One address below ``/api/``. ``shape`` names the schema of its JSON; ``forms`` begins with what it gives."""

    path: str
    operation: str
    summary: str
    answer: Answering
    shape: str
    words: tuple[Word, ...] = ()
    forms: tuple[str, ...] = (JSON,)

    @property
    def every_word(self) -> tuple[Word, ...]:
        """Its own words, then those that several routes share."""
        both = (Word("format", "JSON or CSV", (JSON, CSV)),) if CSV in self.forms and JSON in self.forms else ()
        return (*self.words, *both, LANGUAGE)

    def checked(self, request: HttpRequest, parts: Mapping[str, str]) -> Asked:
        """The question, once each of its words was found to be one of ours. Raises ``ProblemError`` naming the word."""
        for name, text in parts.items():
            if not re.fullmatch(PARTS[name][1].removesuffix("$"), text):
                raise not_published(text)
        known = {word.name: word for word in self.every_word}
        given: dict[str, str] = {}
        for name, texts in request.GET.lists():
            if name not in known:
                raise bad_word(name, name, ", ".join(known))
            if len(texts) > 1:
                raise bad_word(name, ", ".join(texts), _("the word once"))
            if not known[name].accepts(texts[0]):
                raise bad_word(name, texts[0], known[name].expected)
            given[name] = texts[0]
        return Asked(request, parts, given, given.get("format") or self._accepted(request))

    def _accepted(self, request: HttpRequest) -> str:
        """CSV where the reader would rather have it than JSON; who takes anything gets the first form."""
        for entry in by_quality(request.headers.get("Accept", "")):
            kind = entry.partition(";")[0].strip().lower()
            if kind == f"text/{CSV}" and CSV in self.forms:
                return CSV
            if kind in {"*/*", "application/*", f"application/{JSON}"}:
                break
        return self.forms[0]


LANGUAGE = Word("lang", "Language of labels and sentences", tuple(LANGUAGES))
