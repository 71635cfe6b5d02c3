"""Answers are compressed on the way; not parts of files, whose bytes are counted, nor what is compressed already."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from palermo.portal.ranges import PARTIAL
from palermo.report.packages.held_files import MEDIA

COMPRESSED = frozenset({"application/zip", MEDIA[".parquet"], "image/png"})


class Zipped(GZipMiddleware):
    """Django's own, with these left alone."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, compressed where that helps."""
        if response.status_code == PARTIAL or response.headers.get("Content-Type") in COMPRESSED:
            return response
        return super().process_response(request, response)
