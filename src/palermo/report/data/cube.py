"""The whole released cube with labels, as Parquet, and the codebook that explains its columns and codes."""

from io import BytesIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from palermo.language import _, marked
from palermo.release.schema import RELEASED
from palermo.report.data.csv_text import csv_text
from palermo.report.labels import LISTS, label
from palermo.report.page import words
from palermo.report.reading import Release

MEANINGS = {  # of a column, to translate
    "indicator": marked("Definition that made the number"),
    "measure": marked("What is counted"),
    "unit": marked("Unit of the number"),
    "kind": marked("Kind of number: detected, assisted, estimated or exposed; kinds are never added"),
    "ref_area": marked("Country, area or region"),
    "time_period": marked("Year, or first/last year of a span; _T all years"),
    "sex": marked("Sex"),
    "age": marked("Age group in completed years"),
    "form": marked("Form of exploitation"),
    "citizenship": marked("Citizenship; in flows the country of origin"),
    "counterpart_area": marked("In flows the country of exploitation"),
    "reach": marked("How far from home"),
    "list": marked("Name of the list"),
    "band": marked("Band of areas, or way of taking a share"),
    "value": marked("The number; empty where it is hidden or a range"),
    "lower": marked("The least it can be"),
    "upper": marked("The most it can be"),
    "obs_status": marked("Observation status (SDMX)"),
    "receipt_id": marked("Receipt of the number"),
    "conf_status": marked("Confidentiality (SDMX): F is free, all others are hidden"),
    "made_up": marked("Whether the data are made up"),
}


def cube_files(release: Release) -> dict[str, bytes]:
    """``cube.parquet`` and ``codebook.csv`` by name."""
    return {"cube.parquet": _parquet(release), "codebook.csv": _codebook(release).encode()}


def _labelled(release: Release) -> pa.Table:
    table = release.cube.select(RELEASED.names)
    for name in LISTS:
        if name in table.column_names:
            table = table.append_column(f"{name}_label", _labels(table[name], name))
    made_up = pa.array([release.made_up] * table.num_rows, pa.bool_())
    return table.append_column("made_up", made_up)


def _labels(column: pa.ChunkedArray, name: str) -> pa.Array:
    encoded = column.combine_chunks().dictionary_encode()
    named = pa.array(
        [None if code is None else label(name, code) for code in encoded.dictionary.to_pylist()], pa.string()
    )
    return pc.take(named, encoded.indices)


def _parquet(release: Release) -> bytes:
    sink = BytesIO()
    about = {"about": _(words.DETECTED_ONLY), "release": release.id}
    if release.made_up:
        about["warning"] = _(words.MADE_UP_SENTENCE)
    table = _labelled(release).replace_schema_metadata(about)
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _codebook(release: Release) -> str:
    """One line per column, then one line per code that occurs in it; and what the metadata of the file say."""
    lines = []
    for field in RELEASED:
        lines.append((field.name, str(field.type), "", _(MEANINGS.get(field.name, ""))))
        if field.name in LISTS:
            codes = sorted(code for code in set(release.cube[field.name].to_pylist()) if code is not None)
            lines += [(field.name, "code", code, label(field.name, code)) for code in codes]
    meaning = words.MADE_UP_SENTENCE if release.made_up else MEANINGS["made_up"]
    lines.append(("made_up", "bool", "true" if release.made_up else "false", _(meaning)))
    lines.append(("about", "metadata", "", words.about(made_up=release.made_up)))
    lines += [(f"{name}_label", "string", "", _("Label of {column}", column=name)) for name in LISTS]
    return csv_text(("column", "type", "code", "meaning"), lines)
