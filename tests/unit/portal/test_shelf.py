"""The shelf shows what was approved, in the order of corrections, and nothing that was altered."""

import shutil

import pytest

from palermo.errors import PalermoError, UsageError
from palermo.portal.shelf import open_shelf


def test_approved_releases_stand_in_the_order_of_their_corrections(releases):
    shelf = open_shelf([releases["home"]])
    assert [one.id for one in shelf.shown] == [releases["first"], releases["second"]]
    assert shelf.latest.id == releases["second"]
    assert shelf.before(shelf.latest).id == releases["first"]
    assert shelf.before(shelf.by_id[releases["first"]]) is None


def test_withdrawn_releases_are_known_and_not_shown(releases):
    shelf = open_shelf([releases["home"]])
    assert shelf.by_id[releases["withdrawn"]].status == "withdrawn"
    assert releases["withdrawn"] not in [one.id for one in shelf.shown]


def test_drafts_only_where_they_are_asked_for(releases):
    assert releases["draft"] not in open_shelf([releases["home"]]).by_id
    assert releases["draft"] in open_shelf([releases["home"]], drafts=True).by_id
    with pytest.raises(UsageError, match="--drafts"):
        open_shelf([releases["home"] / releases["draft"]])


def test_nothing_to_show_is_said(tmp_path):
    with pytest.raises(UsageError, match="no approved release"):
        open_shelf([tmp_path])


def test_an_altered_release_stops_the_site(releases, tmp_path):
    folder = tmp_path / releases["first"]
    shutil.copytree(releases["home"] / releases["first"], folder)
    cube = folder / "cube.csv"
    cube.write_text(cube.read_text().replace("60", "61", 1))
    with pytest.raises(PalermoError, match=r"cube\.csv"):
        open_shelf([folder])
