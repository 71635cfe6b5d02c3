"""`palermo review` as one local page: the same pairs and words, answers kept in the page and saved as a file.

The page names persons. It loads nothing and sends nothing: its policy forbids every connection, style and script but
its own (by their hashes). The decision a reader would question: there is no server, not even on this machine. A file
that opens in a browser has no port that another program could ask; the price is that answers are saved by the clerk, as
a file in the form that the terminal writes, and that what is not yet saved waits in the browser's storage for this
page: numbers of pairs and answers, no name.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from palermo.linkage.review.reasons import MARKS, Details
from palermo.linkage.review.sample import SampledPair
from palermo.private_files import write_private_text


def write_page(path: Path, sample: Sequence[SampledPair], details: Details, clerk: str, source: str = "clerk") -> None:
    """Write the page for one clerk, for the owner of the file alone, whole or not at all."""
    write_private_text(page(sample, details, clerk, source), path)


def page(sample: Sequence[SampledPair], details: Details, clerk: str, source: str = "clerk") -> str:
    """The page as HTML."""
    script, style = (_asset(name) for name in ("page.js", "page.css"))
    pairs = [_pair(one, details) for one in sample]
    data = json.dumps({"clerk": clerk, "source": source, "pairs": pairs}, sort_keys=True)
    policy = f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; form-action 'none'"
    # Data may hold what looks like a mark, so they come after the marks behind them; each mark is filled once.
    parts = {
        "{{policy}}": escape(policy, quote=True),
        "{{style}}": style,
        "{{script}}": script,
        # Nothing in the data may end the element that holds it, or start another.
        "{{data}}": data.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"),
        "{{total}}": str(len(sample)),
        "{{clerk}}": escape(clerk),
    }
    text = _asset("page.html")
    for mark, filling in parts.items():
        text = text.replace(mark, filling, 1)
    return text


def _pair(one: SampledPair, details: Details) -> dict[str, Any]:
    left, right = ({"list": name.list, "record_id": name.record_id} for name in (one.left, one.right))
    lines = [
        {"field": line.field, "left": line.left, "right": line.right, "words": f"{MARKS[line.kind]} {line.words}"}
        for line in details.lines(one.left, one.right)
    ]
    return {"left": left, "right": right, "band": one.band, "lines": lines}


def _asset(name: str) -> str:
    return files("palermo.linkage.review").joinpath("assets", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
