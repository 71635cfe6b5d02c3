"""What is true of the demo country: every number of the generator that is not a random draw.

The country and all its people are made up. The shares among *detected* persons follow the published marginals in
A/71/223, paragraphs 9 and 10: 70 per cent women and girls, 33 per cent children, 53 per cent sexual exploitation, of
these 97 per cent women and girls. Half are adult women and two in three children are girls, as the report says.

The decision a reader may question is the choice of neighbours. An account needs real ISO codes, but a made-up
conflict must not be pinned on a real people. The neighbours are therefore uninhabited territories with an ISO code;
the other countries of origin are one per region with equal weight, and say nothing about these countries.
"""

from dataclasses import dataclass

AREA = "XXA"  # ISO 3166-1 leaves XAA to XZZ to its users
AREA_NAME = "Demoland (made up)"
YEARS = (2019, 2020, 2021, 2022, 2023)
MADE_UP = "MADE UP DATA"
BOOTSTRAP = 100  # replicates of the estimate, few so that the demo is quick

FORMS = (
    "sexual",
    "sexual_slavery",
    "forced_labour",
    "domestic_servitude",
    "child_labour",
    "begging",
    "forced_criminality",
    "forced_marriage",
    "child_marriage",
    "illegal_adoption",
    "surrogacy",
    "armed_groups",
    "organ_removal",
)
SEXES = ("F", "M", "O")


@dataclass(frozen=True)
class Cell:
    """Persons alike in sex, childhood and forms.

    ``weight`` is their number among 1,000 detected persons; ``conflict`` and ``disaster`` the shares of all of them
    (detected or not) whom each crisis made; ``ages`` the completed years they have.
    """

    sex: str
    child: bool
    forms: tuple[str, ...]
    weight: int
    conflict: float = 0.0
    disaster: float = 0.0
    ages: tuple[int, int] | None = None


# A narrower form always stands beside its parent, so that both ways of counting parents agree.
CELLS = (
    Cell("F", False, ("sexual",), 290, 0.08, 0.03),
    Cell("F", False, ("sexual", "sexual_slavery"), 12, 0.80),
    Cell("F", False, ("sexual", "domestic_servitude"), 22, 0.10),
    Cell("F", False, ("sexual", "forced_labour"), 16, 0.05),
    Cell("F", False, ("forced_labour",), 70, 0.03, 0.08),
    Cell("F", False, ("domestic_servitude",), 50, 0.10, 0.06),
    Cell("F", False, ("forced_marriage",), 16, 0.35),
    Cell("F", False, ("begging",), 6, 0.0, 0.20),
    Cell("F", False, ("forced_criminality",), 6),
    Cell("F", False, ("surrogacy",), 2, ages=(20, 38)),
    Cell("F", True, ("sexual",), 140, 0.08, 0.08, (8, 17)),
    Cell("F", True, ("sexual", "forced_marriage", "child_marriage"), 14, 0.45, 0.15, (12, 17)),
    Cell("F", True, ("sexual", "begging"), 8, 0.0, 0.25, (8, 17)),
    Cell("F", True, ("sexual", "sexual_slavery"), 6, 0.85, 0.0, (11, 17)),
    Cell("F", True, ("sexual", "domestic_servitude"), 6, 0.10, 0.10, (10, 17)),
    Cell("F", True, ("forced_marriage", "child_marriage"), 12, 0.40, 0.20, (12, 17)),
    Cell("F", True, ("domestic_servitude",), 10, 0.10, 0.10, (7, 17)),
    Cell("F", True, ("begging",), 6, 0.0, 0.30, (3, 17)),
    Cell("F", True, ("child_labour",), 6, 0.0, 0.30, (6, 17)),
    Cell("F", True, ("illegal_adoption",), 2, 0.0, 0.30, (0, 4)),
    Cell("M", False, ("sexual",), 6),
    Cell("M", False, ("sexual", "forced_labour"), 1),
    Cell("M", False, ("forced_labour",), 132, 0.04, 0.06),
    Cell("M", False, ("forced_criminality",), 14),
    Cell("M", False, ("forced_labour", "forced_criminality"), 8),
    Cell("M", False, ("begging",), 5, 0.0, 0.20),
    Cell("M", False, ("domestic_servitude",), 4),
    Cell("M", False, ("armed_groups",), 4, 0.90),
    Cell("M", False, ("organ_removal",), 2, 0.30, 0.0, (18, 40)),
    Cell("M", True, ("sexual",), 8, 0.08, 0.08, (8, 17)),
    Cell("M", True, ("child_labour",), 46, 0.05, 0.25, (6, 17)),
    Cell("M", True, ("begging",), 28, 0.0, 0.25, (3, 17)),
    Cell("M", True, ("begging", "forced_criminality"), 12, 0.0, 0.10, (8, 17)),
    Cell("M", True, ("forced_criminality",), 12, 0.0, 0.05, (10, 17)),
    Cell("M", True, ("armed_groups",), 9, 0.90, 0.0, (10, 17)),
    Cell("M", True, ("domestic_servitude",), 3, 0.0, 0.20, (8, 17)),
    Cell("M", True, ("illegal_adoption",), 1, 0.0, 0.30, (0, 4)),
    Cell("O", False, ("sexual",), 1),
    Cell("O", False, ("forced_labour",), 3),
    Cell("O", True, ("begging",), 1, 0.0, 0.0, (10, 17)),
)

# Years of exploitation: without a crisis, in the neighbour's conflict (2021-2022), in the disaster (2023).
CRISES = ("none", "conflict", "disaster")
YEAR_WEIGHTS = {
    "none": (19, 17, 20, 22, 22),
    "conflict": (0, 0, 40, 60, 0),
    "disaster": (0, 0, 0, 0, 100),
}

# Origins. BVT and SGS play the neighbours; NAM is here because its ISO-2 code "NA" is so often lost.
COUNTRIES = (AREA, "BVT", "SGS", "HMD", "NAM", "FIN", "KAZ", "KOR", "URY", "NZL", "CAN", "JOR")
HOME, CONFLICT_NEIGHBOUR, OTHER_NEIGHBOUR = 0, 1, 2
FOREIGN_WEIGHTS = (0, 30, 22, 10, 6, 4, 4, 4, 4, 4, 4, 8)
HOME_SHARE = {"child": 0.62, "adult": 0.45}  # share recruited inside the country, no crisis
DISASTER_HOME_SHARE = 0.7  # the rest come from the other neighbour
ABROAD_SHARE = 0.08  # of persons from the country, those exploited abroad and seen on their return
CITIZENSHIP_ELSEWHERE = 0.04  # persons whose citizenship is not their origin's

MEANS = (
    ("false_promises", 0.42),
    ("debt_bondage", 0.24),
    ("takes_earnings", 0.28),
    ("threats", 0.33),
    ("psychological_abuse", 0.36),
    ("physical_abuse", 0.22),
    ("restricts_movement", 0.30),
    ("withholds_documents", 0.18),
    ("excessive_working_hours", 0.17),
)
RECRUITERS = (("intimate_partner", 14), ("family", 17), ("friend", 12), ("acquaintance", 22), ("stranger", 35))
SERVICES = (
    ("shelter", 0.45),
    ("medical", 0.40),
    ("psychological", 0.38),
    ("legal", 0.27),
    ("education", 0.16),
    ("return", 0.07),
)
STATUSES = (("presumed", 28), ("identified", 60), ("declined", 7), ("confirmed", 5))
NOT_VICTIMS_SHARE = 0.05  # persons, per true victim, who come to a list's notice and are not victims

PERSONS_PER_INHABITANT = 6000 / 4_000_000  # the country's size follows the number of persons asked for
