"""The stages one after another on one workspace; a stage is skipped when nothing that it reads has changed.

The decision a reader would question: every verb first brings the stages before it up to date, so that an account can
never be made from an intake that a changed file has overtaken. What a stage last ran on stands in ``work/stages.json``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from palermo import pipeline_linkage as linking
from palermo import release_work as releasing
from palermo import sealed_work as sealing
from palermo.account.build import build_account
from palermo.console import Step, step
from palermo.errors import UsageError
from palermo.linkage.persons import build_persons
from palermo.provenance import StageMemory, file_sha256
from palermo.settings import CLEAR, KEYS, Source
from palermo.stage_calls import Summary, account_inputs, read_source, report_release, totals
from palermo.turns import own_turn
from palermo.workspace import Workspace


@dataclass(frozen=True)
class Run:
    """One run over a workspace. ``quiet`` shows no progress (used with ``--json``)."""

    workspace: Workspace
    quiet: bool = False

    @property
    def _memory(self) -> StageMemory:
        return StageMemory(self.workspace.work / "stages.json")

    def intake(self) -> list[Summary]:
        """Read every source of the workspace; one summary per source."""
        if not self.workspace.settings.sources:
            raise UsageError(f'{self.workspace.root}: palermo.toml names no [[source]]; add one with path = "FILE"')
        return [self._intake(source) for source in self.workspace.settings.sources]

    def hidden(self) -> Summary:
        """Estimate those whom no list saw, from the persons and by the ``[hidden]`` table of the settings.

        The summary names ``estimates`` and ``captures`` (Parquet), the ``lists`` compared, ``notes`` and ``refusal``,
        which is empty where there is an answer. Raises ``UsageError`` where the settings do not ask for it, or no
        source gave cases.
        """
        if self.workspace.settings.hidden is None:
            raise UsageError(
                f"{self.workspace.root}: palermo.toml has no [hidden] table; add one, or name a capture table to "
                "estimate from: palermo hidden TABLE.csv"
            )
        sources = self.intake()
        _, _, persons, given = self._parted(sources, self._persons(sources))
        made = self._hidden(given, persons)
        if made is None:
            raise UsageError(f"{self.workspace.root}: no source gave cases, so there are no persons to compare")
        return made

    def link(self) -> Summary:
        """Join the records of one person, by the ``[linkage]`` table of the settings.

        The summary names ``table`` (persons) and says how many records and persons there are; ``links`` names the
        tables of linkage, None where records are joined by shared numbers alone. Raises ``UsageError`` where no source
        gave cases.
        """
        made = self._persons(self.intake())
        if made is None:
            raise UsageError(f"{self.workspace.root}: no source gave cases, so there are no records to join")
        return made

    def account(self, out: Path | None = None) -> Summary:
        """Count: persons from cases, then the cube and its receipts. With ``out``, written there and not remembered."""
        read_in = self.intake()
        parted, sources, persons, given = self._parted(read_in, self._persons(read_in))
        hidden = self._hidden(given, persons)
        inputs = account_inputs(self.workspace, sources, persons, hidden)
        inputs = replace(inputs, sealed=Path(parted["sealed"]) if parted else None)
        folder = out or self.workspace.work / "account"
        read = {
            "tables": [table for source in sources for table in source["tables_sha256"].values()],
            "inputs": [releasing.input_of(source) for source in sources],
            "settings": asdict(self.workspace.settings),
            "population": file_sha256(inputs.population) if inputs.population else None,
            "estimates": file_sha256(inputs.estimates) if inputs.estimates else None,
            "tried": file_sha256(inputs.tried) if inputs.tried else None,
            "sealed": file_sha256(inputs.sealed) if inputs.sealed else None,
        }

        def act(progress: Step) -> tuple[Summary, Sequence[Path]]:
            result = build_account(inputs, folder, progress)
            summary = {
                "cube": str(result.cube),
                "receipts": str(result.receipts),
                "tried": str(result.tried),
                "observations": result.observations,
                "persons": persons,
                "hidden": hidden,
                "sources": sources,
                "notes": [*(persons or {}).get("notes", ()), *(hidden or {}).get("notes", ()), *result.notes],
            }
            return summary, (result.cube, result.receipts, result.tried)

        return self._once("account", "Counting", read, act, remembered=out is None)

    def release(self, out: Path | None = None) -> Summary:
        """Protect the account and freeze it into a folder named by its content: a draft, for the office."""
        inputs = self.release_inputs()
        folder = out or self.workspace.releases

        def act(progress: Step) -> tuple[Summary, Sequence[Path]]:
            result = releasing.draft(self.workspace, inputs, folder, progress)
            summary = {
                "id": result.id,
                "path": str(result.path),
                "cells": result.cells,
                "hidden_small": result.hidden_primary,
                "hidden_secondary": result.hidden_secondary,
            }
            return summary, (result.path,)

        read = self._read_for_release(inputs)
        return self._once("release", "Protecting and proving", read, act, remembered=out is None)

    def _read_for_release(self, inputs: releasing.ReleaseInputs) -> Summary:
        return {
            "cube": file_sha256(inputs.cube),
            "receipts": file_sha256(inputs.receipts),
            "tried": file_sha256(inputs.receipts.with_name("estimates.json")),
            "metadata": inputs.metadata,
            "ledger": releasing.seen_before(self.workspace),
        }

    def released(self, made: Summary) -> None:
        """Take a listed release of the account as it is for the one that this stage would make, and make none."""
        read = self._read_for_release(self.release_inputs())
        with own_turn(self.workspace.work / "stages.lock"):
            self._memory.done("release", read, made, (Path(made["path"]),))

    def release_inputs(self) -> releasing.ReleaseInputs:
        """The account, brought up to date, and what a release says of it."""
        account = self.account()
        metadata = releasing.metadata_of(self.workspace, account, account["sources"])
        protection = releasing.protection_of(self.workspace)
        return releasing.ReleaseInputs(Path(account["cube"]), Path(account["receipts"]), metadata, protection)

    def report(self, out: Path | None = None) -> Summary:
        """Write the account as one page and data files, from the release alone."""
        release = self.release()
        folder = Path(release["path"])
        read = {"release": folder.name, "standing": file_sha256(folder / "manifest.json")}

        def act(progress: Step) -> tuple[Summary, Sequence[Path]]:
            return report_release(folder, out or self.workspace.report, progress)

        return self._once("report", "Writing the account", read, act, remembered=out is None)

    def all(self, out: Path | None = None) -> Summary:
        """Every stage, skipping what has not changed; the report goes to ``out`` if given. Summaries by stage."""
        report = self.report(out)
        memory = self._memory
        return {
            "intake": totals(self.intake_summaries()),
            "hidden": self._last_hidden(),
            "account": memory.last("account"),
            "release": memory.last("release"),
            "report": report,
        }

    def intake_summaries(self) -> list[Summary]:
        """What intake last said of each source, in the order of ``palermo.toml``."""
        return [self._memory.last(f"intake {source.name}") for source in self.workspace.settings.sources]

    def _last_hidden(self) -> Summary | None:
        """What the stage of the hidden number last said; None where the settings do not ask for it."""
        try:
            return self._memory.last("hidden") if self.workspace.settings.hidden else None
        except KeyError:
            return None  # no source gave cases

    def latest_release(self) -> Path | None:
        """The folder that the release stage last froze, or None where it never did."""
        try:
            return Path(self._memory.last("release")["path"])
        except KeyError:
            return None

    def _intake(self, source: Source) -> Summary:
        if not source.path.is_file():
            raise UsageError(f"{source.path}: no such file; palermo.toml names it as source {source.name!r}")
        folder, apart = self.workspace.work / "intake", self._identities
        limit = self.workspace.settings.rules.quarantine_limit
        read = {
            "file": file_sha256(source.path),
            "mapping": file_sha256(source.mapping) if source.mapping and source.mapping.is_file() else None,
            "source": asdict(source),
            "limit": limit,
            "names": apart is not None,
        }

        def act(progress: Step) -> tuple[Summary, Sequence[Path]]:
            return read_source(source, folder, limit, progress, identities=apart, sealed=self.workspace.sealed)

        return self._once(f"intake {source.name}", f"Reading {source.name}", read, act)

    @property
    def _identities(self) -> Path | None:
        """The closed folder of names and birth dates; None where linkage does not ask for them."""
        asked = self.workspace.settings.linkage.method
        return self.workspace.identities if asked in (None, CLEAR) else None

    def _persons(self, sources: Sequence[Summary]) -> Summary | None:
        cases = [Path(source["tables"]["cases"]) for source in sources if "cases" in source["tables"]]
        if not cases:
            return None
        if linking.method_of(self.workspace, sources) != KEYS:
            return self._linked(sources)
        out = self.workspace.work / "persons.parquet"
        read = {"cases": [source["tables_sha256"].get("cases") for source in sources], "method": KEYS}

        def act(_: Step) -> tuple[Summary, Sequence[Path]]:
            result = build_persons(cases, out)
            summary = {**asdict(result), "table": str(out), "notes": result.notes(), "links": None}
            return summary, (out,)

        return self._once("linkage", "Joining records of one person", read, act)

    def _linked(self, sources: Sequence[Summary]) -> Summary:
        """Persons by names or encodings: records are compared where a list changed, and joined where anything did."""
        from palermo.linkage_work import LinkageWork  # brings Splink, which takes a second

        work = LinkageWork(self.workspace, sources)
        found = self._once("linkage pairs", "Comparing records", work.read_for_pairs(), work.find)
        return self._once("linkage", "Joining records of one person", work.read_for_persons(found), work.joining(found))

    def _parted(
        self, sources: Sequence[Summary], persons: Summary | None
    ) -> tuple[Summary | None, Sequence[Summary], Summary | None, Sequence[Summary]]:
        """Persons under seal taken out: the stage, the sources and persons to count, and the sources as they were."""
        return sealing.parted(self.workspace, sources, persons, self._once)

    def _hidden(self, sources: Sequence[Summary], persons: Summary | None) -> Summary | None:
        settings = self.workspace.settings
        if settings.hidden is None or persons is None:
            return None
        from palermo.hidden.stage import StageInputs, build_hidden  # starts the compiler, which takes a second

        inputs = StageInputs(
            persons=Path(persons["table"]),
            cases=tuple(Path(source["tables"]["cases"]) for source in sources if "cases" in source["tables"]),
            years=settings.years,
            rules=settings.rules,
            settings=settings.hidden,
            links=linking.links_of(persons),
        )
        read = {
            "cases": [source["tables_sha256"].get("cases") for source in sources],
            "persons": file_sha256(inputs.persons),
            "years": inputs.years,
            "age_in_doubt": inputs.rules.age_in_doubt,
            "forms": inputs.rules.forms,
            "settings": asdict(settings.hidden),
            "links": linking.print_of(persons),
        }

        def act(progress: Step) -> tuple[Summary, Sequence[Path]]:
            result = build_hidden(inputs, self.workspace.work / "hidden", progress)
            written = [path for path in (result.estimates, result.captures, result.tried) if path]
            summary = {
                "estimates": str(result.estimates),
                "captures": str(result.captures) if result.captures else None,
                "tried": str(result.tried) if result.tried else None,
                "lists": list(result.lists),
                "refusal": result.refusal,
                "notes": list(result.notes),
            }
            return summary, written

        return self._once("hidden", "Estimating the hidden number", read, act)

    def _once(
        self,
        stage: str,
        title: str,
        read: Mapping[str, Any],
        act: Callable[[Step], tuple[Summary, Sequence[Path]]],
        *,
        remembered: bool = True,
    ) -> Summary:
        def shown() -> tuple[Summary, Sequence[Path]]:
            with step(title, self.quiet) as progress:
                return act(progress)

        if not remembered:
            return shown()[0]
        with own_turn(self.workspace.work / "stages.lock"):
            summary, skipped = self._memory.once(stage, read, shown)
        return {**summary, "skipped": skipped}
