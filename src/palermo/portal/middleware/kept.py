"""Pages kept in memory once made: a page is a function of its address and of releases that never change.

The decision a reader would question: nothing is ever put out of date, because a site shows the releases with which it
was started; only room is made, the page longest unread going first. Pages are kept compressed, as they were sent.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified

from palermo.portal.middleware.zipped import takes_gzip
from palermo.portal.tags import has_it

BYTES_AT_MOST = 64 * 1024**2
PAGE_AT_MOST = 2 * 1024**2
View = Callable[[HttpRequest], HttpResponseBase]
Key = tuple[str, ...]


@dataclass
class Kept:
    """The pages kept, the one read last at the end, and how many bytes they take."""

    pages: OrderedDict[Key, HttpResponse] = field(default_factory=OrderedDict)
    size: int = 0
    lock: Lock = field(default_factory=Lock)

    def get(self, key: Key) -> HttpResponse | None:
        """The page of this key, if it is kept."""
        with self.lock:
            found = self.pages.get(key)
            if found is not None:
                self.pages.move_to_end(key)
            return found

    def put(self, key: Key, page: HttpResponse) -> None:
        """Keep a page, and make room for it."""
        with self.lock:
            if key in self.pages:
                return
            self.pages[key] = page
            self.size += len(page.content)
            while self.size > BYTES_AT_MOST:
                _, oldest = self.pages.popitem(last=False)
                self.size -= len(oldest.content)


def kept_pages(get_response: View) -> View:
    """Answer from what is kept; tell a browser that has the page already that nothing changed."""
    kept = Kept()

    def respond(request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"}:
            return get_response(request)
        key = _key(request)
        found: HttpResponseBase | None = kept.get(key)
        if found is None:
            found = get_response(request)
            if not isinstance(found, HttpResponse) or found.status_code != 200 or len(found.content) > PAGE_AT_MOST:
                return found
            found.headers.setdefault("ETag", f'W/"{sha256(found.content).hexdigest()[:20]}"')
            found.headers.setdefault("Cache-Control", "public, max-age=0, must-revalidate")
            kept.put(key, found)
        return _unchanged(found) if has_it(request, found.headers["ETag"]) else _copy(found)

    return respond


def _key(request: HttpRequest) -> Key:
    asked = request.headers
    is_zipped = "gzip" if takes_gzip(request) else ""
    return (request.path_info, request.META.get("QUERY_STRING", ""), is_zipped, asked.get("Accept", ""))


def _unchanged(found: HttpResponseBase) -> HttpResponse:
    answer = HttpResponseNotModified()
    for name in ("ETag", "Cache-Control", "Vary", "Content-Language"):
        if name in found.headers:
            answer.headers[name] = found.headers[name]
    return answer


def _copy(found: HttpResponseBase) -> HttpResponse:
    """The page as a new answer, because Django closes and servers change what they are given."""
    made = HttpResponse(getattr(found, "content", b""), status=found.status_code)
    for name, value in found.headers.items():
        made.headers[name] = value
    made.headers["Content-Length"] = str(len(made.content))  # without it a server ends the connection with each page
    return made
