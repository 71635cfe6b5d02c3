"""One code of a code list."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """What one value of a coded column means.

    ``parent`` is the id of the wider code of the same list. ``lower`` and ``upper`` are completed years of age,
    both included; only age bands have them, and ``upper`` is None in an open band.
    """

    id: str
    label: str
    parent: str | None = None
    description: str = ""
    aliases: tuple[str, ...] = ()
    lower: int | None = None
    upper: int | None = None
