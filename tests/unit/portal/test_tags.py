"""Tags: a reader is told that nothing changed only where nothing did."""

from dataclasses import replace

from django.test import RequestFactory

from palermo.portal.places import shelf
from palermo.portal.tags import has_it
from palermo.report.tag import tag_of


def test_the_tag_changes_when_a_release_is_withdrawn_though_its_id_does_not(site, releases):
    release = shelf().by_id[releases["second"]]
    other = replace(release, metadata={**release.metadata, "standing": {"status": "candidate"}})
    assert tag_of(release).startswith(release.id)
    assert tag_of(release) != tag_of(other)


def test_a_tag_that_became_weak_on_the_way_is_the_same_tag():
    def asked(known):
        return RequestFactory().get("/", headers={"If-None-Match": known} if known else {})

    assert has_it(asked('"other", W/"one"'), '"one"')
    assert has_it(asked('"one"'), 'W/"one"')
    assert has_it(asked("*"), '"one"')
    assert not has_it(asked('"other"'), '"one"')
    assert not has_it(asked(""), '"one"')
