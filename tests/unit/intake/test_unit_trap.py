from pathlib import Path

import pytest

from palermo.errors import RefusedError, UsageError
from palermo.intake import unit_trap
from palermo.intake.unit_trap import Named, named_unit

HERE = Path("made_up.csv")


@pytest.mark.parametrize(
    ("text", "counted", "measured"),
    [
        ("Number of victims of human trafficking per 100,000 population", "victims", "PER_100K"),
        ("Victims of human trafficking", "victims", None),
        ("Число жертв торговли людьми на 100 000 человек", "victims", "PER_100K"),
        ("Žrtve THB-a na 100 000 osoba", "victims", "PER_100K"),
        ("Nombre de victimes de la traite", "victims", "NUMBER"),
        ("Opfer von Menschenhandel je 100.000 Einwohner", "victims", "PER_100K"),
        ("Detected victims (Number)", "victims", "NUMBER"),
        ("victims of the offence of trafficking", "victims", None),
        ("Crime victims", "victims", None),
        ("Number of Human Trafficking Offenses Reported", "offences", "NUMBER"),
        ("Número de delitos de trata de personas", "offences", "NUMBER"),
        ("Nombre d'infractions liées à la traite", "offences", "NUMBER"),
        ("Broj krivičnih djela trgovine ljudima", "offences", "NUMBER"),
        ("Количество преступлений", "offences", "NUMBER"),
        ("Number of human trafficking incidents reported per 100,000 population", "events", "PER_100K"),
        ("Number of cases with at least one victim", "cases", "NUMBER"),
        ("case", "cases", None),
        ("Area of demined territories, square kilometers", "area", None),
        ("Number of specialists trained in combating human trafficking", "other_persons", "NUMBER"),
        ("UNIDAD_MEDIDA.PER_100000", None, "PER_100K"),
        ("per_100000_population", None, "PER_100K"),
        ("PERSONS", None, "NUMBER"),
        ("%", None, "PERCENT"),
        ("VC_HTF_DETVSXR", "victims", "PER_100K"),
        ("VC_HTF_OFF", "offences", None),
        ("TOT_VICTIM", "victims", None),
        ("Purchased showcase", None, None),
        ("", None, None),
    ],
)
def test_what_a_text_names(text, counted, measured):
    assert named_unit(text) == Named(counted, measured)


def test_titles_are_read_from_both_forms_of_metadata():
    text = "SDG_INDICATOR: |-\n  Indicator 16.2.2: Number of offences\nDATA_COMP: victims\n\tmore victims\n"
    assert unit_trap.titles_in(text) == {"SDG_INDICATOR": "Indicator 16.2.2: Number of offences"}
    assert unit_trap.titles_in('UNIT_MEASURE: "Persons"\nindicator_name: Number of victims') == {
        "UNIT_MEASURE": "Persons"
    }


def test_titles_beside_the_file(tmp_path):
    (tmp_path / "made_up.meta.yml").write_text("graph_title: Victims\n", encoding="utf-8")
    assert unit_trap.titles_beside(tmp_path / "made_up.csv") == {"graph_title": "Victims"}
    assert unit_trap.titles_beside(tmp_path / "another.csv") == {}


def test_titles_decide_unless_the_user_states_the_same_unit():
    offences = {"SDG_INDICATOR": "Number of offences"}
    with pytest.raises(RefusedError, match=r'publishes offences .* state unit = "OFFENCE"'):
        unit_trap.counted_by_titles(HERE, offences, None)
    assert unit_trap.counted_by_titles(HERE, offences, "OFFENCE") == "offences"
    with pytest.raises(RefusedError, match="you state unit = 'CASE'"):
        unit_trap.counted_by_titles(HERE, offences, "CASE")
    assert unit_trap.counted_by_titles(HERE, {"graph_title": "Trafficking"}, None) is None


def test_titles_that_contradict_each_other_are_refused():
    titles = {"SDG_INDICATOR": "Number of victims", "UNIT_MEASURE": "offences"}
    with pytest.raises(RefusedError, match=r"victims .* and offences"):
        unit_trap.counted_by_titles(HERE, titles, None)


def test_what_has_no_place_in_the_account_cannot_be_stated():
    with pytest.raises(RefusedError, match="Leave it out"):
        unit_trap.counted_by_titles(HERE, {"SDG_INDICATOR": "square kilometres demined"}, None)


def test_two_units_in_one_row_are_refused():
    with pytest.raises(RefusedError, match=r"row 4 names offences .* and victims"):
        unit_trap.check_agreement(HERE, 4, {"SERIES": "VC_HTF_OFF", "SORT": "TOT_VICTIM"})
    agreed = unit_trap.check_agreement(HERE, 4, {"Series": "Victims, per 100,000 population", "Units": "Per 100,000"})
    assert agreed == Named("victims", "PER_100K")


def test_many_fractions_among_counts_are_refused_and_one_is_left_to_its_row():
    with pytest.raises(RefusedError, match=r"2 of 3 figures are fractions, such as 1.7"):
        unit_trap.check_fractions(HERE, "'PERSONS'", ["1.7", "3", "2.5"])
    unit_trap.check_fractions(HERE, "'PERSONS'", ["1.7", *map(str, range(10, 30))])
    unit_trap.check_fractions(HERE, "'PERSONS'", ["303.0", "1,256", "<5", "", "NA"])


def test_shares_are_refused():
    with pytest.raises(RefusedError, match="1 figures are in per cent"):
        unit_trap.check_shares(HERE, ["PERCENT", None, "NUMBER"])
    unit_trap.check_shares(HERE, ["PER_100K", None])


def test_a_file_that_says_nothing_needs_the_word_of_the_user():
    with pytest.raises(RefusedError, match="neither the file nor"):
        unit_trap.check_stated(HERE, False, None)
    unit_trap.check_stated(HERE, False, "PERSON")
    with pytest.raises(UsageError, match="expected one of PERSON"):
        unit_trap.check_stated(HERE, True, "PERSONS")
