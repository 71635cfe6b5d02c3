"""Serving the site from this machine with Waitress, a server that is fit for the public and needs no other service.

The decision a reader would question: settings are put into the environment and Django is started after, so that this
server, another one (``palermo.site.wsgi``) and the static export run the same site.
"""

import gc
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from palermo.errors import PalermoError, UsageError
from palermo.portal.shelf import Shelf

THREADS = 8
BODY_AT_MOST = 64 * 1024  # bytes: nobody sends the site anything
HEADER_AT_MOST = 64 * 1024  # bytes of address and headers together
CONNECTIONS = 1000  # at once; browsers keep theirs open, and some clients never end what they began to send
SILENCE = 30  # seconds after which a connection that says nothing is closed
Application = Callable[..., Any]


def prepared(
    places: Sequence[Path],
    drafts: bool = False,
    hosts: Sequence[str] = (),
    files_in: Sequence[str] = (),
    map_file: Path | None = None,
) -> tuple[Application, Shelf]:
    """The site over the releases at these places. Raises ``UsageError`` where there is nothing to show.

    ``files_in`` names the languages of an export: pages that need no server, as fast as they can be asked for.
    ``map_file`` holds the shapes of countries for maps, GeoJSON or TopoJSON.
    """
    told = {
        "PALERMO_RELEASES": os.pathsep.join(str(place.resolve()) for place in places),
        "PALERMO_DRAFTS": "1" if drafts else "0",
    }
    if hosts:
        told["PALERMO_HOSTS"] = ",".join(hosts)
    if map_file:
        told["PALERMO_MAP"] = str(map_file.resolve())
    if files_in:
        told |= {"PALERMO_LANGUAGES": " ".join(files_in), "PALERMO_STATIC": "1", "PALERMO_REQUESTS_PER_MINUTE": "0"}
    os.environ |= told
    from django.urls import get_resolver

    from palermo.site.wsgi import application

    get_resolver().check()  # a site that cannot be put together fails here, not before its first reader
    from palermo.portal.places import shapes, shelf

    shapes()
    opened = shelf()
    gc.freeze()  # what was made so far lives as long as the site: looking it through again would only delay pages
    return application, opened


def listening(application: Application, host: str, port: int) -> Any:
    """A server bound to its port, not yet running. Raises ``PalermoError`` where the port is taken.

    What a proxy says of its readers is thrown away unless the settings say that there is one.
    """
    from django.conf import settings
    from waitress import create_server

    try:
        return create_server(
            application, host=host, port=port, threads=THREADS, ident="palermo",
            clear_untrusted_proxy_headers=not settings.BEHIND_PROXY,
            max_request_body_size=BODY_AT_MOST, max_request_header_size=HEADER_AT_MOST,
            connection_limit=CONNECTIONS, channel_timeout=SILENCE, asyncore_use_poll=True,
        )  # fmt: skip
    except OSError as error:
        raise PalermoError(f"port {port} of {host}: {error.strerror}; choose another with --port") from None


def check_drafts(drafts: bool, host: str) -> None:
    """Drafts may be looked at on this machine only. Raises ``UsageError`` where others could reach them."""
    if drafts and host not in {"127.0.0.1", "localhost", "::1"}:
        raise UsageError(f"--drafts with --host {host}: nobody has approved these figures; expected --host 127.0.0.1")
