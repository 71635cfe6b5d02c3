"""The site only answers questions, and no reader may ask so many that others wait.

The decision a reader would question: addresses are held in memory alone, for at most a minute's worth of requests, and
are never written anywhere. A reader may be looking for her own case.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed

from palermo.release.notice import DETECTED_ONLY

ADDRESSES_AT_MOST = 10_000
READING = ("GET", "HEAD", "OPTIONS")
TOO_MANY = (
    f"Too many requests: wait a little. Whole files: /data/\n{DETECTED_ONLY}\n"  # in English: it must cost nothing
)
FOR_PROGRAMS = ("/api/", "/sdmx/", "/data/")  # these tell what pages of others may ask with
View = Callable[[HttpRequest], HttpResponseBase]


class Allowance:
    """How many requests each address has left; it grows evenly up to one minute's worth."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, who: str) -> float:
        """Take one request of an address. Gives the seconds to wait, 0 where none."""
        with self._lock:
            now = self._clock()
            left, since = self._left.pop(who, (float(self._per_minute), now))
            left = min(self._per_minute, left + (now - since) * self._per_minute / 60)
            wait = 0.0 if left >= 1 else (1 - left) * 60 / self._per_minute
            self._left[who] = (left if wait else left - 1, now)
            while len(self._left) > ADDRESSES_AT_MOST:
                self._left.popitem(last=False)
            return wait


def fair_use(get_response: View) -> View:
    """Refuse what is no reading, and ask those who read too fast to wait."""
    allowance = Allowance(settings.REQUESTS_PER_MINUTE) if settings.REQUESTS_PER_MINUTE else None

    def respond(request: HttpRequest) -> HttpResponseBase:
        request.get_host()  # a name that is not ours is refused (400) before any page is made for it
        if request.method not in READING:
            return HttpResponseNotAllowed(READING)
        if request.method == "OPTIONS" and not request.path_info.startswith(FOR_PROGRAMS):
            return HttpResponse(status=204, headers={"Allow": ", ".join(READING)})
        wait = allowance.take(_address(request)) if allowance else 0.0
        if wait:
            answer = HttpResponse(TOO_MANY, content_type="text/plain", status=429)
            answer["Retry-After"] = str(int(wait) + 1)
            return answer
        return get_response(request)

    return respond


def _address(request: HttpRequest) -> str:
    """Who asks: behind a proxy of ours the last address that it added, else the one of the connection."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
