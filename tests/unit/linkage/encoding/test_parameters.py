"""Parameter files: the same bytes for the same parameters, and clear errors."""

import pytest

from palermo.errors import UsageError
from palermo.linkage.encoding.parameters import HASHES, Parameters, parse_parameters, read_parameters, write_parameters


def test_round_trip_and_hash(tmp_path):
    parameters = Parameters(flip=0.02, hashes={**HASHES, "sex": 3})
    write_parameters(parameters, tmp_path / "parameters.json")
    read = read_parameters(tmp_path / "parameters.json")
    assert read == parameters and read.hash == parameters.hash
    assert Parameters().hash != parameters.hash


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"bits": 1000}, "power of two"),
        ({"bits": 256}, "512 to 8192"),
        ({"hardening": "magic"}, "expected one of diffusion"),
        ({"flip": 0.5}, "below 0.5"),
        ({"hashes": {"shoe_size": 3}}, "shoe_size"),
        ({"hashes": {"sex": 65}}, "0 to 64"),
    ],
)
def test_wrong_values(wrong, said):
    with pytest.raises(UsageError, match=said):
        Parameters(**wrong)


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        '{"key": "1"}',
        '{"version": 99}',
        '{"flip": "much"}',
        '{"bits": "1024"}',
        '{"hashes": [1]}',
        '{"hashes": {"sex": "many"}}',
    ],
)
def test_other_files(text):
    with pytest.raises(UsageError, match="where"):
        parse_parameters(text, "where")


def test_missing_file(tmp_path):
    with pytest.raises(UsageError, match="no such parameter file"):
        read_parameters(tmp_path / "none.json")
