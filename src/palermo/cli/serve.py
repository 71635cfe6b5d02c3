"""``palermo serve`` and ``palermo export-site``: the public site from frozen releases, served or written as files."""

import webbrowser
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from palermo.cli.options import Json
from palermo.console import print_json, say, step
from palermo.errors import UsageError
from palermo.language import LANGUAGES

HERE_ALONE = "127.0.0.1"
EXPORT_EPILOG = "Examples: palermo export-site public tip · palermo export-site public releases --lang en --lang ar"
EPILOG = "Examples: palermo serve tip · palermo serve releases --host 0.0.0.0 --port 80 --name data.example.org"


def serve(
    places: Annotated[
        list[Path] | None, typer.Argument(help="Workspaces, folders of releases or single releases; here without any.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")] = HERE_ALONE,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any that is free.")] = 8000,
    name: Annotated[list[str] | None, typer.Option(help="Name under which readers reach the site.")] = None,
    drafts: Annotated[
        bool, typer.Option("--drafts", help="Show drafts too, on this machine only; every page says so.")
    ] = False,
    map_file: Annotated[
        Path | None, typer.Option("--map", help="GeoJSON or TopoJSON with the shapes of countries; tiles without it.")
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the site in a browser.")] = False,
) -> None:
    """Serve the public site: pages in six languages, data service, downloads. It reads frozen releases alone."""
    need_portal()
    serve_places(places or [Path()], host, port, name or (), drafts=drafts, map_file=map_file, open_it=open_it)


def serve_places(
    places: Sequence[Path],
    host: str = HERE_ALONE,
    port: int = 8000,
    names: Sequence[str] = (),
    *,
    drafts: bool = False,
    map_file: Path | None = None,
    open_it: bool = False,
) -> None:
    """Serve the releases at these places until Ctrl-C; say under which address."""
    from palermo.portal.serving import check_drafts, listening, prepared

    check_drafts(drafts, host)
    application, shelf = prepared(places, drafts, [*names, host, "localhost", HERE_ALONE, "[::1]"], map_file=map_file)
    server = listening(application, host, port)
    address = f"http://{'localhost' if host in {'0.0.0.0', HERE_ALONE} else host}:{server.effective_port}/"
    say(f"{len(shelf.shown)} release(s) on show, the latest {shelf.latest.id}. The site: {address} (Ctrl-C ends it)")
    if open_it:
        webbrowser.open(address)
    try:
        server.run()
    finally:
        server.close()


def export_site(
    out: Annotated[Path, typer.Argument(help="Folder to write; it is replaced as a whole.", show_default=False)],
    places: Annotated[
        list[Path] | None, typer.Argument(help="Workspaces, folders of releases or single releases; here without any.")
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option("--lang", help="Only these languages (en fr es ar ru zh).")
    ] = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="Show drafts too; every page says so.")] = False,
    map_file: Annotated[
        Path | None, typer.Option("--map", help="GeoJSON or TopoJSON with the shapes of countries; tiles without it.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a folder that an earlier export wrote.")] = False,
    as_json: Json = False,
) -> None:
    """Write the public site as files for any web server: pages, drawings, tables, data, without a program behind it."""
    need_portal()
    check_target(out, force)
    wanted = [code for code in LANGUAGES if code in (language or LANGUAGES)]
    if language and set(language) - set(LANGUAGES):
        raise UsageError(f"--lang {' '.join(language)}: expected codes among {', '.join(LANGUAGES)}")
    from palermo.portal.serving import prepared

    prepared(places or [Path()], drafts, ["localhost"], files_in=wanted, map_file=map_file)
    from palermo.portal.export import export_site as written

    with step("Writing the site", quiet=as_json) as progress:
        done = written(out, wanted, progress)
    if as_json:
        print_json({"folder": str(out), **vars(done)})
        return
    say(f"{done.pages:,} pages and {done.files:,} data files, {done.size / 1e6:.1f} MB. Begin: {out / 'index.html'}")


def check_target(out: Path, force: bool) -> None:
    """Raise ``UsageError`` where the folder holds anything that an export must not take away."""
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out}: found a file, expected the name of a folder to write")
    if out.is_dir() and any(out.iterdir()):
        ours = (out / "index.html").is_file() and any((out / code).is_dir() for code in LANGUAGES)
        if not (force and ours):
            hint = "use --force to replace it" if ours else "expected an empty or new folder"
            raise UsageError(f"{out}: holds files already; {hint}")


def need_portal() -> None:
    """Raise ``UsageError`` where the packages of the site are not installed."""
    if find_spec("django") is None or find_spec("waitress") is None:
        raise UsageError("the site needs further packages: pip install 'palermo[portal]'")
