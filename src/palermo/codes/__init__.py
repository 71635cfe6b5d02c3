"""What words mean: versioned code lists, crosswalks to other standards, and areas.

Start at ``code_list("form")``, ``areas.match("Côte d'Ivoire")``, ``ages.age_group("Y9T17")`` and
``crosswalk("htcds-2.0")``. The lists are data files under ``data/``; ``docs/reference/codes.md`` shows them all.
"""

from palermo.codes import ages, areas
from palermo.codes.code import Code
from palermo.codes.crosswalks import Crosswalk, Loss, crosswalk, crosswalk_ids
from palermo.codes.lists import CodeList, code_list, list_ids

__all__ = [
    "Code",
    "CodeList",
    "Crosswalk",
    "Loss",
    "ages",
    "areas",
    "code_list",
    "crosswalk",
    "crosswalk_ids",
    "list_ids",
]
