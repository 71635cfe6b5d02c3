"""Feeds hold to RFC 4287, keep their ids, know no clock, and have an entry for every release that changed a view."""

import re
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest

from palermo.portal.api.atom import Entry, Feed, Link, stable_id, updated, written
from palermo.portal.places import shelf

ATOM = "{http://www.w3.org/2005/Atom}"
CUBE = "victims_by_sex_age.victims_detected.PERSON"
ONCE = ("id", "title", "updated")


def checked(text):
    """A feed, once it was found to be as RFC 4287, sections 4.1.1 and 4.1.2, want it."""
    feed = ElementTree.fromstring(text)
    assert feed.tag == f"{ATOM}feed"
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    entries = feed.findall(f"{ATOM}entry")
    for part in (feed, *entries):
        for name in ONCE:
            (found,) = part.findall(f"{ATOM}{name}")
            assert found.text
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", part.find(f"{ATOM}id").text)
        assert datetime.fromisoformat(part.find(f"{ATOM}updated").text).tzinfo is not None
        alternate = [link for link in part.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len(alternate) == 1
    assert len([link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]) == 1
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert len(set(ids)) == len(ids)
    assert feed.find(f"{ATOM}updated").text == max(
        (entry.find(f"{ATOM}updated").text for entry in entries), default="1970-01-01T00:00:00Z"
    )
    return feed


def test_the_feed_of_releases_has_those_that_may_be_read_the_latest_first(site, releases):
    answer = site.get("/en/feed.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    entries = checked(answer.content).findall(f"{ATOM}entry")
    titles = [entry.find(f"{ATOM}title").text for entry in entries]
    assert titles == [f"Release {releases['second']}", f"Release {releases['first']}"]
    assert all("MADE UP DATA" in entry.find(f"{ATOM}summary").text for entry in entries)


def test_every_address_in_a_feed_leads_somewhere(site):
    for place in ("/en/feed.atom", f"/en/explore/{CUBE}/feed.atom?rows=sex&time_period=2022"):
        for link in checked(site.get(place).content).iter(f"{ATOM}link"):
            assert site.get(urljoin(f"http://x{place}", link.get("href")).removeprefix("http://x")).status_code == 200


def test_a_view_has_an_entry_for_each_release_that_changed_it(site, releases):
    changing = checked(site.get(f"/en/explore/{CUBE}/feed.atom?rows=sex&time_period=2022").content)
    titles = [entry.find(f"{ATOM}title").text for entry in changing.findall(f"{ATOM}entry")]
    assert [releases["second"] in titles[0], releases["first"] in titles[1]] == [True, True]
    convicted = "persons_convicted.persons_convicted.PERSON"
    steady = checked(site.get(f"/en/explore/{convicted}/feed.atom").content)
    assert len(steady.findall(f"{ATOM}entry")) == 1


def test_ids_are_the_same_in_every_language_and_titles_are_not(site):
    feeds = [checked(site.get(f"/{code}/explore/{CUBE}/feed.atom?rows=sex").content) for code in ("en", "ar")]
    ids = [[part.text for part in feed.iter(f"{ATOM}id")] for feed in feeds]
    assert ids[0] == ids[1]
    assert feeds[1].get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"


def test_a_view_that_cannot_be_read_is_refused(site):
    answer = site.get(f"/en/explore/{CUBE}/feed.atom?rows=colour")
    assert (answer.status_code, answer.json()["word"], answer.json()["found"]) == (400, "rows", "colour")
    assert site.get("/en/explore/none/feed.atom").status_code == 404


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("late cases, 2026-03-01", "2026-03-01T00:00:00Z"),
        ("2026-13-45 is no day", "2022-12-31T00:00:00Z"),
        (None, "2022-12-31T00:00:00Z"),
    ],
)
def test_the_time_is_the_day_the_office_gave_else_the_end_of_the_last_year_counted(site, reason, told):
    release = shelf().latest
    assert updated(replace(release, metadata={**release.metadata, "standing": {"reason": reason}})) == told


def test_what_xml_forbids_is_left_out_and_markup_is_text():
    name, link = stable_id("x"), (Link("self", "a?b&c", "text/html"), Link("alternate", "a", "text/html"))
    entry = Entry(name, "<b>\x00&", "2022-12-31T00:00:00Z", "s", link)
    feed = Feed(name, "t\x0b", "s", "a", "r", "en", link, (entry,))
    told = checked("".join(written(feed)).encode())
    assert told.find(f"{ATOM}entry/{ATOM}title").text == "<b>&"
    assert SimpleNamespace(**told.find(f"{ATOM}link").attrib).href == "a?b&c"
