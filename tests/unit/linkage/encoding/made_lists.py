"""Small lists of made-up persons for tests of encodings."""

import numpy as np
import pyarrow as pa

from palermo.demo.names import SCRIPTS, SYLLABLES, Names, written
from palermo.intake.schema import IDENTITIES
from palermo.linkage.encoding.keys import Key
from palermo.linkage.prepare import prepare_table

KEY = Key("test", bytes(range(32)))
OTHER_KEY = Key("test", bytes(range(1, 33)))


def identities(count, name="a", seed=1, script="latin", variant="plain"):
    """``count`` persons as one list writes them; the same seed gives the same persons."""
    rng = np.random.default_rng(seed)
    weights = 1 / (np.arange(len(SYLLABLES)) + 2.0)
    draw = [rng.choice(len(SYLLABLES), (count, width), p=weights / weights.sum()) for width in (2, 3)]
    names = Names(*draw)
    births = np.datetime64("1970-01-01") + rng.integers(0, 14_000, count)
    rows = [
        {
            "list": name,
            "record_id": f"{name}-{person}",
            "source_row": person + 2,
            "full_name": written(names, person, script, variant, rng.random()),
            "birth_date": str(births[person]),
            "sex": "F" if rng.random() < 0.7 else "M",
            "place": f"place {SYLLABLES[int(rng.integers(5))][0]}",
        }
        for person in range(count)
    ]
    return pa.Table.from_pylist(rows, schema=IDENTITIES)


def prepared(count, name="a", seed=1, script=SCRIPTS[0], variant="plain"):
    """The same, prepared."""
    return prepare_table(identities(count, name, seed, script, variant))


def seeds(count):
    """Ids of records, for flips."""
    return [number.to_bytes(16, "big") for number in range(count)]
