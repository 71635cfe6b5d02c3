"""Which way of linkage a workspace takes, and what it says of how sure it is."""

from pathlib import Path

import pytest

from palermo.errors import UsageError
from palermo.linkage_work import how_joined, how_sure
from palermo.pipeline_linkage import links_of, method_of, print_of
from palermo.settings import Linkage, Settings, Source
from palermo.workspace import Workspace

NAMED, NAMELESS = {"list": "a", "identities": "a.identities.parquet"}, {"list": "b", "identities": None}


def workspace(method=None, encoded=None):
    source = Source("a", Path("a.csv"), encoded=encoded)
    return Workspace(Path("tip"), Settings("Title", "DEU", (source,), linkage=Linkage(method=method)))


@pytest.mark.parametrize(
    ("asked", "sources", "method"),
    [
        (None, [NAMELESS], "keys"),
        (None, [NAMED, NAMELESS], "clear"),
        ("keys", [NAMED], "keys"),
        ("clear", [NAMED], "clear"),
        ("encodings", [NAMELESS], "encodings"),
    ],
)
def test_names_join_where_they_are_there_unless_the_settings_say_otherwise(asked, sources, method):
    assert method_of(workspace(asked), sources) == method


def test_names_that_are_not_there_and_files_that_are_not_there_are_named():
    with pytest.raises(UsageError, match=r"no mapping has a table \[identity\]"):
        method_of(workspace("clear"), [NAMELESS])
    with pytest.raises(UsageError, match=r"no such file of encodings: gone\.encodings"):
        method_of(workspace("encodings", Path("gone.encodings")), [NAMELESS])


def test_joining_by_numbers_leaves_nothing_to_correct():
    assert links_of({"links": None}) is None
    assert print_of({"links": None}) is None


def test_notes_round_and_say_where_nobody_looked():
    assert "about 120 of them by that alone" in how_joined(Linkage(method="clear"), 123)[0]
    assert "keyed encodings" in how_joined(Linkage(method="encodings"), 123)[0]
    nothing = {"labelled": 0, "clerks": 0, "missed": None, "false": None, "count": None}
    assert "Nobody looked" in how_sure(nothing)[0]
    count = {"made": 1010, "corrected": 1004.0, "lower": 991.0, "upper": 1017.0}
    known = {"labelled": 501, "clerks": 2, "missed": 0.21, "false": 0.02, "count": count}
    said, corrected = how_sure(known)
    assert "about 500 pairs that 2 people looked at, about 20% of the links" in said
    assert "about 1,000 persons (95 % interval: about 990 to about 1,020)" in corrected
