"""Words of the linkage report."""

import pytest

from palermo.report.linkage.words import probability_told


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.5, "0.5"), (0.98765, "0.988"), (0.99996, "0.99996"), (0.9999999, "0.9999999"), (1.0, "1"), (0.0, "0"),
     (1 - 2**-53, "0.9999999999999999")],
)  # fmt: skip
def test_a_probability_is_never_rounded_to_certainty(value, told):
    assert probability_told(value) == told
