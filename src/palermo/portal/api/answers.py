"""Answers as they are sent: a strong tag, a 304 where the reader has it already, long ones piece by piece."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse

from palermo.language import spoken_now
from palermo.portal.api.route import JSON, Asked
from palermo.portal.tags import KEPT_FOR, has_it
from palermo.report.reading import Release
from palermo.report.tag import tag_of

JSON_TYPE = "application/json"
CSV_TYPE = "text/csv; charset=utf-8"


def written(value: Any) -> str:
    """Compact JSON in Unicode. What is no number is none of ours."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def json_answer(asked: Asked, told: dict[str, Any], *releases: Release) -> HttpResponseBase:
    """An answer as JSON, tagged by the releases that it was made from."""
    return _sent(asked, [f"{written(told)}\n".encode()], JSON_TYPE, releases)


def json_stream(
    asked: Asked, told: dict[str, Any], name: str, pieces: Iterable[list[dict[str, Any]]], release: Release
) -> HttpResponseBase:
    """An answer whose last member ``name`` is a list that is written piece by piece."""
    return _sent(asked, _listed(told, name, pieces), JSON_TYPE, (release,))


def _listed(told: dict[str, Any], name: str, pieces: Iterable[list[dict[str, Any]]]) -> Iterator[bytes]:
    yield f"{written(told)[:-1]},{written(name)}:[".encode()
    between = ""
    for piece in pieces:
        yield (between + written(piece)[1:-1]).encode()
        between = ",\n" if piece else between
    yield b"]}\n"


def csv_answer(asked: Asked, body: Iterable[bytes], name: str, release: Release) -> HttpResponseBase:
    """An answer as CSV, to be saved under a name."""
    answer = _sent(asked, body, CSV_TYPE, (release,))
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _sent(asked: Asked, body: Iterable[bytes], content_type: str, releases: tuple[Release, ...]) -> HttpResponseBase:
    form = "" if asked.form == JSON else f"-{asked.form}"
    tag = f'"{tag_of(*releases)}{form}"'  # one address has several forms, by Accept
    answer: HttpResponseBase
    if has_it(asked.request, tag):
        answer = HttpResponseNotModified()
    elif isinstance(body, list):
        answer = HttpResponse(b"".join(body), content_type=content_type)
    else:
        answer = StreamingHttpResponse(() if asked.request.method == "HEAD" else body, content_type=content_type)
    answer["ETag"] = tag
    answer["Vary"] = "Accept"
    answer["Cache-Control"] = KEPT_FOR
    answer["Content-Language"] = spoken_now().code
    return answer
