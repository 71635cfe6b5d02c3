"""Encodings: fixed for a key, blind without it, alike for names in another order or script, hardened as said."""

import hashlib

import numpy as np
import pyarrow as pa
import pytest

from palermo.errors import UsageError
from palermo.linkage.encoding.encode import Encoder, features
from palermo.linkage.encoding.parameters import HARDENINGS, Parameters
from palermo.linkage.schema import PREPARED

from . import made_lists as made


def bits(table, key=made.KEY, **parameters):
    return Encoder(key, Parameters(**parameters)).encode(table, made.seeds(table.num_rows))


def dice(left, right):
    left, right = np.unpackbits(left, axis=1), np.unpackbits(right, axis=1)
    return 2 * (left & right).sum(axis=1) / (left.sum(axis=1) + right.sum(axis=1))


def test_encodings_never_change():
    """Files made by different versions of Palermo must be comparable: a new value here is a new parameter version."""
    rows = [
        {"tokens": "fepzev gwoyiv", "skeleton": "fbsf gff", "birth_year": 1990, "birth_month": 5, "birth_day": 17},
        {"tokens": "qov", "skeleton": None, "birth_year": 1987, "sex": "F", "place": "place zev"},
        {"sex": "_U"},
    ]
    table = pa.Table.from_pylist(
        [{"row_id": 1, "list": "a", "record_id": "1", **row} for row in rows],
        schema=PREPARED,
    )
    assert hashlib.sha256(bits(table).tobytes()).hexdigest()[:32] == "812eac84332502133b57ecf6f014b306"


@pytest.mark.parametrize("hardening", HARDENINGS)
def test_every_hardening_keeps_persons_apart(hardening):
    table = made.prepared(200)
    encoded = bits(table, hardening=hardening)
    assert encoded.shape == (200, 128)
    assert np.array_equal(encoded, bits(table, hardening=hardening))
    same = dice(encoded, bits(made.prepared(200, script="cyrillic"), hardening=hardening))
    other = dice(encoded, np.roll(encoded, 1, axis=0))
    assert np.median(same) > other.max() - 0.02
    assert np.median(same) > np.median(other) + 0.2


def test_another_key_gives_unrelated_bits():
    table = made.prepared(100)
    assert dice(bits(table), bits(table, made.OTHER_KEY)).max() < 0.6


def test_swapped_names_set_the_same_bits():
    table, swapped = made.prepared(50), made.prepared(50, variant="swapped")
    assert np.array_equal(bits(table), bits(swapped))


def test_flips_come_at_their_rate_and_are_the_same_each_time():
    table = made.prepared(200)
    plain, flipped = bits(table, hardening="blip"), bits(table, hardening="blip", flip=0.05)
    assert abs(np.unpackbits(plain ^ flipped).mean() - 0.05) < 0.005
    assert np.array_equal(flipped, bits(table, hardening="blip", flip=0.05))


def test_balance_has_a_constant_bit_count():
    counts = np.unpackbits(bits(made.prepared(50), hardening="balance"), axis=1).sum(axis=1)
    assert set(counts.tolist()) == {512}


def test_records_without_anything_are_encoded_without_bits():
    empty = pa.table(
        [pa.nulls(3, field.type) if field.nullable else pa.array([1, 2, 3]).cast(field.type) for field in PREPARED],
        schema=PREPARED,
    )
    assert not bits(empty).any()
    assert bits(empty.slice(0, 0)).shape == (0, 128)


def test_features():
    assert features("name_pair", "kiz") == ["_k", "iz", "ki", "z_"]
    assert features("birth_decade", "1987") == ["198"]
    assert features("name", "kiz") == ["kiz"]


def test_positions_are_spread_evenly():
    encoder = Encoder(made.KEY, Parameters())
    drawn = np.concatenate([encoder.positions("skeleton", str(number)) for number in range(2_000)])
    counts = np.bincount(drawn, minlength=1024)
    expected = len(drawn) / 1024
    chi_square = ((counts - expected) ** 2 / expected).sum()
    assert abs(chi_square - 1023) < 5 * np.sqrt(2 * 1023)


def test_parameters_for_other_rules_of_preparing_are_refused():
    with pytest.raises(UsageError, match=r"rules of preparing 0\.9; this Palermo has"):
        Encoder(made.KEY, Parameters(normalisation="0.9"))
