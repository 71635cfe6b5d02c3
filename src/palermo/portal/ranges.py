"""Parts of a file, for downloads that go on where they broke off and for readers of Parquet (RFC 9110, section 14).

One range at a time: several are answered with the whole file, as the standard allows.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

PARTIAL, UNSATISFIABLE = 206, 416
_PIECE = 1 << 16
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def file_or_part(request: HttpRequest, path: Path, content_type: str, tag: str) -> HttpResponseBase:
    """The file, or the part of it that the reader asks for; ``tag`` is the strong tag of the file."""
    size = path.stat().st_size
    found = _asked(request, size, tag)
    answer: HttpResponseBase
    if found is None:
        answer = FileResponse(path.open("rb"), content_type=content_type, as_attachment=True, filename=path.name)
    elif not found:
        answer = HttpResponse(status=UNSATISFIABLE, content_type="text/plain; charset=utf-8")
        answer["Content-Range"] = f"bytes */{size}"
    else:
        answer = StreamingHttpResponse(_bytes(path, found), status=PARTIAL, content_type=content_type)
        answer["Content-Range"] = f"bytes {found.start}-{found.stop - 1}/{size}"
        answer["Content-Length"] = str(len(found))
    answer["Accept-Ranges"] = "bytes"
    return answer


def _asked(request: HttpRequest, size: int, tag: str) -> range | None:
    """The bytes asked for; none at all where the file has no such; None where the whole file is to be sent."""
    said = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if request.method != "GET" or said is None or not (said[1] or said[2]):
        return None
    if request.headers.get("If-Range", tag) != tag:
        return None  # another release's bytes do not go on from those that the reader has
    if not said[1]:
        return range(max(size - int(said[2]), 0), size)
    first = int(said[1])
    if said[2] and int(said[2]) < first:
        return None
    return range(first, min(int(said[2] or size) + 1, size))


def _bytes(path: Path, wanted: range) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(wanted.start)
        left = len(wanted)
        while left and (piece := file.read(min(left, _PIECE))):
            left -= len(piece)
            yield piece
