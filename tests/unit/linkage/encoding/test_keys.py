"""Keys: files for their owner alone, shares, destruction. Vectors of HKDF and Shamir's scheme from their sources."""

import hashlib
import hmac
import json
import stat
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import RefusedError, UsageError
from palermo.linkage.encoding import keys
from palermo.linkage.encoding.keys import (
    Key,
    destroy,
    new_key,
    read_key,
    read_share,
    restore,
    split,
    write_key,
    write_share,
)


def test_key_file_round_trip_for_owner_only(tmp_path):
    key = new_key("project")
    write_key(key, tmp_path / "key.json")
    assert stat.S_IMODE((tmp_path / "key.json").stat().st_mode) == 0o600
    assert read_key(tmp_path / "key.json") == key
    assert [path.name for path in tmp_path.iterdir()] == ["key.json"]


def test_keys_differ_and_do_not_show_themselves():
    one, other = new_key("project"), new_key("project")
    assert one.secret != other.secret and one.id != other.id
    assert one.secret.hex() not in repr(one) and one.id not in one.secret.hex()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_key_that_others_can_read_is_refused(tmp_path, mode):
    path = tmp_path / "key.json"
    write_key(new_key("project"), path)
    path.chmod(mode)
    with pytest.raises(RefusedError, match=r"others may read this key file.*chmod 600"):
        read_key(path)


def test_key_is_never_written_over(tmp_path):
    write_key(new_key("project"), tmp_path / "key.json")
    with pytest.raises(RefusedError, match="exists already"):
        write_key(new_key("project"), tmp_path / "key.json")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text[: len(text) // 2], "cut short"),
        (lambda text: text.replace('"project": "p"', '"project": "q"'), "checksum"),
        (lambda text: text.replace("palermo-key", "something"), "not a key file"),
        (lambda _: "[]", "not a key file"),
        (lambda text: json.dumps({**json.loads(text), "version": 9}), "another version"),
    ],
)
def test_damaged_key_is_refused(tmp_path, change, said):
    path = tmp_path / "key.json"
    write_key(new_key("p"), path)
    path.write_text(change(path.read_text()))
    path.chmod(0o600)
    with pytest.raises(RefusedError, match=said) as refused:
        read_key(path)
    assert "secret" not in str(refused.value)


def test_missing_key_and_nameless_project_are_usage_errors(tmp_path):
    with pytest.raises(UsageError, match="no such key file"):
        read_key(tmp_path / "none.json")
    with pytest.raises(UsageError, match="project"):
        new_key("  ")


def test_derived_keys_follow_rfc_5869():
    # The steps of section 2, written out: extract with the project as salt, expand block by block.
    key = Key("salt", b"\x0b" * 32)
    base = hmac.new(b"salt", key.secret, hashlib.sha256).digest()
    first = hmac.new(base, b"info\x01", hashlib.sha256).digest()
    second = hmac.new(base, first + b"info\x02", hashlib.sha256).digest()
    assert key.derive("info", 40) == (first + second)[:40]
    assert key.derive("info") != key.derive("other")


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(2, 5), st.integers(0, 3))
def test_any_needed_shares_restore_and_fewer_do_not(secret, needed, spare):
    key = Key("project", secret)
    shares = split(key, needed + spare, needed)
    for chosen in combinations(shares, needed):
        assert restore(chosen) == key
    assert restore(shares) == key
    with pytest.raises(RefusedError, match=f"{needed} are needed"):
        restore(shares[: needed - 1])


def test_one_share_short_every_key_is_possible():
    """With one share of two, each value of the key's first byte is met by exactly one value of the missing share."""
    share = split(Key("project", bytes(32)), 2, 2)[0].value[0]
    slope = keys._over(1, 2 ^ 1)
    found = {keys._times(share, keys._over(2, 2 ^ 1)) ^ keys._times(other, slope) for other in range(256)}
    assert len(found) == 256


def test_multiplication_in_the_field():
    assert keys._times(0x57, 0x83) == 0xC1  # FIPS 197, section 4.2
    assert all(keys._over(keys._times(left, 29), 29) == left for left in range(256))


def test_shares_of_different_keys_or_damaged_are_refused():
    one, other = split(Key("p", bytes(32)), 3, 2), split(Key("p", bytes([1] * 32)), 3, 2)
    with pytest.raises(RefusedError, match="not of one key"):
        restore([one[0], other[1]])
    bad = type(one[1])(one[1].project, one[1].key_id, 2, 2, bytes(32)[:-1] + b"\x01")
    with pytest.raises(RefusedError, match="damaged"):
        restore([one[0], bad])


@pytest.mark.parametrize(("shares", "needed"), [(3, 1), (2, 3), (300, 2)])
def test_impossible_splits(shares, needed):
    with pytest.raises(UsageError, match="at least 2 needed"):
        split(new_key("p"), shares, needed)


def test_share_files(tmp_path):
    share = split(new_key("p"), 3, 2)[1]
    write_share(share, tmp_path / "share.json")
    assert read_share(tmp_path / "share.json") == share
    assert share.value.hex() not in repr(share)
    (tmp_path / "share.json").chmod(0o644)
    with pytest.raises(RefusedError, match="others may read"):
        read_share(tmp_path / "share.json")


def test_destroyed_key_is_gone_and_limits_are_said(tmp_path):
    path = tmp_path / "key.json"
    write_key(new_key("p"), path)
    said = destroy(path)
    assert not path.exists()
    assert "SSD" in said and "backups" in said


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"key": "aabb"}, "has 2 bytes; expected 32"),
        ({"key": 7}, "not hexadecimal|has 0 bytes"),
        ({"key_id": 5}, "are texts"),
    ],
)
def test_keys_that_are_short_or_of_another_kind_are_refused(tmp_path, entries, said):
    body = {"version": 1, "kind": "palermo-key", "project": "p", "key_id": "0" * 16, "key": "00" * 32, **entries}
    checksum = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
    path = tmp_path / "short.key"
    path.write_text(json.dumps({**body, "checksum": checksum}))
    path.chmod(0o600)
    with pytest.raises(RefusedError, match=said) as caught:
        keys.read_key(path)
    assert str(path) in str(caught.value) and "aabb" not in str(caught.value)


def test_only_keys_shares_and_maps_are_destroyed(tmp_path):
    listed = tmp_path / "shelter.csv"
    listed.write_text("record,name\n1,Made Up\n")
    with pytest.raises(RefusedError, match="left alone"):
        keys.destroy(listed)
    assert listed.read_text().endswith("Made Up\n")
    share, ids = tmp_path / "a.share-1.json", tmp_path / "shelter.ids.csv"
    keys.write_share(keys.split(keys.new_key("p"), 2, 2)[0], share)
    ids.write_text("record_id,id\n")
    assert keys.destroy(share) and keys.destroy(ids)
    assert not share.exists() and not ids.exists()
