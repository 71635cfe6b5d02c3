"""What release knows of the SDG groups of forms is what the definition of the indicator says."""

import tomllib
from importlib import resources

from palermo.codes import code_list
from palermo.release.cells import FORM_GROUPS


def test_the_groups_follow_the_definition_of_the_indicator():
    file = resources.files("palermo.account") / "definitions" / "sdg_16_2_2.toml"
    groups = tomllib.loads(file.read_text(encoding="utf-8"))["settings"]["groups"]
    named = {form: group for group, forms in groups.items() for form in forms}
    assert {form: group for form, group in FORM_GROUPS.items() if not form.startswith("_")} == named
    assert set(FORM_GROUPS) <= {code.id for code in code_list("form")}
