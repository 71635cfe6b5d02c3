"""A reader without a browser: asks a site for its pages one after another, as a crawler does."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPConnection
from urllib.parse import urlsplit

import html5lib

AREA, YEAR = "XXA", "2023"
WHERE = f"areas/{AREA}/{YEAR}"
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")

# A page of every kind that the site of the demo country has, by name.
KINDS = {
    "home": "",
    "figures": "figures/",
    "figure": f"{WHERE}/figures/P1/",
    "map": f"{WHERE}/figures/F5/",
    "areas": "areas/",
    "area": f"areas/{AREA}/",
    "year": f"{WHERE}/",
    "explorer": "explore/",
    "explorer by two": "explore/?rows=age&columns=sex",
    "explorer over time": "explore/?rows=time_period&columns=sex",
    "explorer, largest first": "explore/victims_by_form_sex_age.victims_detected.PERSON/?rows=form&sort=size",
    "definitions": "definitions/",
    "releases": "releases/",
    "release": "releases/{release}/",
    "receipt": "receipts/{receipt}/",
    "search": "search/?q=2023",
    "not found": "nothing/",
    "explorer, misread": "explore/?rows=nothing",
}
REFUSED = {"not found": 404, "explorer, misread": 400}


@dataclass(frozen=True)
class Answer:
    """What the site sent."""

    path: str
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def is_page(self) -> bool:
        return self.headers["content-type"].startswith("text/html")


@dataclass
class Site:
    """A site that is served at an address of this machine."""

    address: str
    _line: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self._line = HTTPConnection(urlsplit(self.address).netloc, timeout=120)

    def get(self, path: str, **headers: str) -> Answer:
        """The answer to a path, whatever its status. No connection is kept, as servers end those idle between tests."""
        self._line.request("GET", path, headers={"Accept-Language": "en", "Connection": "close", **headers})
        answer = self._line.getresponse()
        content = answer.read()
        return Answer(path, answer.status, {name.lower(): text for name, text in answer.getheaders()}, content)

    @cached_property
    def latest(self) -> str:
        """The id of the release that the site shows."""
        return str(json.loads(self.get("/api/releases").content)["releases"][0]["id"])

    @cached_property
    def receipt(self) -> str:
        """The id of a receipt."""
        return self.get(f"/en/{KINDS['figure']}").text.partition("/en/receipts/")[2].partition("/")[0]

    def path_of(self, kind: str, language: str = "en") -> str:
        """The path of a page of this kind."""
        return f"/{language}/" + KINDS[kind].format(release=self.latest, receipt=self.receipt)


def parsed(page: str):
    """The page as a tree; the faults that a strict reader of HTML finds are raised."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
