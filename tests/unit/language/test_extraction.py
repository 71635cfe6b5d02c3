"""What translators are given from the data files."""

from io import BytesIO

from palermo.language.extraction import labels

LIST = b"""
id = "colour"
title = "Colours"

[codes.red]
label = "Red"
aliases = ["ruby"]

[codes.blue]
label = "Blue"
description = "As the sky."
"""


def test_labels_and_descriptions_are_messages_and_ids_are_not():
    found = [(line, message) for line, _function, message, _comments in labels(BytesIO(LIST), (), (), {})]
    assert [message for _line, message in found] == ["Colours", "Red", "Blue", "As the sky."]
    assert dict(found)[6] == "Red"


def test_a_file_without_labels_gives_nothing():
    assert list(labels(BytesIO(b'a = 1\n[b]\nc = ["d"]\n'), (), (), {})) == []
