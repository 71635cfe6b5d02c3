"""The SQL that makes one persons row from the records of one person.

A value counts once per list, however often the list repeats it, so that a list with many records does not outvote
the others. Unknown and not-asked values have no vote. Where the known values are evenly split the answer is ``_U``,
never a choice by chance, and every column in which records disagree is named in ``conflicts``.
"""

VOTED = ("sex", "citizenship", "origin", "destination", "migration_stage", "migration_status")
UNITED = ("forms", "means", "recruiter", "sector", "context", "services")

# The furthest status wins: that one list has not yet identified a person does not undo another's finding.
STATUS_ORDER = ("_N", "_U", "not_victim", "declined", "presumed", "identified", "confirmed")

_ABSENT = "('_U', '_N')"

# Bounds of an age code, read from the code itself: Y9T17 is 9..17, Y12 is 12, Y_GE48 is 48 and more.
_LOWER = r"TRY_CAST(regexp_extract(age_band, '^Y(?:_GE)?(\d+)', 1) AS INTEGER)"
_UPPER = (
    r"CASE WHEN starts_with(age_band, 'Y_GE') THEN 999 "
    r"ELSE TRY_CAST(regexp_extract(age_band, '^Y(?:\d+T)?(\d+)$', 1) AS INTEGER) END"
)


def pass_through_sql(records: str) -> str:
    """Each record of ``records`` as a person of her own."""
    voted = ", ".join(f"coalesce({column}, '_U') AS {column}" for column in VOTED[1:4])
    return f"""
        SELECT row_id AS person_id, [list] AS lists, [coalesce(source_type, '_U')] AS source_types,
            1::INTEGER AS records, coalesce(status, '_U') AS status, year, coalesce(sex, '_U') AS sex, age,
            coalesce(age_band, '_U') AS age_band, {voted}, {", ".join(UNITED[:4])},
            coalesce(migration_stage, '_U') AS migration_stage, coalesce(migration_status, '_U') AS migration_status,
            {", ".join(UNITED[4:])}, []::VARCHAR[] AS conflicts
        FROM {records}
    """


def resolved_sql(records: str, joined: str) -> str:
    """Persons of ``records``; ``joined`` gives (row_id, person_id) of the records that are not alone."""
    alone = pass_through_sql(f"(SELECT * FROM {records} ANTI JOIN {joined} USING (row_id))")
    united = ", ".join(f"{_union_of_codes(column)} AS {column}" for column in UNITED)
    voted = ", ".join(
        f"coalesce(max(value) FILTER (name = '{column}'), '_U') AS {column}, "
        f"coalesce(bool_or(split) FILTER (name = '{column}'), false) AS {column}_split"
        for column in VOTED
    )
    absent = ", ".join(
        f"CASE WHEN bool_and(coalesce({column}, '_U') = '_N') THEN '_N' ELSE '_U' END AS {column}" for column in VOTED
    )
    chosen = {column: _chosen(column) for column in VOTED}
    named = ", ".join(f"CASE WHEN votes.{column}_split THEN '{column}' END" for column in VOTED)
    return f"""
        WITH members AS (SELECT person_id, records.* FROM {records} AS records JOIN {joined} USING (row_id)),
        plain AS (
            SELECT person_id, list_sort(list(DISTINCT list)) AS lists,
                list_sort(list(DISTINCT coalesce(source_type, '_U'))) AS source_types,
                count(*)::INTEGER AS records, {_furthest_status()} AS status, min(year) AS year, {united},
                bool_and(coalesce(age_band, '_U') = '_N') AS band_not_asked,
                count(DISTINCT status) FILTER (status IS NOT NULL AND status NOT IN {_ABSENT}) > 1 AS status_split
            FROM members GROUP BY person_id
        ),
        {_votes_ctes(voted)},
        absent AS (SELECT person_id, {absent} FROM members GROUP BY person_id),
        {_age_ctes()}
        SELECT person_id, lists, source_types, records, status, year, {chosen["sex"]}, age, {_age_band()} AS age_band,
            {chosen["citizenship"]}, {chosen["origin"]}, {chosen["destination"]}, {", ".join(UNITED[:4])},
            {chosen["migration_stage"]}, {chosen["migration_status"]}, {", ".join(UNITED[4:])},
            list_filter([CASE WHEN status_split THEN 'status' END, CASE WHEN ages > 1 THEN 'age' END,
                CASE WHEN bands_apart THEN 'age_band' END, {named}], lambda name: name IS NOT NULL) AS conflicts
        FROM plain JOIN absent USING (person_id) LEFT JOIN votes USING (person_id)
            LEFT JOIN exact_age USING (person_id) LEFT JOIN bands USING (person_id)
        UNION ALL {alone}
    """


def _votes_ctes(voted: str) -> str:
    """Ballots in long form; of each person and column the value that most lists give, null where split evenly."""
    entries = ", ".join(f"{{name: '{column}', value: {column}}}" for column in VOTED)
    return f"""
        ballots AS (SELECT person_id, list, unnest([{entries}], recursive := true) FROM members),
        tallies AS (
            SELECT person_id, name, value, count(DISTINCT list) AS lists FROM ballots
            WHERE value IS NOT NULL AND value NOT IN {_ABSENT} GROUP BY ALL
        ),
        winners AS (
            SELECT person_id, name, count(*) > 1 AS split,
                CASE WHEN count(*) = 1 OR list_reverse_sort(list(lists))[1] > list_reverse_sort(list(lists))[2]
                    THEN arg_max(value, lists) END AS value
            FROM tallies GROUP BY ALL
        ),
        votes AS (
            SELECT person_id, {voted} FROM winners GROUP BY person_id
        )
    """


def _age_ctes() -> str:
    """Age in years: as the votes. Bands: the narrowest where all overlap, else the common side of 18, else unknown."""
    return f"""
        age_tallies AS (
            SELECT person_id, age, count(DISTINCT list) AS lists FROM members WHERE age IS NOT NULL GROUP BY ALL
        ),
        exact_age AS (
            SELECT person_id, count(*) AS ages,
                CASE WHEN count(*) = 1 OR list_reverse_sort(list(lists))[1] > list_reverse_sort(list(lists))[2]
                    THEN arg_max(age, lists) END AS age
            FROM age_tallies GROUP BY person_id
        ),
        known_bands AS (
            SELECT person_id, age_band, {_LOWER} AS lower_age, {_UPPER} AS upper_age FROM members
            WHERE age_band IS NOT NULL AND age_band NOT IN {_ABSENT}
        ),
        bands AS (
            SELECT person_id, max(lower_age) > min(upper_age) AS bands_apart,
                CASE WHEN max(lower_age) <= min(upper_age) THEN arg_min(age_band, (upper_age - lower_age, age_band))
                    WHEN max(upper_age) < 18 THEN 'Y0T17' WHEN min(lower_age) >= 18 THEN 'Y_GE18' ELSE '_U' END AS band
            FROM known_bands GROUP BY person_id
        )
    """


def _age_band() -> str:
    return "coalesce(band, CASE WHEN band_not_asked THEN '_N' ELSE '_U' END)"


def _chosen(column: str) -> str:
    """The winner; where nobody has a known value, what kind of nothing the records say."""
    return (
        f"CASE WHEN votes.{column} <> '_U' OR votes.{column}_split THEN votes.{column} "
        f"ELSE absent.{column} END AS {column}"
    )


def _union_of_codes(column: str) -> str:
    """All known codes of a multi-valued column, sorted; ``none``, ``_U`` or ``_N`` alone where there are no others."""
    known = f"list_filter(flatten(list({column})), lambda code: code NOT IN ('none', '_U', '_N'))"
    return (
        f"CASE WHEN len({known}) > 0 THEN list_sort(list_distinct({known})) "
        f"WHEN list_contains(flatten(list({column})), 'none') THEN ['none'] "
        f"WHEN bool_and(coalesce({column}[1], '_U') = '_N') THEN ['_N'] ELSE ['_U'] END"
    )


def _furthest_status() -> str:
    order = ", ".join(f"'{status}'" for status in STATUS_ORDER)
    return f"[{order}][max(greatest(list_position([{order}], coalesce(status, '_U')), 1))]"
