"""``palermo demo`` ends with two approved releases, has nothing to do when it is asked again, and needs no network.

It takes every stage, so that no stage reaches for the network either.
"""

import json
import socket

import pytest


@pytest.fixture
def closed_network(monkeypatch):
    def refuse(*_args, **_options):
        raise AssertionError("something tried to reach the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_the_network_is_closed(closed_network):
    with pytest.raises(AssertionError, match="network"):
        socket.create_connection(("localhost", 9))


def test_two_made_up_persons_make_and_approve_two_releases_once(palermo, closed_network, tmp_path):
    country = tmp_path / "country"
    arguments = ("demo", "--no-serve", "--dir", country, "--persons", 400, "--seed", 2)
    first = palermo(*arguments)
    assert first.code == 0, first.err
    ledger = (country / "releases" / "ledger.jsonl").read_text(encoding="utf-8")
    entries = [json.loads(line) for line in ledger.splitlines()]
    assert [entry["action"] for entry in entries] == ["made", "approved", "made", "approved"]
    assert all("made up" in entry["by"] for entry in entries)
    one, other = (entry["release"] for entry in entries if entry["action"] == "made")
    years = [json.loads((country / "releases" / name / "metadata.json").read_text())["years"] for name in (one, other)]
    assert years == [[2019, 2022], [2019, 2023]]
    assert f"/en/releases/{other}/changes/" in first.out
    assert {folder.name for folder in (country / "releases").iterdir() if folder.is_dir()} == {one, other}

    again = palermo(*arguments)
    assert again.code == 0, again.err
    assert (country / "releases" / "ledger.jsonl").read_text(encoding="utf-8") == ledger
    assert "Protecting" not in again.err
    after = palermo("run", "--workspace", country, "--json")
    assert (after.json["release"]["id"], after.json["release"]["path"].endswith(other)) == (other, True)
