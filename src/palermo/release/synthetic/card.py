"""The card of a made-up file: in plain words what it is, how to use it, how exact it is, what an attacker could learn.

It is written from what is published anyway; nothing here looks at the true file. The decision a reader would question:
the promise is given as odds and as guesses out of a hundred, because nobody can judge an epsilon.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from statistics import NormalDist

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}"
    "table{border-collapse:collapse;margin:1rem 0}th,td{border-bottom:1px solid #ccc;padding:.2rem .8rem .2rem 0;"
    "text-align:left;vertical-align:top}.warn{border-left:6px solid #a40000;padding-left:1rem;font-weight:bold}"
)


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it: paragraphs, lists (tuples of text) and tables (header, rows)."""

    heading: str
    blocks: tuple["Text | Items | Grid", ...]


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    words: str
    warning: bool = False


@dataclass(frozen=True)
class Items:
    """A list."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def right_guesses(rho: float) -> float:
    """Most guesses out of 100 that can be right on whether one person is in the file, 50 being pure chance.

    For Gaussian noise of loss rho the best test has a separation of sqrt(2 rho) standard deviations, whatever the
    attacker knows of everybody else (Dong, Roth and Su 2022, section 2).
    """
    return 100 * NormalDist().cdf(math.sqrt(2 * rho) / 2)


def odds_words(epsilon: float) -> str:
    """The factor exp(epsilon) by which odds may move."""
    factor = math.exp(min(epsilon, 700))
    if factor < 10:
        return f"{factor:.1f}"
    return f"{factor:,.0f}" if factor < 1e7 else f"{factor:.1e}"


def suspicion(prior: float, epsilon: float) -> float:
    """How sure an attacker who believed with ``prior`` that a person is in the file can be at most afterwards."""
    gain = math.exp(min(epsilon, 700))
    return prior * gain / (prior * gain + 1 - prior)


def share_words(share: float) -> str:
    """A probability in words that do not round a doubt away."""
    if share > 0.9995:
        return "nearly certain"
    return f"{100 * share:.1f} %" if share < 0.995 else f"{100 * share:.2f} %"


def as_markdown(title: str, sections: Sequence[Section]) -> str:
    """The card as Markdown."""
    lines = [f"# {title}", ""]
    for section in sections:
        lines += [f"## {section.heading}", ""]
        for block in section.blocks:
            lines += [*_markdown(block), ""]
    return "\n".join(lines)


def _markdown(block: Text | Items | Grid) -> list[str]:
    if isinstance(block, Text):
        return [f"**{block.words}**" if block.warning else block.words]
    if isinstance(block, Items):
        return [f"- {line}" for line in block.lines]
    rows = [block.header, tuple("---" for _ in block.header), *block.rows]
    return ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]


def as_html(title: str, sections: Sequence[Section]) -> str:
    """The card as one page that opens offline."""
    body = [f"<h1>{escape(title)}</h1>"]
    for section in sections:
        body.append(f"<h2>{escape(section.heading)}</h2>")
        body += [_html(block) for block in section.blocks]
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n' + "\n".join(body) + "\n</body></html>\n"


def _html(block: Text | Items | Grid) -> str:
    if isinstance(block, Text):
        kind = ' class="warn"' if block.warning else ""
        return f"<p{kind}>{escape(block.words)}</p>"
    if isinstance(block, Items):
        return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in block.lines) + "</ul>"
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in block.header)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in block.rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
