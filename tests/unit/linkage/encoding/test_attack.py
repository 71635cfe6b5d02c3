"""The self-test: weak builds are broken, which shows that the attacks work; the default build is not."""

import numpy as np
import pyarrow as pa
import pytest

from palermo.linkage.encoding import attack_insider
from palermo.linkage.encoding.attack import attack
from palermo.linkage.encoding.attack_controls import self_test
from palermo.linkage.encoding.attack_likeness import agreement, by_graph_alone, likeness
from palermo.linkage.encoding.attack_patterns import mine
from palermo.linkage.encoding.encode import Encoder
from palermo.linkage.encoding.parameters import Parameters

from . import made_lists as made


@pytest.fixture(scope="module")
def result():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attack_insider, "MOST", 400)
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


def test_whoever_knows_ten_persons_reads_the_rest_and_the_report_says_so(result):
    assert share(result.report, "Known plaintext and graph, 10 pairs") > 0.9
    assert share(result.report, "Known plaintext, 50 pairs") > 0.3
    assert result.report.conditions and not result.report.broken  # a condition for sending, not a reason against it
    told = "\n".join(result.lines())
    assert "WHOEVER HOLDS A LIST OF THESE PERSONS CAN READ THEM" in told and "never anonymous" in told


def test_attacker_without_a_list_of_the_persons_names_nobody_from_likeness():
    records, others = made.prepared(300, "a", seed=1), made.prepared(300, "b", seed=2)
    bits = Encoder(made.KEY, Parameters()).encode(records, made.seeds(300))
    assert not [one for one in attack_insider.insider_attempts(bits, records, Parameters(), others) if one.broken]


def test_graphs_of_one_list_are_laid_over_each_other_without_any_pair():
    records = made.prepared(300)
    seen, held = (
        likeness(Encoder(key, Parameters(hardening="none")).encode(records, made.seeds(300)))
        for key in (made.KEY, made.OTHER_KEY)
    )
    order = np.random.default_rng(1).permutation(300)
    taken = by_graph_alone(seen, held[np.ix_(order, order)])
    assert (order[taken] == np.arange(300)).mean() > 0.95
    assert agreement(seen, held, np.arange(300)) > 0.6 > agreement(seen, held, order)


def test_report_holds_no_name(result):
    text = "\n".join(result.lines())
    assert "BROKEN" in text and "no names found" in text
    tokens = {token for names in made.prepared(2_000)["tokens"].to_pylist() for token in names.split()}
    assert not tokens & set(text.replace(",", " ").split())


def test_what_proves_little_is_said():
    few = self_test(made.prepared(12), made.KEY, Parameters())
    assert few.unbroken
    assert "do not read it as safety" in few.lines()[-2]
    assert "On longer lists he reads nearly all" in few.lines()[-1]


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
