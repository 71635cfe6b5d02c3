"""What a reader has already: how long it may be kept unasked, and whether it is still the same."""

from django.http import HttpRequest

KEPT_FOR = "public, max-age=300, must-revalidate"  # an approval or a withdrawal shows after five minutes at the latest


def has_it(request: HttpRequest, tag: str) -> bool:
    """Whether the reader says that she has the answer of this tag; compressed on the way it became a weak one."""
    known = {_strong(one.strip()) for one in request.headers.get("If-None-Match", "").split(",")}
    return "*" in known or _strong(tag) in known


def _strong(tag: str) -> str:
    return tag.removeprefix("W/")
