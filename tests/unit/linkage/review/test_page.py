import base64
import hashlib
import json
import re
import stat

from palermo.linkage.review.labels import RecordName
from palermo.linkage.review.page import page, write_page
from palermo.linkage.review.reasons import Details
from palermo.linkage.review.sample import SampledPair

from .made_records import PREPARED, WRITTEN

A, B = RecordName("shelter", "1"), RecordName("police", "1")
SAMPLE = (SampledPair(A, B, "0.90-0.95", 3.0, True),)


def made(clerk="one {{data}} <b>"):
    return page(SAMPLE, Details({A, B}, PREPARED, WRITTEN), clerk)


def test_the_page_holds_the_pairs_and_gives_no_score():
    data = json.loads(re.search(r'id="data">(.*?)</script>', made(), re.S).group(1))
    (pair,) = data["pairs"]
    assert pair["left"] == {"list": "shelter", "record_id": "1"} and "stands_for" not in pair
    assert {
        "field": "name",
        "left": "Testa Made",
        "right": "Made [2J Testa",
        "words": "= same names in another order",
    } in (pair["lines"])


def test_data_cannot_become_markup():
    text = made()
    assert "<script>x" not in text and "\\u003cscript\\u003ex" in text
    assert "one {{data}} &lt;b&gt;" in text and text.count("</script>") == 2


def test_the_policy_names_exactly_the_script_and_style_of_the_page():
    text = made()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text).group(1).replace("&#x27;", "'")
    assert policy.startswith("default-src 'none';")
    for element in ("script", "style"):
        inside = re.search(rf"<{element}>(.*?)</{element}>", text, re.S).group(1)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in policy
    assert "http://" not in text and "https://" not in text and "unsafe" not in policy


def test_the_page_is_marked_confidential_and_private(tmp_path):
    path = tmp_path / "page.html"
    write_page(path, SAMPLE, Details({A, B}, PREPARED, WRITTEN), "one")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "<title>Confidential" in path.read_text(encoding="utf-8")


def test_the_same_page_from_the_same_input():
    assert made() == made()
