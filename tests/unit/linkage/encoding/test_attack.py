"""The self-test: weak builds are broken, which shows that the attacks work; the default build is not."""

import numpy as np
import pyarrow as pa
import pytest

from palermo.linkage.encoding.attack import attack
from palermo.linkage.encoding.attack_controls import self_test
from palermo.linkage.encoding.attack_patterns import mine
from palermo.linkage.encoding.encode import Encoder
from palermo.linkage.encoding.parameters import Parameters

from . import made_lists as made


@pytest.fixture(scope="module")
def result():
    return self_test(made.prepared(2_000), made.KEY, Parameters())


def share(report, name):
    return next(one.share for one in report.attempts if one.attack == name)


def test_weak_builds_are_broken(result):
    assert result.unbroken == ()
    assert share(result.weak["no key"], "Dictionary without the key") > 0.99
    assert share(result.weak["given name alone"], "Alignment of frequencies") > 0.3
    assert share(result.weak["no hardening"], "Pattern mining") > 0.3


def test_default_build_resists_what_breaks_them(result):
    assert not result.report.broken
    assert result.report.distinct == result.report.records == 2_000
    assert all(one.share < 0.02 for one in result.report.attempts if not one.needs)


def test_attacker_with_another_sample_of_the_population_fares_no_better():
    records = made.prepared(1_000, "a", seed=1)
    bits = Encoder(made.KEY, Parameters()).encode(records, made.seeds(1_000))
    assert not attack(bits, records, Parameters(), made.prepared(1_000, "b", seed=2)).broken


def test_report_holds_no_name(result):
    text = "\n".join(result.lines())
    assert "BROKEN" in text and "no names found" in text
    tokens = {token for names in made.prepared(2_000)["tokens"].to_pylist() for token in names.split()}
    assert not tokens & set(text.replace(",", " ").split())


def test_what_proves_little_is_said():
    few = self_test(made.prepared(12), made.KEY, Parameters())
    assert few.unbroken
    assert "do not read it as safety" in few.lines()[-1]


def test_records_without_names_or_no_records_do_not_stop_it():
    records = made.prepared(15)
    nameless = records.set_column(5, records.schema.field("tokens"), pa.nulls(15, pa.string()))
    bits = Encoder(made.KEY, Parameters()).encode(nameless, made.seeds(15))
    assert attack(bits, nameless, Parameters()).records == 15
    assert not attack(bits[:0], records.slice(0, 0), Parameters()).broken


def test_mining_names_nobody_where_bits_are_noise():
    noise = np.random.default_rng(1).integers(0, 256, (500, 128), dtype=np.uint8)
    found = mine(noise, made.prepared(500))
    assert found.patterns == 0 and len(found.nearest) == 0 and found.strongest < 0.3
