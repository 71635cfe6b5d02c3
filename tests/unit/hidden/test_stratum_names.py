"""Names of strata: everything that is written can be read back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import UsageError
from palermo.hidden.stratum_names import WHOLE, stratum_name, stratum_values


def test_names_as_in_the_estimate_table() -> None:
    assert stratum_name([("sex", "F"), ("age", "Y0T17")]) == "sex=F, age=Y0T17"
    assert stratum_name([("sex", None)]) == "sex=_U"
    assert stratum_name([]) == WHOLE
    assert stratum_values(WHOLE) == {}


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_values_come_back(values: dict[str, str]) -> None:
    assert stratum_values(stratum_name(values.items())) == values


def test_what_is_no_name_is_an_error() -> None:
    with pytest.raises(UsageError, match="expected a stratum such as"):
        stratum_values("girls")
