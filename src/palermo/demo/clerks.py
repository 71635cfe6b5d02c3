"""The made-up clerk of the demo country, who looks at a sample of pairs and knows the truth.

The decision a reader would question: real clerks err and this one does not. She is here so that the country shows what
labels are good for; what clerks' errors cost is the matter of ``linkage.calibration`` and its tests.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from palermo.demo.truth import FOLDER, RECORDS_FILE
from palermo.linkage.review.labels import Answer, RecordName
from palermo.linkage.review.sample import Plan, draw_sample
from palermo.private_files import write_private_text

CLERK = "made-up clerk"


def label_links(workspace: Path, persons: Mapping[str, Any]) -> int:
    """Let her look at a sample of what the linkage stage said (``persons``), where it will look for labels."""
    labels = workspace / "work" / "linkage" / "labels.jsonl"
    return label_sample(workspace, Path(persons["pairs"]), Path(persons["links"]["records"]), labels)


def label_sample(workspace: Path, pairs: Path, records: Path, labels: Path, plan: Plan | None = None) -> int:
    """Answer for a sample of ``pairs`` who is one person, in the file ``labels``; returns the number of answers."""
    truth = pq.read_table(workspace / FOLDER / RECORDS_FILE, columns=["list", "record_id", "person"])
    person = dict(
        zip(
            zip(truth["list"].to_pylist(), truth["record_id"].to_pylist(), strict=True),
            truth["person"].to_pylist(),
            strict=True,
        )
    )
    sample = draw_sample(pq.read_table(pairs), pq.read_table(records), plan)
    answers = []
    for pair in sample:
        same = _holder(person, pair.left) == _holder(person, pair.right)
        answers.append(Answer(pair.left, pair.right, CLERK, "same" if same else "different", pair.band, "truth"))
    lines = (json.dumps(asdict(answer), ensure_ascii=False, sort_keys=True) + "\n" for answer in answers)
    write_private_text("".join(lines), labels)
    return len(answers)


def _holder(person: dict[tuple[str, str], int], record: RecordName) -> int:
    return person[record.list, record.record_id]
