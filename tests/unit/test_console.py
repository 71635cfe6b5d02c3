"""Results on the output stream, progress on the error stream."""

import json
import signal

import pytest

from palermo.console import TimeLeft, print_json, print_table, say, second_stop_ends, step, time_words


def test_json_is_one_document_in_any_script(capsys):
    print_json({"name": "Côte d'Ivoire", "rows": 3})
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {"name": "Côte d'Ivoire", "rows": 3}
    assert "Côte" in shown.out


def test_text_from_files_is_never_markup(capsys):
    say("[bold]list[/bold] [red]")
    print_table("[x]", ("[a]",), [("[red]found[/red]",)])
    shown = capsys.readouterr().out
    assert "[bold]list[/bold] [red]" in shown
    assert "[red]found[/red]" in shown


def test_numbers_are_grouped_and_a_table_without_rows_is_shown(capsys):
    print_table("Counts", ("list", "read"), [("police", 1234567)])
    print_table("Nothing", ("list",), [])
    assert "1,234,567" in capsys.readouterr().out


def test_progress_does_not_touch_the_output_stream(capsys):
    with step("Counting") as progress:
        progress(1, 2, "cases")
    with step("Counting", quiet=True) as progress:
        progress(1, None, "")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("Counting") == 1


def test_columns_of_written_numbers_stand_to_the_right(capsys):
    print_table("Numbers", ("name", "persons"), [("a", "1,234"), ("b", "5")], numbers=("persons",))
    assert capsys.readouterr().out.splitlines()[-1].rstrip().endswith("      5")


def test_time_left_follows_the_share_done_and_counts_down():
    time = TimeLeft(started=0.0)
    assert time.tell(0.0, 10.0) is None
    assert time.tell(0.5, 1.0) is None  # too early to say
    assert time.tell(0.25, 10.0) == pytest.approx(30.0)
    assert time.tell(0.5, 20.0) == pytest.approx(20.0)
    assert time.tell(0.5, 30.0) == pytest.approx(14.0)  # a stall moves the end slowly
    assert time.tell(1.0, 40.0) == 0.0


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, ""), (0.2, "about 5 s left"), (37.0, "about 40 s left"), (100.0, "about 2 min left")]
)
def test_time_left_in_words(seconds, words):
    assert time_words(seconds) == words


def test_the_first_ctrl_c_is_heard_and_the_second_would_end_the_process(capsys):
    before = signal.getsignal(signal.SIGINT)
    with second_stop_ends():
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) is before
    assert "again to end at once" in " ".join(capsys.readouterr().err.split())
