"""Two processes in one workspace: the second waits for its turn; a full disk is called one."""

import errno
import sqlite3
import threading

import pytest

from palermo.errors import RefusedError, system_words
from palermo.turns import own_turn


def test_the_second_waits_until_the_first_is_done(tmp_path):
    lock, order, inside = tmp_path / "work" / "stages.lock", [], threading.Event()

    def first():
        with own_turn(lock):
            inside.set()
            threading.Event().wait(0.3)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait(5)
    with own_turn(lock):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_who_waits_in_vain_is_told_why(tmp_path):
    lock = tmp_path / "work" / "stages.lock"
    with own_turn(lock), pytest.raises(RefusedError, match="another process has been working"), own_turn(lock, 0.0):
        pass
    with own_turn(lock, 0.0):
        assert lock.is_file()


def test_a_folder_that_takes_no_lock_is_no_fault_of_its_own(tmp_path, monkeypatch):
    def refused(*_given, **_more):
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(sqlite3, "connect", refused)
    entered = False
    with own_turn(tmp_path / "stages.lock"):
        entered = True
    assert entered


def test_a_full_disk_is_called_so_whoever_found_it():
    words = [
        system_words(OSError(errno.ENOSPC, "No space left on device", "cube.parquet")),
        system_words(OSError("Error writing bytes to file. Detail: [errno 28] No space left on device")),
    ]
    assert all("disk is full" in said for said in words)
    assert system_words(OSError(errno.EACCES, "Permission denied", "cube.parquet")) == "cube.parquet: Permission denied"
