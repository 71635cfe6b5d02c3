"""The tag of an answer (ETag), by which a reader who has it already is told that nothing changed."""

from hashlib import sha256

from palermo.provenance import code_version
from palermo.report.reading import Release


def tag_of(*releases: Release) -> str:
    """What an answer hangs on besides its address: the releases, how they stand, and the code that writes it.

    The id of the release comes first. Its standing is not part of the id, so a release that is approved or withdrawn
    would otherwise be taken for unchanged.
    """
    standing = [(release.id, sorted(release.standing.items(), key=str)) for release in releases]
    return f"{releases[-1].id}-{sha256(repr((standing, code_version())).encode()).hexdigest()[:8]}"
