"""Figures of the account as data: table, sentences, note, source, drawing in words, receipts."""

from math import isfinite
from typing import Any

from django.http import HttpResponseBase

from palermo.language import _
from palermo.portal.api.answers import csv_answer, json_answer
from palermo.portal.api.known_codes import check_codes
from palermo.portal.api.problems import not_published
from palermo.portal.api.releases import checked_area
from palermo.portal.api.route import CSV, Asked
from palermo.portal.api.said import release_asked, said_of
from palermo.portal.places import figure_named, sections
from palermo.report.account import last_period
from palermo.report.amounts import Amount
from palermo.report.data.figures import STATUS, figure_csv
from palermo.report.figure import Figure, Measure, Row
from palermo.report.page.words import of_figure

WORDS = {"ref_area": "area", "time_period": "period"}  # of the query, by the column whose codes they are


def figure_list(asked: Asked) -> HttpResponseBase:
    """The figures of an area and a period; of the account and its last year where none are named."""
    found = release_asked(asked.parts["release_id"])
    area = asked.words.get("area", found.area)
    period = asked.words.get("period", last_period(found))
    given = {column: asked.words[word] for column, word in WORDS.items() if word in asked.words}
    check_codes(found, given, WORDS)
    checked_area(found, area, period)
    place = f"/api/releases/{found.id}/areas/{area}/{period}/figures"
    told = [
        {"section": heading, "id": one.id, "title": one.title, "subtitle": one.subtitle, "missing": one.missing,
         "url": f"{place}/{one.id}"}
        for _anchor, heading, group in sections(found, area, period)
        for one in group
    ]  # fmt: skip
    return json_answer(asked, said_of(found) | {"area": area, "period": period, "figures": told}, found)


def figure(asked: Asked) -> HttpResponseBase:
    """One figure: its table first, and everything that is made of the table."""
    release_id, area, period, name = (asked.parts[part] for part in ("release_id", "area", "period", "figure_id"))
    found = release_asked(release_id)
    checked_area(found, area, period)
    made = figure_named(found, area, period, name)
    if made is None or (made.missing and asked.form == CSV):
        raise not_published(_("Figure {id}", id=name))
    if asked.form == CSV:
        body = iter([figure_csv(made).encode()])
        return csv_answer(asked, body, f"{found.id}-{area}-{period}-{name}.csv", found)
    return json_answer(asked, said_of(found, of_figure(made)) | _told(made), found)


def _told(made: Figure) -> dict[str, Any]:
    return {
        "id": made.id,
        "title": made.title,
        "subtitle": made.subtitle,
        "sentences": list(made.text),
        "note": made.note,
        "source": made.source,
        "alt": made.alt,
        "missing": made.missing,
        "table": {
            "stubs": [{"key": stub.key, "label": stub.label} for stub in made.table.stubs],
            "measures": [
                {"key": one.key, "label": one.label, "unit": "percent" if one.unit == "%" else one.unit,
                 "estimated": one.estimated}
                for one in made.table.measures
            ],
            "rows": [_row(row, made.table.measures) for row in made.table.rows],
        },
        "receipts": list(made.receipts),
    }  # fmt: skip


def _row(row: Row, measures: tuple[Measure, ...]) -> dict[str, Any]:
    cells = [_cell(amount, one) for amount, one in zip(row.amounts, measures, strict=True)]
    codes, labels = [code for code, _label in row.stubs], [label for _code, label in row.stubs]
    return {"group": row.group, "codes": codes, "labels": labels, "cells": cells}


def _cell(amount: Amount, measure: Measure) -> dict[str, Any]:
    obs_status, conf_status = STATUS.get(amount.state, (None, None))
    if measure.estimated and amount.is_exact:
        obs_status = "E"
    value, lower, upper = (_finite(bound) for bound in (amount.value, amount.low, amount.high))
    return {"value": value, "lower": lower, "upper": upper, "obs_status": obs_status,
            "conf_status": conf_status, "status": str(amount.state)}  # fmt: skip


def _finite(bound: float | None) -> float | None:
    """A bound, or nothing where it is endless, which JSON cannot say."""
    return bound if bound is not None and isfinite(bound) else None
