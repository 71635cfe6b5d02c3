"""Downloads: parts that fit together, nothing sent twice, and nothing compressed that was."""

import gzip

import pytest

from palermo.portal.places import folder_of, shelf


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.fixture
def cube(site, releases):
    """Its address and its bytes."""
    return f"/data/{releases['second']}/cube.csv", (folder_of(shelf().latest) / "cube.csv").read_bytes()


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-99", slice(0, 100)),
        ("bytes=100-199", slice(100, 200)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=0-999999999", slice(0, None)),
        ("bytes=-999999999", slice(0, None)),
    ],
)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_part_is_those_bytes(site, cube, asked, part, encoding):
    place, whole = cube
    answer = site.get(place, headers={"Range": asked, "Accept-Encoding": encoding})
    first, last, _ = part.indices(len(whole))
    assert (answer.status_code, body(answer)) == (206, whole[part])
    assert answer["Content-Range"] == f"bytes {first}-{last - 1}/{len(whole)}"
    assert int(answer["Content-Length"]) == last - first
    assert "Content-Encoding" not in answer


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=-", "bytes=0-1,4-5", "lines=0-1", "bytes=a-b", ""])
def test_what_is_no_single_range_gives_the_whole_file(site, cube, asked):
    answer = site.get(cube[0], headers={"Range": asked})
    assert (answer.status_code, body(answer), answer["Accept-Ranges"]) == (200, cube[1], "bytes")


def test_a_part_beyond_the_end_is_refused_with_the_size(site, cube):
    for asked in (f"bytes={len(cube[1])}-", "bytes=999999999-", "bytes=888888888-999999999", "bytes=-0"):
        answer = site.get(cube[0], headers={"Range": asked})
        assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(cube[1])}")


def test_a_download_goes_on_only_while_the_file_is_the_same(site, cube):
    place, _ = cube
    first = site.get(place)
    tag, whole = first["ETag"], body(first)
    going_on = site.get(place, headers={"Range": "bytes=9-", "If-Range": tag})
    assert (going_on.status_code, body(going_on)) == (206, whole[9:])
    other = site.get(place, headers={"Range": "bytes=9-", "If-Range": '"another"'})
    assert (other.status_code, body(other)) == (200, whole)


@pytest.mark.parametrize("name", ["cube.csv", "cube.parquet", "manifest.json", "package.zip"])
def test_a_file_that_the_reader_has_is_not_sent_again(site, releases, name):
    place = f"/data/{releases['second']}/{name}"
    first = site.get(place)
    tag, whole = first["ETag"], body(first)
    for known in (tag, f"W/{tag}", "*"):
        answer = site.get(place, headers={"If-None-Match": known})
        assert (answer.status_code, body(answer), answer["ETag"]) == (304, b"", tag)
    assert body(site.get(place, headers={"If-None-Match": '"another"'})) == whole


def test_text_is_compressed_and_what_was_compressed_is_not(site, cube, releases):
    zipped = site.get(cube[0], headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(body(zipped)) == cube[1]
    for name in ("cube.parquet", "package.zip"):
        answer = site.get(f"/data/{releases['second']}/{name}", headers={"Accept-Encoding": "gzip"})
        assert (bool(body(answer)), "Content-Encoding" in answer) == (True, False)


@pytest.mark.parametrize(("said", "is_zipped"), [("gzip;q=0", False), ("br, gzip;q=0.5", True), ("identity", False)])
def test_a_reader_that_refuses_compressed_answers_gets_none(site, cube, said, is_zipped):
    for place in (cube[0], "/en/definitions/", "/api/"):
        answer = site.get(place, headers={"Accept-Encoding": said})
        assert (bool(body(answer)), answer.get("Content-Encoding") == "gzip") == (True, is_zipped)
        assert "Accept-Encoding" in answer["Vary"]


def test_only_the_head_of_a_file_is_asked_for(site, cube):
    answer = site.head(cube[0], headers={"Range": "bytes=0-9"})
    assert (answer.status_code, int(answer["Content-Length"]), body(answer)) == (200, len(cube[1]), b"")
