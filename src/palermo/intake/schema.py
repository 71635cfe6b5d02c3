"""The tables that intake writes: one row is one person as one list holds her, or one observation as printed.

Every coded column holds a code of the list named beside it (see ``palermo.codes``). Four kinds of nothing stay
apart in every such column: ``_U`` the source asked and does not know, ``_N`` the source does not ask,
``_Z`` not applicable; a zero or a "no" is none of these. A multi-valued column is never null and never empty:
it holds codes, or exactly one of ``_U`` / ``_N``.
"""

import pyarrow as pa

CODES = pa.list_(pa.string())

CASES = pa.schema(
    [
        ("list", pa.string()),  # name of the list (source) in palermo.toml
        ("record_id", pa.string()),  # identifier within the list; the source row number where it has none
        ("person_key", pa.string()),  # key shared by lists (for example a referral number); null where none
        ("source_type", pa.string()),  # codes: source_type
        ("status", pa.string()),  # codes: victim_status
        ("date", pa.date32()),  # date of detection or registration; null where only the year is known
        ("year", pa.int16()),  # year of detection or registration; null where unknown
        ("sex", pa.string()),  # codes: sex (F, M, O, _U, _N)
        ("age", pa.int16()),  # completed years; null where unknown or only a band is given
        ("age_band", pa.string()),  # codes: age (Y0T17, Y_GE18, narrower bands, _U, _N)
        ("citizenship", pa.string()),  # ISO 3166-1 alpha-3, or STATELESS, _U, _N
        ("origin", pa.string()),  # country of recruitment or residence before, as citizenship
        ("transit", CODES),  # countries passed through
        ("destination", pa.string()),  # country of exploitation, as citizenship
        ("forms", CODES),  # codes: form
        ("means", CODES),  # codes: means
        ("recruiter", CODES),  # codes: recruiter
        ("sector", CODES),  # codes: sector (kind of labour or of sexual exploitation)
        ("migration_stage", pa.string()),  # codes: migration_stage
        ("migration_status", pa.string()),  # codes: migration_status
        ("context", CODES),  # codes: context (conflict, disaster, displacement ...)
        ("services", CODES),  # codes: service (what help was given)
        ("source_row", pa.int64()),  # line of the data in the file, counting from 1 after the header
    ]
)

# The identifying part of a record, as written: kept apart from CASES, in a file for its owner alone; linkage reads it.
IDENTITIES = pa.schema(
    [
        ("list", pa.string()),
        ("record_id", pa.string()),  # as in CASES
        ("source_row", pa.int64()),
        ("given_name", pa.string()),  # null where the list has no such column or the cell is blank
        ("family_name", pa.string()),
        ("full_name", pa.string()),  # where one column holds the whole name
        ("other_names", pa.string()),  # aliases, patronymic, mother's name: whatever else helps, with ; between
        ("birth_date", pa.string()),  # as written: a date, a month, a year
        ("date_format", pa.string()),  # strptime pattern of the list's dates; null for ISO 8601
        ("age", pa.int16()),
        ("year", pa.int16()),  # of detection or registration, to turn an age into a year of birth
        ("sex", pa.string()),
        ("citizenship", pa.string()),
        ("place", pa.string()),
    ]
)

# The records of persons under seal: for their owner alone, as the names are. No other table has a mark for them.
SEALED = pa.schema([("list", pa.string()), ("record_id", pa.string()), ("source_row", pa.int64())])

# Persons in the justice system: one row is one person suspected in one list.
SUSPECTS = pa.schema(
    [
        ("list", pa.string()),
        ("record_id", pa.string()),
        ("sex", pa.string()),
        ("age", pa.int16()),
        ("age_band", pa.string()),
        ("citizenship", pa.string()),
        ("contact_year", pa.int16()),  # brought into formal contact with police; null where it did not happen
        ("prosecuted_year", pa.int16()),
        ("convicted_year", pa.int16()),
        ("source_row", pa.int64()),
    ]
)

# One row is the set of perpetrators that one victim's record names (CTDC victim-perpetrator shape).
# The unit is the set, not a perpetrator: attributes of several persons cannot be told apart.
PERPETRATOR_SETS = pa.schema(
    [
        ("list", pa.string()),
        ("record_id", pa.string()),
        ("attribute", pa.string()),  # codes: perpetrator_attribute
        ("values", CODES),  # distinct values over the set, in the source's order
        ("source_row", pa.int64()),
    ]
)

# One row is one published or submitted figure.
OBSERVATIONS = pa.schema(
    [
        ("list", pa.string()),
        ("measure", pa.string()),  # codes: measure (victims_detected, persons_convicted, offences ...)
        ("unit", pa.string()),  # codes: unit (PERSON, CASE, OFFENCE, PER_100K ...)
        ("kind", pa.string()),  # codes: kind (detected, assisted, estimated, exposed, _Z)
        ("ref_area", pa.string()),  # ISO alpha-3 or M49 code of a region
        ("time_period", pa.string()),  # "2011"
        ("sex", pa.string()),
        ("age", pa.string()),
        ("form", pa.string()),
        ("citizenship", pa.string()),
        ("counterpart_area", pa.string()),  # for example the country of repatriation
        ("value", pa.float64()),  # null where only bounds are known
        ("lower", pa.float64()),
        ("upper", pa.float64()),
        ("obs_status", pa.string()),  # codes: obs_status (SDMX CL_OBS_STATUS)
        ("source_row", pa.int64()),
    ]
)

TABLES = {
    "cases": CASES,
    "suspects": SUSPECTS,
    "perpetrator_sets": PERPETRATOR_SETS,
    "observations": OBSERVATIONS,
}
