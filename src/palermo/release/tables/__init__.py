"""Protection of any set of linked, hierarchical tables of counts (``docs/method/table-protection.md``).

The account's cube has a protection of its own (``palermo.release.protect``); this package takes any rows.
"""

from palermo.release.tables.attack import Attack, attack_tables
from palermo.release.tables.hierarchy import Dimension, from_parents, of_areas
from palermo.release.tables.plan import Loss, Plan, Proved
from palermo.release.tables.protection import protect_tables
from palermo.release.tables.published import table_of, write_plan
from palermo.release.tables.specification import Dominance, Published, Rules, Sealed, Specification

__all__ = [
    "Attack",
    "Dimension",
    "Dominance",
    "Loss",
    "Plan",
    "Proved",
    "Published",
    "Rules",
    "Sealed",
    "Specification",
    "attack_tables",
    "from_parents",
    "of_areas",
    "protect_tables",
    "table_of",
    "write_plan",
]
