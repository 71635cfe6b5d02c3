"""The folder of tables: whole, never beside another method's, and known to the ledger where it costs privacy."""

import json

import numpy as np
import pyarrow as pa
import pytest

from palermo.errors import RefusedError, UsageError
from palermo.release.approval import Office, Request, approve
from palermo.release.attack.material import Reading, gather
from palermo.release.ledger import Ledger
from palermo.release.packs import list_pack
from palermo.release.tables.alternatives.choice import Settings, protect_by
from palermo.release.tables.alternatives.private_tables import Privacy
from palermo.release.tables.alternatives.written import write_protected
from palermo.release.tables.hierarchy import Dimension
from palermo.release.tables.specification import Specification

DRAWS = np.random.default_rng(2)
ROWS = pa.table({"area": DRAWS.choice(list("ABC"), 90).tolist(), "sex": DRAWS.choice(["F", "=M"], 90).tolist()})
SPECIFICATION = Specification((Dimension("area", tuple("ABC")), Dimension("sex", ("F", "=M"))))


def _private(seed=None):
    return protect_by(ROWS, SPECIFICATION, "private", Settings(privacy=Privacy(1.0, seed=seed)))


def test_private_tables_are_listed_charged_and_approved(tmp_path):
    closed = tmp_path / "work" / "released"
    office = Office(Ledger(tmp_path / "releases", closed / "ledger.head"), closed, {})
    write_protected(_private(), tmp_path / "tables")
    listed = list_pack(office, tmp_path / "tables", Request("A. Maker"), "shelter", (6.0, 1e-6))
    assert listed.made.rho == {"shelter": "1/2"}
    assert approve(office, listed.id, "B. Second")[0].status == "approved"
    write_protected(_private(), tmp_path / "again")
    with pytest.raises(RefusedError, match="budget"):
        list_pack(office, tmp_path / "again", Request("A. Maker"), "shelter", (6.0, 1e-6))


def test_tables_made_with_a_seed_are_marked_and_not_listed(tmp_path):
    closed = tmp_path / "work" / "released"
    office = Office(Ledger(tmp_path / "releases", closed / "ledger.head"), closed, {})
    made = _private(seed=1)
    assert made.trade_off.words().startswith("NOT PRIVATE")
    write_protected(made, tmp_path / "tables")
    with pytest.raises(RefusedError, match="NOT PRIVATE"):
        list_pack(office, tmp_path / "tables", Request("A. Maker"), "shelter", None)


@pytest.mark.parametrize("method", ["suppress", "round"])
def test_the_attacker_knows_what_it_has_before_it(tmp_path, method):
    write_protected(protect_by(ROWS, SPECIFICATION, method), tmp_path / "tables")
    found = gather([tmp_path / "tables"], Reading())
    assert len(found.plans) == (method == "suppress")
    assert len(found.tables) == (method == "round")


def test_cells_are_safe_to_open_and_a_folder_in_use_is_refused(tmp_path):
    write_protected(protect_by(ROWS, SPECIFICATION, "round"), tmp_path / "tables")
    text = (tmp_path / "tables" / "area_sex.csv").read_text(encoding="utf-8")
    assert "A,'=M," in text
    assert json.loads((tmp_path / "tables" / "statement.json").read_text(encoding="utf-8"))["method"] == "round"
    with pytest.raises(UsageError, match="not empty"):
        write_protected(_private(), tmp_path / "tables")
