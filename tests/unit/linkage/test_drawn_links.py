import numpy as np
import pyarrow as pa
import pytest

from palermo.errors import RefusedError
from palermo.linkage.calibration import calibrate
from palermo.linkage.drawn_links import CAP, draw_links
from palermo.linkage.schema import LABELS, MEMBERSHIPS, PAIRS

from .made_linkage import made_labels, made_pairs, made_records


@pytest.fixture(scope="module")
def calibration():
    pairs, same = made_pairs(3)
    return calibrate(pairs, made_labels(pairs, same), records=made_records())


def test_a_draw_is_a_linkage_of_all_records(calibration):
    drawn = draw_links(calibration, made_records(), seed=1)
    assert drawn.schema.equals(MEMBERSHIPS) and drawn.num_rows == made_records().num_rows
    persons = drawn.group_by("person_id").aggregate([("row_id", "min"), ("row_id", "count")])
    assert persons["row_id_min"].to_pylist() == persons["person_id"].to_pylist()
    assert max(persons["row_id_count"].to_pylist()) <= CAP
    assert drawn.equals(draw_links(calibration, made_records(), seed=1))
    assert not drawn.equals(draw_links(calibration, made_records(), seed=2))


def test_pairs_are_linked_about_as_often_as_their_probability_says(calibration):
    expected = calibration.pairs["calibrated"].to_numpy().sum()
    left, right = (calibration.pairs[side].to_numpy() - 1 for side in ("left", "right"))
    linked = []
    for seed in range(40):
        person = draw_links(calibration, made_records(), seed)["person_id"].to_numpy()
        linked.append((person[left] == person[right]).sum())
    assert abs(np.mean(linked) / expected - 1) < 0.05
    assert np.std(linked) > np.sqrt(expected) / 4  # the doubt of the curve is in the spread


def test_decisions_hold_in_every_draw(calibration):
    rows = [
        {"left": 1, "right": 2001, "probability": 1.0, "source": "decision"},
        {"left": 2, "right": 2002, "probability": 0.0, "source": "decision"},
        *calibration.pairs.slice(0, 500).to_pylist(),
    ]
    found = calibrate(pa.Table.from_pylist(rows, schema=PAIRS), _labels(calibration), records=made_records())
    for seed in range(5):
        person = draw_links(found, made_records(), seed)["person_id"].to_pylist()
        assert person[0] == person[2000] and person[1] != person[2001]


def _labels(calibration):
    rows = calibration.pairs.slice(0, 60).to_pylist()
    return pa.Table.from_pylist(
        [
            {"left": row["left"], "right": row["right"], "clerk": "one", "source": "clerk", "band": None}
            | {"answer": "same" if row["probability"] > 0.5 else "different"}
            for row in rows
        ],
        schema=LABELS,
    )


def test_nothing_is_drawn_without_labels(calibration):
    bare = calibrate(calibration.pairs, LABELS.empty_table(), records=made_records())
    with pytest.raises(RefusedError, match="calibrated probabilities only"):
        draw_links(bare, made_records(), seed=1)
