"""``palermo serve``: the public site from frozen releases, on this machine or for the world."""

import webbrowser
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from palermo.console import say
from palermo.errors import UsageError

EPILOG = "Examples: palermo serve tip · palermo serve releases --host 0.0.0.0 --port 80 --name data.example.org"


def serve(
    places: Annotated[
        list[Path] | None, typer.Argument(help="Workspaces, folders of releases or single releases; here without any.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any that is free.")] = 8000,
    name: Annotated[list[str] | None, typer.Option(help="Name under which readers reach the site.")] = None,
    drafts: Annotated[
        bool, typer.Option("--drafts", help="Show drafts too, on this machine only; every page says so.")
    ] = False,
    open_it: Annotated[bool, typer.Option("--open", help="Open the site in a browser.")] = False,
) -> None:
    """Serve the public site: pages in six languages, data service, downloads. It reads frozen releases alone."""
    _need_portal()
    from palermo.portal.serving import check_drafts, listening, prepared

    check_drafts(drafts, host)
    hosts = [*(name or []), "localhost", "127.0.0.1", "[::1]"]
    application, shelf = prepared(places or [Path()], drafts, hosts)
    server = listening(application, host, port)
    address = f"http://{'localhost' if host in {'0.0.0.0', '127.0.0.1'} else host}:{server.effective_port}/"
    say(f"{len(shelf.shown)} releases, the latest {shelf.latest.id}: {address}  (Ctrl-C ends it)")
    if open_it:
        webbrowser.open(address)
    try:
        server.run()
    finally:
        server.close()


def _need_portal() -> None:
    """Raise ``UsageError`` where the packages of the site are not installed."""
    if find_spec("django") is None or find_spec("waitress") is None:
        raise UsageError("the site needs further packages: pip install 'palermo[portal]'")
