"""The attacker's report in words: JSON for an approval, one HTML page for a reader.

The decision a reader would question: a report with findings is marked confidential even without what was worked out,
because it says where to look. A clean one may go with the release.
"""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from palermo.errors import UsageError
from palermo.provenance import write_json
from palermo.release.attack.finding import Finding, Outcome, Report
from palermo.whole_files import whole

CONFIDENTIAL = (
    "CONFIDENTIAL: this report says where a release breaks, or was made with the true rows. Keep it in the office."
)
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3rem .5rem;text-align:left;"
    "vertical-align:top}.mark{border:3px solid #900;padding:.5rem}"
)


def headline(report: Report) -> str:
    """The answer in one line."""
    tried = [outcome for outcome in report.outcomes if outcome.ran]
    left = len(report.outcomes) - len(tried)
    found = f"{len(report.findings):,} findings" if report.findings else "Nothing was found"
    return f"{found}: {len(tried):,} attacks ran, {left:,} could not"


def check_name(path: Path) -> None:
    """Raise ``UsageError`` where a report has a name of neither form, before any work is done."""
    if path.suffix not in {".json", ".html"}:
        raise UsageError(f"--report {path}: expected a name that ends in .html or .json")


def write_report(report: Report, path: Path, values: bool) -> None:
    """Write a report as its name says, whole or not at all. Raises ``UsageError`` where that is neither form."""
    check_name(path)
    if path.suffix == ".json":
        write_json(path, report.summary(values))
        return
    with whole(path) as part:
        part.write_text(as_html(report, values), encoding="utf-8")


def as_html(report: Report, values: bool) -> str:
    """One page without scripts."""
    mark = f'<p class="mark"><strong>{CONFIDENTIAL}</strong></p>' if report.is_confidential else ""
    tried = [outcome for outcome in report.outcomes if outcome.ran]
    left = [outcome for outcome in report.outcomes if not outcome.ran]
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Attacker\'s report</title>',
        f"<style>{_STYLE}</style></head><body><main><h1>Attacker's report</h1>{mark}",
        f"<p>{escape(headline(report))}. Attacked: {escape(', '.join(report.releases))}. Seed {report.seed}.</p>",
        _table("Findings", ("attack", "where", "what", "how sure"), [_row(one, values) for one in report.findings]),
        _table("Attacks that ran", ("attack", "on", "tries", "what was tried", "findings"), map(_ran, tried)),
        _table(
            "Attacks that could not run", ("attack", "on", "why"), [(o.attack, o.target, o.could_not) for o in left]
        ),
        "</main></body></html>\n",
    ]
    return "".join(parts)


def _row(finding: Finding, values: bool) -> tuple[str, ...]:
    told = f" ({finding.told})" if values and finding.told else ""
    return finding.kind, finding.where, finding.words + told, finding.severity


def _ran(outcome: Outcome) -> tuple[str, ...]:
    return outcome.attack, outcome.target, f"{outcome.tried:,}", outcome.words, f"{len(outcome.findings):,}"


def _table(title: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    held = [f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows]
    if not held:
        return f"<h2>{escape(title)}</h2><p>None.</p>"
    names = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
    return f"<h2>{escape(title)}</h2><table><thead><tr>{names}</tr></thead><tbody>{''.join(held)}</tbody></table>"
