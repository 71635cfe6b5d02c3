"""Results on the output stream, progress on the error stream."""

import json

from palermo.console import print_json, print_table, say, step


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
