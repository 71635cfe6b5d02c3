"""The site as files: also where a release was withdrawn, whose page answers 410 and must still be found."""

from palermo.portal.export import INDEX, export_site


def test_a_withdrawn_release_is_exported_as_its_notice(site, releases, tmp_path):
    told = export_site(tmp_path / "public", ["en"])
    page = tmp_path / "public" / "en" / "releases" / releases["withdrawn"] / INDEX
    text = page.read_text(encoding="utf-8")
    assert "a list was wrong" in text
    assert "cube.csv" not in text
    assert site.get(f"/en/releases/{releases['withdrawn']}/").status_code == 410
    assert not list((tmp_path / "public").rglob(f"data/{releases['withdrawn']}*"))
    assert (tmp_path / "public" / "en" / "releases" / releases["second"] / INDEX).is_file()
    assert told.pages == sum(1 for _ in (tmp_path / "public").rglob("*.html"))
