"""The public files on which synthetic data are measured, made from `../shared/data` (never committed).

G20: the k-anonymised extract of 2020, seven columns, flags 1 or blank. C21: the synthetic data set of 2021 in the
columns of 2024 (means merged as in appendix II of the 2024 codebook), 21 of them. VP: the victim-perpetrator file as it
is. All are protected already, so smoother than the confidential files behind them.

Three dense files of other kinds, on which no constant was tuned (FBI shaped one rule), with all codes taken from the
data: FED (defendants in federal cases, United States), FBI (offences reported by agencies), DEM (UNHCR
demographics, six columns).

    python benchmarks/synthetic_files.py FOLDER
"""

import csv
import gzip
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
PARTS = {
    "G20": "ctdc-kanon-2020-extract/dados_app.csv.gz",
    "C21": "ctdc-synthetic-2021/CTDC_synthetic_20210825_recovered.csv.gz",
    "VP": "ctdc-vp-synthetic-2022/CTDC_VPsynthetic_condensed.csv",
    "FED": "us-federal-cases/defendant_data_minimised.csv",
    "FBI": "fbi-ucr-ht/HT_2013-2020.csv",
    "DEM": "unhcr/demographics.csv.gz",
}
DENSE = {
    "FED": "gender race bail_type statute_sentence statute_counts statute_plea_guilty statute_trial_guilty n_charges "
    "year_terminated forfeiture_charge forfeiture_sentence charge_year",
    "FBI": "DATA_YEAR AGENCY_TYPE_NAME STATE_ABBR DIVISION_NAME REGION_NAME POPULATION_GROUP_CODE OFFENSE_SUBCAT_NAME "
    "ACTUAL_COUNT UNFOUNDED_COUNT CLEARED_COUNT",
    "DEM": "year coo_iso coa_iso pop_type loc_type acc_type",
}
G20 = (
    "yearOfRegistration",
    "gender",
    "ageBroad",
    "citizenship",
    "isForcedLabour",
    "isSexualExploit",
    "CountryOfExploitation",
)
MERGED = {
    "meansDebtBondageEarnings": ("DebtBondage", "TakesEarnings"),
    "meansThreats": ("Threats", "ThreatOfLawEnforce"),
    "meansAbusePsyPhySex": ("PsychologicalAbuse", "PhysicalAbuse", "SexualAbuse"),
    "meansFalsePromises": ("FalsePromises",),
    "meansDrugsAlcohol": ("PsychoactiveSubstances",),
    "meansDenyBasicNeeds": ("RestrictsMovement", "RestrictsMedicalCare", "WithholdsNecessities"),
    "meansExcessiveWorkHours": ("ExcessiveWorkingHours",),
    "meansWithholdDocs": ("WithholdsDocuments",),
}
C21_FIRST = ("yearOfRegistration", "gender", "ageBroad", "citizenship", "CountryOfExploitation", "traffickMonths")
C21_LAST = (
    "isForcedLabour",
    "isSexualExploit",
    "isOtherExploit",
    "recruiterRelationIntimatePartner",
    "recruiterRelationFriend",
    "recruiterRelationFamily",
    "recruiterRelationOther",
)


def _read(name):
    path = DATA / PARTS[name]
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8-sig") as stream:
        yield from csv.DictReader(stream)


def _g20(row):
    flag = {"1.0": "1", "0.0": ""}
    return {name: flag.get(row[name], row[name]) if name.startswith("is") else row[name] for name in G20}


def _c21(row):
    means = {name: "1" if any(row[f"meansOfControl{part}"] for part in parts) else "" for name, parts in MERGED.items()}
    return {**{name: row[name] for name in C21_FIRST}, **means, **{name: row[name] for name in C21_LAST}}


def _columns(names):
    return lambda row: {name: row[name].strip() for name in names.split()}


SHAPES = {"G20": _g20, "C21": _c21, "VP": dict, **{name: _columns(names) for name, names in DENSE.items()}}


def make(name, folder):
    """Write the file into the folder, unless it is there, and return its path."""
    target = folder / f"{name}.csv"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        rows = [SHAPES[name](row) for row in _read(name)]
        with target.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return target


def main():
    """Make all."""
    for name, part in PARTS.items():
        if not (DATA / part).exists():
            print(f"{name}: skipped, {DATA / part} is not here")
            continue
        print(make(name, Path(sys.argv[1])))


if __name__ == "__main__":
    main()
