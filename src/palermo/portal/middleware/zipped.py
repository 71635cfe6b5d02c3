"""Answers are compressed on the way; not parts of files, whose bytes are counted, nor what is compressed already."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from palermo.portal.ranges import PARTIAL
from palermo.report.accept import by_quality
from palermo.report.packages.held_files import MEDIA

COMPRESSED = frozenset({"application/zip", MEDIA[".parquet"], "image/png"})


def takes_gzip(request: HttpRequest) -> bool:
    """Whether the reader takes compressed answers; one that says ``gzip;q=0`` does not."""
    named = by_quality(request.headers.get("Accept-Encoding", ""))
    return any(entry.partition(";")[0].strip() == "gzip" for entry in named)


class Zipped(GZipMiddleware):
    """Django's own, with these left alone."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, compressed where that helps."""
        if response.status_code == PARTIAL or response.headers.get("Content-Type") in COMPRESSED:
            return response
        if not takes_gzip(request):
            patch_vary_headers(response, ("Accept-Encoding",))
            return response
        return super().process_response(request, response)
