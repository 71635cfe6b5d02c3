"""What stands in the head of every message: who sends it, when it was made, and what must be known of the figures."""

from dataclasses import dataclass
from datetime import datetime

from palermo.language import spoken_now
from palermo.report.reading import Release
from palermo.report.sdmx.model import AGENCY, Names
from palermo.report.sdmx.texts import names, notice


@dataclass(frozen=True)
class Message:
    """The head of a message. ``is_test``: the release is made up, or not approved."""

    id: str
    prepared: str
    sender: str
    sender_names: Names
    notice: str
    language: str
    release_id: str
    is_test: bool


def message_of(release: Release, prepared: datetime) -> Message:
    """The head of a message of a release, in the language spoken now."""
    return Message(
        id=f"{AGENCY}-{release.id}",
        prepared=prepared_text(prepared),
        sender=AGENCY,
        sender_names=names(str(release.metadata.get("title") or release.area_name)),
        notice=notice(release),
        language=spoken_now().code,
        release_id=release.id,
        is_test=release.made_up or release.status in {"draft", "candidate"},
    )


def prepared_text(prepared: datetime) -> str:
    """A time in the writing of SDMX, to the second."""
    return prepared.replace(microsecond=0, tzinfo=None).isoformat() + "Z"
