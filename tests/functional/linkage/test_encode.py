"""``palermo encode``: keys, encodings linked without names, what is refused. All persons are made up."""

import shutil
import stat

from .conftest import people


def test_the_key_ceremony(palermo, key):
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    shares = palermo("encode", "--split", 3, "--need", 2, "--key", key, "--json").json["shares"]
    assert len(shares) == 3
    assert palermo("encode", "--destroy", key).code == 0
    assert not key.exists()
    too_few = palermo("encode", "--join", "back.key", shares[0])
    assert too_few.code == 3
    assert "2 are needed" in too_few.words
    made = palermo("encode", "--join", "back.key", shares[0], shares[2], "--json")
    assert made.json["project"] == "tip"
    assert palermo("encode", "--join", "back.key", shares[1], shares[2]).code == 3  # never written over
    both = palermo("encode", "--destroy", "back.key", "--new-key", "other.key")
    assert both.code == 2
    assert "one at a time" in both.words


def test_encodings_are_linked_without_names(palermo, encoded):
    shutil.rmtree(encoded / "links")
    told = palermo("link", "police.enc", "shelter.enc", "--out", "links", "--json").json
    assert abs(told["persons"] - 320) <= 16
    assert told["lists"] == {"police": 240, "shelter": 200}
    texts = " ".join(file.read_bytes().decode("latin-1") for file in (encoded / "links").iterdir())
    for _, given, family, _, _ in people(320)[:40]:
        assert given not in texts
        assert family not in texts
    review = palermo("review", "--links", "links", "--clerk", "anna")
    assert review.code == 2
    assert "owners" in review.words


def test_owners_label_at_home(palermo, encoded):
    shutil.rmtree(encoded / "links")
    palermo("link", "police.enc", "shelter.enc", "--out", "links")
    tasks = palermo("review", "--links", "links", "--owners", "tasks", "--json").json["tasks"]
    assert len(tasks) == 2
    cards = palermo(
        "review", "police.csv", "--task", tasks[0], "--ids", "police.ids.csv", "--record", "person", "--json"
    ).json["cards"]
    names = {f"{given.lower()} {family.lower()}" for _, given, family, _, _ in people(320)[:240]}
    assert all(any(name in card.lower() for name in names) for card in cards)
    (encoded / "answers.csv").write_text("pair,answer\n1,same\n2,different\n")
    taken = palermo("review", "--links", "links", "--import", "answers.csv", "--json").json
    assert taken["clerks"]["owners"] == {"same": 1, "different": 1, "unsure": 0}
    (encoded / "answers.csv").write_text("pair,answer\n1,perhaps\n")
    assert "line 2, column answer" in palermo("review", "--links", "links", "--import", "answers.csv").words


def test_the_self_test_finds_no_name_and_breaks_weak_builds(palermo, key):
    told = palermo("encode", "police.csv", "--attack", "--key", key, "--json")
    assert told.code == 0
    assert not told.json["broken"]
    assert "no key" not in told.json["weak_builds_not_broken"]
    assert not list(key.parent.glob("*.enc"))


def test_encodings_of_different_keys_and_parameters_are_refused(palermo, encoded):
    palermo("encode", "--new-key", "other.key", "--project", "tip")
    palermo("encode", "shelter.csv", "--key", "other.key", "--out", "other.enc")
    answer = palermo("link", "police.enc", "other.enc")
    assert answer.code == 3
    assert "another key" in answer.words
    palermo("encode", "--new-parameters", "p.json")
    text = (encoded / "p.json").read_text().replace('"bits": 1024', '"bits": 512')
    (encoded / "p.json").write_text(text)
    palermo("encode", "shelter.csv", "--key", "tip.key", "--parameters", "p.json", "--out", "short.enc")
    answer = palermo("link", "police.enc", "short.enc")
    assert answer.code == 3
    assert "parameters" in answer.words
    assert not (encoded / "linkage").exists()


def test_encodings_and_names_are_never_linked_together(palermo, encoded):
    answer = palermo("link", "police.enc", "shelter.csv")
    assert answer.code == 3
    assert "never linked together" in answer.words
    assert palermo("link", "police.enc", "--truth", "person").code == 2


def test_encodings_are_not_written_beside_names(palermo, encoded):
    answer = palermo("link", "police.enc", "shelter.enc", "--out", "links")
    assert answer.code == 3
    assert "folder of their own" in answer.words


def test_a_truncated_file_of_encodings_is_refused(palermo, encoded):
    whole = (encoded / "police.enc").read_bytes()
    (encoded / "police.enc").write_bytes(whole[: len(whole) // 2])
    answer = palermo("link", "police.enc", "shelter.enc")
    assert answer.code == 3
    assert "cut short" in answer.words


def test_a_key_that_others_may_read_is_refused(palermo, key):
    key.chmod(0o644)
    answer = palermo("encode", "police.csv", "--key", key)
    assert answer.code == 3
    assert "others may read" in answer.words
    assert not list(key.parent.glob("*.enc"))
