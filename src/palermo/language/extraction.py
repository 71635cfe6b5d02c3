"""Messages for translators from data files: labels and descriptions of codes, words of indicators.

Called by Babel's extractor (``make messages``), which hands over a file and asks for
``(line, function, message, comments)``.
"""

import tomllib
from collections.abc import Iterator, Mapping
from typing import IO, Any

SAID = ("title", "label", "description", "words", "denominator", "baseline")
NAMED = ("methods",)  # names by code
Message = tuple[int, str, str, list[str]]


def labels(fileobj: IO[bytes], keywords: object, comment_tags: object, options: object) -> Iterator[Message]:
    """Every text under a key of ``SAID`` or in a table of ``NAMED``; files without such keys give none.

    Babel's own arguments are not needed.
    """
    del keywords, comment_tags, options
    content = fileobj.read().decode()
    for text in dict.fromkeys(_texts(tomllib.loads(content))):
        place = content.find(text.splitlines()[0] if text else "")
        yield content.count("\n", 0, max(place, 0)) + 1, "_", text, []


def _texts(value: Any) -> Iterator[str]:
    """The translatable texts of a document, from the outside in."""
    if isinstance(value, Mapping):
        for key, inside in value.items():
            if key in SAID and isinstance(inside, str):
                yield inside
            elif key in NAMED and isinstance(inside, Mapping):
                yield from inside.values()
            else:
                yield from _texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _texts(inside)
