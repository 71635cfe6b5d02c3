"""Write the reference pages from the code, so that they cannot say anything else: `make docs`.

With ``--check`` nothing is written; the exit code is 1 where a page differs from the code.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import typer.main

from palermo import settings
from palermo.account import schema as account_schema
from palermo.account.definition import reference
from palermo.cli.app import app
from palermo.codes import code_list, list_ids
from palermo.codes.crosswalks import crosswalk, crosswalk_ids
from palermo.intake import identity as intake_identity
from palermo.intake import mapping as intake_mapping
from palermo.intake import schema as intake_schema
from palermo.intake.registry import adapters
from palermo.linkage import schema as linkage_schema
from palermo.portal.api.openapi import document as openapi_document
from palermo.release import schema as release_schema
from palermo.report.sdmx import conditions, faults, formats, official, parameters, periods, service, structures, tip

HERE = Path(__file__).parent / "reference"
HEAD = "<!-- Written by docs/generate.py from the code. Do not edit: run `make docs`. -->\n\n"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def cli_page() -> str:
    """Every verb with its help, arguments and options."""
    group: Any = typer.main.get_command(app)
    context = group.make_context("palermo", [], resilient_parsing=True)
    parts = ["# Command line\n\n", _plain(group.help), "\n\n", _plain(group.epilog), "\n"]
    for name in group.list_commands(context):
        command = group.commands[name]
        parts.append(_verb(name, command))
        parts += [_verb(f"{name} {inner}", own) for inner, own in getattr(command, "commands", {}).items()]
    return "".join(parts)


def _verb(name: str, command: Any) -> str:
    parameters = [p for p in command.params if p.name != "help"]
    rows = table(("", "meaning", "default"), (_parameter(p) for p in parameters)) if parameters else ""
    return f"\n## palermo {name}\n\n{_plain(command.help)}\n\n{rows}\n{_plain(command.epilog)}\n"


def _plain(text: str | None) -> str:
    return re.sub(r"\[/?bold\]", "**", text or "").strip()


def _parameter(parameter: Any) -> tuple[str, str, str]:
    if parameter.param_type_name == "argument":
        return f"`{parameter.name.upper()}`", parameter.help or "", ""
    shown = parameter.default not in (None, False, "") and parameter.show_default
    default = f"`{parameter.default}`" if shown else ""
    return ", ".join(f"`{opt}`" for opt in parameter.opts), parameter.help or "", default


def codes_page() -> str:
    """Every code of every list, and what each crosswalk loses."""
    parts = ["# Code lists\n\nOne section per list; `palermo.codes.code_list(id)` reads them.\n"]
    for list_id in list_ids():
        found = code_list(list_id)
        parts.append(f"\n## {found.title} (`{found.id}`, version {found.version})\n\n{found.source}.\n\n")
        codes = (*found.codes, *found.table_codes)
        parts.append(
            table(
                ("code", "label", "within", "meaning"),
                ((f"`{c.id}`", c.label, f"`{c.parent}`" if c.parent else "", c.description) for c in codes),
            )
        )
    parts.append("\n# Crosswalks: what is lost\n")
    for crosswalk_id in crosswalk_ids():
        losses = crosswalk(crosswalk_id).losses()
        parts.append(f"\n## {crosswalk_id}\n\n")
        header = ("direction", "list", "code", "what is lost")
        parts.append(table(header, ((x.direction, x.list, f"`{x.code}`", f"{x.kind}: {x.lost}") for x in losses)))
    return "".join(parts)


def tables_page() -> str:
    """The tables between the stages, with the comments of their schemas."""
    parts = ["# Tables between the stages\n\nEach is written as Parquet.\n"]
    names = (
        (intake_schema, ("CASES", "SUSPECTS", "PERPETRATOR_SETS", "OBSERVATIONS")),
        (linkage_schema, ("PERSONS",)),
        (account_schema, ("CUBE",)),
    )
    for module, tables in names:
        comments = _column_comments(module)
        for name in tables:
            parts.append(f"\n## {name.lower()} (`{module.__name__}`)\n\n")
            rows = ((f"`{f.name}`", str(f.type), comments.get((name, f.name), "")) for f in getattr(module, name))
            parts.append(table(("column", "type", "meaning"), rows))
    parts.append(f"\n## released (`{release_schema.__name__}`)\n\n{inspect.getdoc(release_schema)}\n\n")
    rows = ((f"`{f.name}`", str(f.type)) for f in release_schema.RELEASED)
    parts.append(table(("column", "type"), rows))
    return "".join(parts)


def _column_comments(module: ModuleType) -> dict[tuple[str, str], str]:
    """The comment behind each column of each schema of a module."""
    comments, current, column = {}, "", ""
    for line in inspect.getsource(module).splitlines():
        if found := re.match(r"([A-Z_]+) = pa\.schema", line):
            current = found[1]
        if found := re.search(r'\(?"([a-z_]+)",', line):
            column = found[1]
        if found := re.search(r"#\s*(.+)$", line):
            comments.setdefault((current, column), found[1])
    return comments


def settings_page() -> str:
    """Every key of palermo.toml and of a mapping file."""
    parts = ["# Settings\n\n`palermo.toml` governs a workspace; a mapping file says how one source file is read.\n"]
    sections: tuple[tuple[str, ModuleType, str, tuple[str, ...]], ...] = (
        (
            "[account]",
            settings,
            "Settings",
            ("sources", "rules", "population", "linkage", "hidden", "release", "engine"),
        ),
        ("[rules]", settings, "Rules", ()),
        ("[population]", settings, "Population", ()),
        ("[linkage]", settings, "Linkage", ()),
        ("[hidden]", settings, "Hidden", ()),
        ("[release]", settings, "Releases", ()),
        ("[[source]]", settings, "Source", ()),
        ("mapping file: [mapping]", intake_mapping, "Mapping", ("fields", "identity")),
        ("mapping file: [fields.TARGET]", intake_mapping, "FieldMapping", ("target",)),
        ("mapping file: [identity]", intake_identity, "Identity", ()),
    )
    engine = (row for row in _dataclass_rows(settings, "Settings") if row[0] == "`engine`")
    parts.append("\n## Before the first table\n\n" + table(("key", "type", "default", "meaning"), engine))
    for title, module, name, left_out in sections:
        parts.append(f"\n## {title}\n\n{inspect.getdoc(getattr(module, name))}\n\n")
        rows = (row for row in _dataclass_rows(module, name) if row[0].strip("`") not in left_out)
        parts.append(table(("key", "type", "default", "meaning"), rows))
    return "".join(parts)


def _dataclass_rows(module: ModuleType, name: str) -> Iterable[tuple[str, str, str, str]]:
    source = inspect.getsource(getattr(module, name))
    lines = source.splitlines()
    (definition,) = ast.parse(source).body
    assert isinstance(definition, ast.ClassDef)
    for item in definition.body:
        if isinstance(item, ast.AnnAssign):
            comment = re.search(r"#\s*(.+)$", lines[item.lineno - 1])
            default = f"`{ast.unparse(item.value)}`" if item.value else "must be given"
            yield f"`{ast.unparse(item.target)}`", ast.unparse(item.annotation), default, comment[1] if comment else ""


def shapes_page() -> str:
    """The source shapes that are known."""
    rows = ((f"`{a.name}`", a.title, ", ".join(a.tables)) for a in adapters())
    return "# Known shapes of source files\n\nAnything else is read with a mapping: `palermo map FILE`.\n\n" + table(
        ("adapter", "shape", "fills"), rows
    )


def indicators_page() -> str:
    """The definitions of the indicators, in words."""
    return f"# Indicators\n\nMade from the data files in `src/palermo/account/definitions/`.\n\n{reference()}"


def sdmx_page() -> str:
    """The SDMX service: structures, formats, parameters, faults, and what is not served."""
    parts = [
        "# SDMX service\n\nHow to ask: [use the SDMX service](../how-to/use-the-sdmx-service.md).\n",
        f"\n## Data structure {tip.STRUCTURE}, dataflow {tip.FLOW}\n\n{inspect.getdoc(tip)}\n\n",
        table(
            ("component", "role", "column of the cube", "code list", "mandatory", "meaning"),
            (
                (
                    f"`{part.id}`",
                    part.role if part.attached == "observation" else "attribute of the dataset",
                    f"`{part.column}`" if part.column else "",
                    f"`{part.codes}`" if part.codes else part.data_type,
                    "yes" if part.is_mandatory else "",
                    part.words or part.name,
                )
                for part in tip.PARTS
            ),
        ),
        f"\n### Frequency and time period\n\n{inspect.getdoc(periods)}\n\n",
        table(("FREQ", "name", "meaning"), ((f"`{c}`", *words) for c, words in periods.FREQUENCIES.items())),
        f"\n## Official structure: dataflow {official.FLOW}\n\n{inspect.getdoc(official)}\n\n",
        table(("series", "name"), ((f"`{code}`", name) for code, name in official.SERIES_NAMES.items())),
        "\n## Formats\n\nBy the Accept header or by `format=`, a short name or a whole media type.\n\n",
    ]
    kinds = (("data", formats.DATA), ("structure, availability", formats.STRUCTURE), ("schema", formats.SCHEMA))
    rows = (
        (kind, f"`{one.media_type}`", ", ".join(f"`{n}`" for n in one.names)) for kind, all_ in kinds for one in all_
    )
    parts.append(table(("for", "media type", "`format=`"), rows))
    parts.append("\n## Parameters\n\n")
    shared = parameters.SHARED | parameters.ALWAYS
    rows_by_version = (
        ("3.0 data", {*shared, *parameters.IN_3_0, "c[COMPONENT]"}), ("2.1 data", {*shared, *parameters.IN_2_1}),
        ("availability", {*parameters.AVAILABILITY, "those of data"}), ("structures", {"references", "detail=full"}),
        ("schema", service.OF_SCHEMA),
    )  # fmt: skip
    parts.append(table(("query", "parameters"), ((kind, _codes(names)) for kind, names in rows_by_version)))
    parts.append(f"\n{inspect.getdoc(conditions)}\n\nOperators: {_codes(conditions.OPERATORS)}. ")
    parts.append(f"Relations of structures (`references=`): {_codes(structures.REFERENCES)}, or a resource.\n")
    parts.append(f"\n## Faults\n\n{inspect.getdoc(faults)}\n\n")
    parts.append(
        table(("code", "meaning", "HTTP"), ((code, faults.TITLES[code], faults.STATUS[code]) for code in faults.TITLES))
    )
    parts.append(
        "\n## What is not served\n\nThese are answered with 501 (not implemented), never with something else.\n\n"
        f"- Queries: {_codes(service.NOT_SERVED)}; context `provisionagreement`; several dataflows in one message; "
        "single codes of a list.\n"
        f"- Parameters: {_codes(parameters.NOT_SERVED)}, `includeHistory=true`; values of `detail` for structures: "
        f"{_codes(structures.DETAILS)}.\n"
        f"- Resources: {_codes(structures.KNOWN_ELSEWHERE)}.\n"
        "- Formats (406): SDMX-JSON 1.0, SDMX-ML 3.1, time-series variants of SDMX-ML 2.1, SDMX-CSV with series keys "
        "or normalised time.\n"
    )
    return "".join(parts)


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def api_page() -> str:
    """The data service, from its OpenAPI document."""
    told = openapi_document()
    parts = [
        f"# Data service\n\n{told['info']['description'].strip()}\n\nThe document itself is at `/api/openapi.json`.\n"
    ]
    led = []
    for place, operations in told["paths"].items():
        operation = operations["get"]
        if "302" in operation["responses"]:
            led.append(place)
            continue
        parts.append(f"\n## {operation['summary']}\n\n`GET {place}`\n\n")
        rows = ((f"`{one['name']}`", one["in"], one["description"], _allowed(one["schema"]))
                for one in operation["parameters"])  # fmt: skip
        parts.append(table(("name", "in", "meaning", "allowed"), rows))
        gives = ", ".join(
            _gives(kind, body["schema"]) for kind, body in operation["responses"]["200"]["content"].items()
        )
        parts.append(f"\nGives {gives}.\n")
    parts.append("\n## The latest release\n\nThese lead (302) to the same address of the latest release:\n\n")
    parts += [f"- `{place}`\n" for place in led]
    parts.append("\n# Shapes\n\nEvery answer in JSON begins with the members of `Said`.\n")
    for name, schema in told["components"]["schemas"].items():
        own = schema["allOf"][1] if "allOf" in schema else schema
        parts.append(f"\n## {name}\n\n")
        rows = ((f"`{key}`", _shape(value), value.get("description", "")) for key, value in own["properties"].items())
        parts.append(table(("member", "type", "meaning"), rows))
    return "".join(parts)


def _allowed(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"] if one)
    if "minimum" in schema:
        return f"{schema['minimum']:,} to {schema['maximum']:,}"
    return f"`{schema['pattern']}`" if "pattern" in schema else "a code"


def _gives(kind: str, schema: dict[str, Any]) -> str:
    name = schema.get("$ref", "").rpartition("/")[2]
    return f"`{kind}` ([{name}](#{name.lower()}))" if name else f"`{kind}`"


def _shape(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if schema.get("type") == "array":
        return f"list of {_shape(schema['items'])}"
    kind = schema.get("type", "one of " + ", ".join(schema["enum"]) if "enum" in schema else "any")
    return " or ".join(kind) if isinstance(kind, list) else kind


PAGES = {
    "cli.md": cli_page,
    "codes.md": codes_page,
    "tables.md": tables_page,
    "settings.md": settings_page,
    "shapes.md": shapes_page,
    "indicators.md": indicators_page,
    "api.md": api_page,
    "sdmx.md": sdmx_page,
}


def main() -> int:
    """Write or check every page."""
    changed = []
    for name, make in PAGES.items():
        text = HEAD + make()
        path = HERE / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            changed.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if changed:
        sys.stdout.write(f"{'differ from the code' if '--check' in sys.argv else 'written'}: {', '.join(changed)}\n")
    return 1 if changed and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
