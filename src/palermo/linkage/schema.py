"""The tables of linkage: prepared records, pairs, memberships, labels, error rates by pair of lists, and persons.

Only ``PERSONS`` goes on to the account, and ``PAIR_RATES`` to the hidden number; neither holds a name or a birth date.
``PREPARED`` does: it is as confidential as the case files, written for its owner alone (mode 0600) and never released.
"""

import pyarrow as pa

CODES = pa.list_(pa.string())

# The identifying part of a record in the form in which records are compared. Empty text never stands for "not known".
PREPARED = pa.schema(
    [
        pa.field("row_id", pa.int64(), nullable=False),  # number of the record over all lists in their order, from 1
        pa.field("list", pa.string(), nullable=False),
        pa.field("record_id", pa.string(), nullable=False),
        ("given", pa.string()),  # given names: Latin letters, lower case, one space between tokens
        ("family", pa.string()),
        ("tokens", pa.string()),  # all tokens of the name in alphabetical order, whatever field they came from
        ("given_skeleton", pa.string()),  # the same as consonant skeletons
        ("family_skeleton", pa.string()),
        ("skeleton", pa.string()),
        ("birth_year", pa.int16()),
        ("birth_month", pa.int8()),
        ("birth_day", pa.int8()),
        ("birth_date", pa.string()),  # YYYY-MM-DD where all three are known and none is in doubt
        ("birth_from", pa.date32()),  # earliest day of birth that the record allows
        ("birth_to", pa.date32()),  # latest
        ("sex", pa.string()),  # codes: sex
        ("citizenship", pa.string()),  # for blocking and review, never a weight beside names
        ("place", pa.string()),
        ("year", pa.int16()),  # of detection
    ]
)

# One pair of records that may be one person.
PAIRS = pa.schema(
    [
        pa.field("left", pa.int64(), nullable=False),  # row_id, always less than right
        pa.field("right", pa.int64(), nullable=False),
        ("weight", pa.float64()),  # log2 of the odds that both are one person
        ("probability", pa.float64()),  # the model's own; not calibrated
        ("calibrated", pa.float64()),  # from labelled pairs; null where there are none
        ("source", pa.string()),  # model, encodings, key (a number shared by lists), decision (of a person)
        ("rule", pa.string()),  # the blocking rule that found the pair
    ]
)

# Which person each record belongs to.
MEMBERSHIPS = pa.schema(
    [
        pa.field("row_id", pa.int64(), nullable=False),
        pa.field("list", pa.string(), nullable=False),
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("person_id", pa.int64(), nullable=False),  # the least row_id of the person
        ("probability", pa.float64()),  # of the best link that holds the record in its person; 1 where it is alone
    ]
)

# What a person who looked at a pair said of it.
LABELS = pa.schema(
    [
        pa.field("left", pa.int64(), nullable=False),
        pa.field("right", pa.int64(), nullable=False),
        ("clerk", pa.string()),  # a name or number that the office gives its clerks
        ("answer", pa.string()),  # same, different, unsure
        ("band", pa.string()),  # band of score from which the pair was drawn
        ("source", pa.string()),  # clerk, owner (at home, where only encodings leave), truth (test sets)
    ]
)

# How good the links between two lists are (list_a = list_b: duplicates within one list).
PAIR_RATES = pa.schema(
    [
        pa.field("list_a", pa.string(), nullable=False),
        pa.field("list_b", pa.string(), nullable=False),
        ("records_a", pa.int64()),
        ("records_b", pa.int64()),
        ("candidates", pa.int64()),  # pairs that blocking let through to comparison
        ("links", pa.int64()),  # pairs at or above the threshold
        ("overlap", pa.float64()),  # sum of calibrated probabilities divided by ``kept``
        ("overlap_lower", pa.float64()),
        ("overlap_upper", pa.float64()),
        ("kept", pa.float64()),  # share of true pairs that blocking let through, estimated
        ("missed", pa.float64()),  # share of true pairs that are not links
        ("missed_lower", pa.float64()),
        ("missed_upper", pa.float64()),
        ("false", pa.float64()),  # share of links that are not true pairs
        ("false_lower", pa.float64()),
        ("false_upper", pa.float64()),
        # Pairs that somebody labelled. Where 0, the rates are what these lists have in common with others that have
        # labels. Rates are null only where there is no usable label at all, or no pair to take a rate of.
        ("labelled", pa.int64()),
        ("clerks", pa.int64()),
    ]
)

# One row is one person, after records that are hers have been joined.
PERSONS = pa.schema(
    [
        ("person_id", pa.int64()),
        ("lists", CODES),  # names of the lists that hold the person
        ("source_types", CODES),
        ("records", pa.int32()),  # number of records joined
        ("status", pa.string()),  # the furthest status any list gives
        ("year", pa.int16()),  # first year in which any list holds the person; null where unknown
        ("sex", pa.string()),  # the value most lists give; _U where they are evenly split
        ("age", pa.int16()),
        ("age_band", pa.string()),
        ("citizenship", pa.string()),
        ("origin", pa.string()),
        ("destination", pa.string()),
        ("forms", CODES),  # union over records
        ("means", CODES),
        ("recruiter", CODES),
        ("sector", CODES),
        ("migration_stage", pa.string()),
        ("migration_status", pa.string()),
        ("context", CODES),
        ("services", CODES),
        ("conflicts", CODES),  # names of the columns in which the person's records disagree
    ]
)
