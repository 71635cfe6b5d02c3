"""Nothing reaches for the network: the whole way from case files to the account runs with sockets closed."""

import socket

import pytest


@pytest.fixture
def closed_network(monkeypatch):
    def refuse(*_args, **_options):
        raise AssertionError("something tried to reach the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_the_demo_country_needs_no_network(palermo, closed_network, tmp_path):
    answer = palermo("demo", "--dir", tmp_path / "country", "--persons", 400, "--json")
    assert answer.code == 0, answer.err
    assert answer.json["intake"]["read"] > 0


def test_the_guard_works(closed_network):
    with pytest.raises(AssertionError, match="network"):
        socket.create_connection(("localhost", 9))
