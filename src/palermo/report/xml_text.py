"""Text for the inside of XML that we write ourselves: SDMX messages and feeds.

The decision a reader would question: a character that XML cannot hold, not even as a reference, is left out, because a
name from an office's file must not make a whole message unreadable.
"""

import re

_NEVER = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


def escaped(text: str) -> str:
    """The text as it stands within an element, or an attribute in double quotes."""
    kept = _NEVER.sub("", text)
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
