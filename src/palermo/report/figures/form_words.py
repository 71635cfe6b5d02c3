"""Forms of exploitation as they stand within a sentence: in a list that follows a verb, a comma or a colon."""

from palermo.language import _, marked
from palermo.report.labels import label

WITHIN = {
    "sexual": marked("sexual exploitation"),
    "sexual_slavery": marked("sexual slavery"),
    "forced_labour": marked("forced labour or services"),
    "domestic_servitude": marked("domestic servitude"),
    "child_labour": marked("exploitative child labour"),
    "begging": marked("forced begging"),
    "forced_criminality": marked("forced criminal activity"),
    "forced_marriage": marked("forced marriage"),
    "child_marriage": marked("child, early and forced marriage"),
    "illegal_adoption": marked("illegal or forced adoption"),
    "surrogacy": marked("exploitation of surrogacy"),
    "armed_groups": marked("recruitment or use by armed groups"),
    "organ_removal": marked("removal of organs"),
    "slavery": marked("slavery or similar practices"),
    "other": marked("other form of exploitation"),
    "_M": marked("several forms"),
}


def within(form: str) -> str:
    """A form as it stands within a sentence; one that only an office knows keeps its label."""
    return _(WITHIN[form]) if form in WITHIN else label("form", form)
