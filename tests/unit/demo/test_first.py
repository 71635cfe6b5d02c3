"""What had been sent when the demo country's first account was made."""

from datetime import date

from palermo.demo import facts
from palermo.demo.country import build_demo
from palermo.demo.first import LATE, YEARS, courts_by_then, records_by_then
from palermo.demo.lists import SHAPES
from palermo.workspace import find_workspace


def test_the_first_account_is_a_year_shorter_and_its_lists_are_part_of_the_later_ones(tmp_path):
    folder = tmp_path / "country"
    build_demo(folder, seed=3, persons=2_000, first=True)
    settings = find_workspace(folder).settings
    assert (settings.made_up, settings.years, settings.hidden) == (True, (YEARS[0], YEARS[-1]), None)
    police = (folder / "lists" / "made-up-police.csv").read_text(encoding="utf-8").splitlines()
    sizes = {shape.name: (folder / "lists" / shape.file).stat().st_size for shape in SHAPES}
    build_demo(folder, seed=3, persons=2_000)
    later = (folder / "lists" / "made-up-police.csv").read_text(encoding="utf-8").splitlines()
    assert set(police) < set(later)
    assert all((folder / "lists" / shape.file).stat().st_size > sizes[shape.name] for shape in SHAPES)
    assert find_workspace(folder).settings.years == (facts.YEARS[0], facts.YEARS[-1])


def test_late_records_are_of_days_that_lists_have():
    """From 0 to 364 days after the first of January: the last day of a leap year is never drawn."""
    for first, last in LATE.values():
        assert first <= last
        assert (first - date(first.year, 1, 1)).days <= 364
        assert first.year in YEARS


def test_records_of_a_late_list_come_when_they_came():
    class Registered:
        def __init__(self, day):
            self.day, self.year = day, day.year

    days = [date(2021, 12, 30), date(2022, 1, 1), date(2022, 12, 31), date(2023, 1, 1)]
    sent = {name: [one.day for one in records_by_then(name, map(Registered, days))] for name in ("shelter", "labour")}
    assert sent == {"shelter": days[:1], "labour": days[:3]}


def test_steps_of_the_courts_are_those_taken_by_then():
    rows = [
        ["C1", "male", "30", "XXA", "2022", "2022", "2023", "MADE UP"],
        ["C2", "male", "30", "XXA", "2023", "", "", "MADE UP"],
    ]
    assert courts_by_then(rows) == [["C1", "male", "30", "XXA", "2022", "2022", "", "MADE UP"]]
