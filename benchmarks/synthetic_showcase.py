"""One run of Synthetic Data Showcase (pac-synth 0.0.8), settings of the Intelligence Toolkit, in its own process.

    python3 -m venv /tmp/peers/pac && /tmp/peers/pac/bin/pip install pac-synth==0.0.8
    /tmp/peers/pac/bin/python benchmarks/synthetic_showcase.py FILE EPSILON DELTA LENGTH OUT.csv

Writes the rows that it made, and prints one JSON line: CPU seconds, peak memory and its noisy number of records.
"""

import csv
import json
import resource
import sys
from pathlib import Path

from pacsynth import (
    AccuracyMode,
    Dataset,
    DpAggregateSeededParametersBuilder,
    DpAggregateSeededSynthesizer,
    FabricationMode,
)


def parameters(epsilon, delta, length):
    """The toolkit's: balanced, rows guided by the counts of what was made so far."""
    return (
        DpAggregateSeededParametersBuilder()
        .reporting_length(length)
        .epsilon(epsilon)
        .delta(delta)
        .percentile_percentage(99)
        .percentile_epsilon_proportion(0.01)
        .accuracy_mode(AccuracyMode.prioritize_long_combinations())
        .number_of_records_epsilon_proportion(0.005)
        .fabrication_mode(FabricationMode.balanced())
        .empty_value("")
        .use_synthetic_counts(True)
        .weight_selection_percentile(95)
        .aggregate_counts_scale_factor(1.0)
        .build()
    )


def _plain(text):
    """The Showcase writes the marks that it uses itself as words."""
    return text.replace("<semicolon>", ";").replace("<colon>", ":")


def main():
    """Read, fit, sample, write."""
    source, epsilon, delta, length, out = sys.argv[1:]
    with Path(source).open(encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    # The Showcase takes "0" for blank, unless the column is named as one whose zeros count (citizenship 0: unknown).
    zeros = [name for at, name in enumerate(rows[0]) if any(row[at] == "0" for row in rows[1:])]
    data = Dataset(rows, sensitive_zeros=zeros)
    maker = DpAggregateSeededSynthesizer(parameters(float(epsilon), float(delta), int(length)))
    maker.fit(data)
    persons = maker.get_dp_number_of_records()
    made = [[_plain(cell) for cell in row] for row in maker.sample()]
    counts = maker.get_dp_aggregates("\x1f")  # values may hold any printed mark
    with Path(out).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(made)
    Path(f"{out}.counts.json").write_text(
        json.dumps({_plain(key): count for key, count in counts.items()}), encoding="utf-8"
    )
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "cpu": used.ru_utime + used.ru_stime,
                "mb": used.ru_maxrss / 1024,
                "persons": persons,
                "rows": len(made) - 1,
            }
        )
    )


if __name__ == "__main__":
    main()
