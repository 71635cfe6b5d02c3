import pytest

from palermo.intake.head import read_head
from palermo.intake.registry import SourceOptions
from palermo.intake.shapes import unodc
from palermo.intake.shapes.unodc_countries import read_country

HEADER = (
    "Iso3_code,Country,Region,Subregion,Indicator,Dimension,Category,Sex,Age,Year,Unit of measurement,txtVALUE,Source"
)
VICTIMS = "Detected trafficking victims"


def row(
    indicator=VICTIMS, dimension="Total", category="Total", sex="Total", age="Total", year="2011", value="7", **more
):
    area = more.get("area", "FRA,France")
    unit = more.get("unit", "Counts")
    return f'{area},,,{indicator},{dimension},{category},{sex},{age},{year},{unit},"{value}",MADE UP'


def read(tmp_path, *rows):
    path = tmp_path / "made_up.csv"
    titles = f"UNODC{',' * 12}\n01/01/2000{',' * 12}\n"
    path.write_text(titles + "\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    (batch,) = unodc.read(path, SourceOptions("made up"))
    assert batch.read == batch.accepted + len(batch.quarantined) == len(rows)
    assert unodc.recognise(read_head(path))
    return batch, batch.tables["observations"].to_pylist()


def test_a_row_becomes_an_observation(tmp_path):
    _, (only,) = read(tmp_path, row(sex="Female", age="0 to 17 years", value="1,192"))
    expected = {
        "list": "made up",
        "measure": "victims_detected",
        "unit": "PERSON",
        "kind": "detected",
        "ref_area": "FRA",
        "time_period": "2011",
        "sex": "F",
        "age": "Y0T17",
        "form": "_T",
        "citizenship": "_T",
        "counterpart_area": "_Z",
        "value": 1192,
        "lower": 1192,
        "upper": 1192,
        "obs_status": "A",
        "source_row": 1,
    }
    assert only == expected


def test_dimensions_have_their_columns(tmp_path):
    _, rows = read(
        tmp_path,
        row(dimension="by form of exploitation", category="Forced labour"),
        row(dimension="by citizenship", category="Nigerians"),
        row(dimension="by citizenship", category="Nationals"),
        row(dimension="by citizenship", category="Other"),
        row(dimension="by citizenship", category="Unknown"),
        row(dimension="by country of repatriation", category="Ukraine"),
        row(dimension="by country of repatriation", category="Abroad"),
    )
    assert [(one["form"], one["citizenship"], one["counterpart_area"]) for one in rows] == [
        ("forced_labour", "_T", "_Z"),
        ("_T", "NGA", "_Z"),
        ("_T", "FRA", "_Z"),
        ("_T", "_U", "_Z"),
        ("_T", "_T", "UKR"),
        ("_T", "_T", "_T"),
    ]


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"category": "Q6.1_21s_2020", "value": "7"}, "txtVALUE", "leaked questionnaire code, not a figure"),
        ({"category": "Nationals", "value": "6,112,019"}, "txtVALUE", "leaked questionnaire code, not a figure"),
        ({"unit": "Rate per 100,000"}, "Unit of measurement", "another unit than counts"),
        ({"year": "2011/12"}, "Year", "year not readable"),
        ({"sex": "Both"}, "Sex", "unknown code"),
        ({"indicator": "Persons arrested"}, "Indicator", "unknown code"),
        ({"dimension": "by city"}, "Dimension", "unknown dimension"),
        ({"dimension": "by citizenship", "category": "Other Asia"}, "Category", "country not readable"),
        ({"value": "1.192"}, "txtVALUE", "not a figure"),
        ({"area": "QQQ,Nowhere"}, "Country", "reporting area not readable"),
    ],
)
def test_what_cannot_be_read_is_put_aside_with_its_place(tmp_path, changes, column, reason):
    if "," in changes.get("unit", ""):
        changes = {**changes, "unit": f'"{changes["unit"]}"'}
    batch, rows = read(tmp_path, row(**changes), row())
    (aside,) = batch.quarantined
    assert (aside.row, aside.column, aside.reason) == (1, column, reason)
    assert aside.expected
    assert [one["source_row"] for one in rows] == [2]


@pytest.mark.parametrize(
    ("category", "value", "leaked"),
    [
        ("Q6.1_2s_2021", "6,122,019", True),
        ("Nationals", "6,112,020", True),
        ("Nationals", "61,212,020", True),
        ("Pakistani", "32,022", False),
        ("Total", "1,192", False),
        ("Total", "2,019", False),
        ("Total", "1,234,567", False),
        ("Qatar", "<5", False),
    ],
)
def test_leaked_codes(category, value, leaked):
    assert unodc.is_leaked_code(category, value) is leaked


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Romanian", "ROU"),
        ("Ciudadanos de su pa\ufffds", "FRA"),
        ("Espa\ufffda", "ESP"),
        ("OTROS", "_U"),
        ("N/A", "_U"),
        ("France (own country)", "FRA"),
        ("Domestic (France)", "FRA"),
        ("Belgium (own country)", None),
        ("Nigerin", None),
        ("3", None),
        ("\ufffd\ufffd\ufffd\ufffd", None),  # fits many names
    ],
)
def test_countries_as_written(label, code):
    found = read_country(label, "FRA")
    assert (found.code if found else None) == code


def test_a_damaged_label_is_said(tmp_path):
    batch, _ = read(tmp_path, row(dimension="by citizenship", category="Per\ufffd"))
    assert [(one.kind, one.count, one.example) for one in batch.notices] == [("damaged letter", 1, "Per\ufffd")]
