"""The SDMX service: the latest release under ``/sdmx/``, any that may be read under ``/sdmx/releases/<id>/``.

Path, query and headers are handed on as they came; everything else is decided in ``palermo.report.sdmx``.
"""

from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.views.decorators.http import require_safe

from palermo.portal.places import release_named, shelf
from palermo.report.sdmx import Request, Service, open_service

SERVICES_KEPT = 4  # each holds the observations of a release in memory


@require_safe
def sdmx(request: HttpRequest, query: str = "", release_id: str | None = None) -> HttpResponseBase:
    """The answer of the service to a query, sent on piece by piece. Without any query it leads to what can be asked."""
    if not query:
        return HttpResponseRedirect("/api/")
    release = release_named(release_id)
    answer = service(release.id).answer(
        Request(
            path=quote(query, safe="/*+,.~"),
            query=request.META.get("QUERY_STRING", ""),
            accept=request.headers.get("Accept", ""),
            accept_language=request.headers.get("Accept-Language", ""),
            if_none_match=request.headers.get("If-None-Match", ""),
            prepared=datetime.now(UTC),
        )
    )
    body = () if request.method == "HEAD" else answer.body
    return StreamingHttpResponse(body, status=answer.status, headers=dict(answer.headers))


@lru_cache(maxsize=SERVICES_KEPT)
def service(release_id: str) -> Service:
    """The service of a release, opened once."""
    return open_service(shelf().by_id[release_id])
