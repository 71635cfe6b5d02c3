"""What comes in and what goes out: a request without its server, an answer without its framework."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote

from palermo.language import LANGUAGES
from palermo.report.accept import languages
from palermo.report.sdmx.faults import syntax


@dataclass(frozen=True)
class Request:
    """A query: path below the service, the query string as sent, and the headers that matter."""

    path: str
    query: str = ""
    accept: str = ""
    accept_language: str = ""
    if_none_match: str = ""
    prepared: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def segments(self) -> list[str]:
        """The parts of the path, decoded; empty ones at the end are left out."""
        parts = [unquote(part) for part in self.path.strip("/").split("/")]
        return parts if parts != [""] else []

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters, decoded; a plus stays a plus. Raises ``FaultError`` where one is given twice."""
        found: dict[str, str] = {}
        for pair in filter(None, self.query.split("&")):
            name, _, value = (unquote(part) for part in pair.partition("="))
            if name in found:
                raise syntax(f"{name}: given twice; several values are separated by a comma")
            found[name] = value.replace(" ", "+")  # some clients encode the plus as a space
        return found

    @property
    def language(self) -> str:
        """The language to answer in: the first of ours that the client asks for, else English."""
        return next((code for code in languages(self.accept_language) if code in LANGUAGES), "en")


@dataclass(frozen=True)
class Answer:
    """Status, headers and the body in pieces."""

    status: int
    headers: Mapping[str, str]
    body: Iterable[bytes]
