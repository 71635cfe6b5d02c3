"""Labels where only encodings leave the organisations: the owners look at home, each at her own record.

The linkage unit draws the pairs, numbers them and gives each owner the numbers with her own pseudonymous ids, nothing
of the other's. Two owners go through the numbers together, each with her own record before her, and say aloud what is
needed to decide; one writes down the answer. What comes back to the unit is a number and an answer.

The decision a reader would question: people decide, not a protocol between machines. Exact agreement can be found out
cryptographically, but whether two spellings are one name is the very question that needs a person.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from palermo.errors import UsageError
from palermo.linkage.review.labels import ANSWERS, Answer, RecordName
from palermo.linkage.review.reasons import Details
from palermo.linkage.review.sample import SampledPair
from palermo.private_files import write_private_text
from palermo.spreadsheets import as_written, harmless

TASK = ("pair", "record", "other_list")
ANSWERED = ("pair", "answer")


def write_tasks(folder: Path, sample: Sequence[SampledPair]) -> tuple[Path, ...]:
    """For each list a file with its part of the pairs: number of the pair, its own id, name of the other list.

    Numbers are places in the sample, from 1: keep the sample, it alone joins them again. A pair within one list gives
    two lines with one number.
    """
    rows: dict[str, list[tuple[int, str, str]]] = {}
    for number, one in enumerate(sample, start=1):
        for mine, other in ((one.left, one.right), (one.right, one.left)):
            rows.setdefault(mine.list, []).append((number, mine.record_id, other.list))
    paths = []
    for position, name in enumerate(sorted(rows), start=1):
        path = folder / f"pairs-{position}-{_file_name(name)}.csv"
        write_private_text(_csv(TASK, rows[name]), path)
        paths.append(path)
    return tuple(paths)


def read_task(path: Path) -> tuple[tuple[int, str, str], ...]:
    """What ``write_tasks`` wrote, at the owner's: number of the pair, own id, name of the other list."""
    rows = _read(path, TASK)
    return tuple((_number(path, line, row["pair"]), row["record"], row["other_list"]) for line, row in rows)


def own_cards(
    task: Sequence[tuple[int, str, str]], own_list: str, records: Mapping[str, str], details: Details
) -> tuple[str, ...]:
    """One text for each line of a task: the owner's own record, fields below each other.

    ``records`` leads from pseudonymous ids to record numbers (``encoding.at_home.read_ids``). An id that is not in it
    gives a card that says so.
    """
    within = Counter(number for number, _, _ in task)  # a pair within the list has two lines
    cards = []
    for number, made, other in task:
        record = records.get(made)
        fields = details.own(RecordName(own_list, record)) if record is not None else ()
        head = f"Pair {number}, with a record of {other}"
        if within[number] > 1:
            head = f"Pair {number}, with another record of this list"
        body = [f"  {field}: {text}" for field, text in fields] or ["  This record is not among those of this office."]
        cards.append("\n".join((head, *body)))
    return tuple(cards)


def write_answers(path: Path, answers: Mapping[int, str]) -> None:
    """The file that goes back to the linkage unit: numbers of pairs and answers."""
    write_private_text(_csv(ANSWERED, sorted(answers.items())), path)


def read_owner_answers(path: Path, sample: Sequence[SampledPair], clerk: str) -> tuple[Answer, ...]:
    """Answers that came back, joined with the sample. ``clerk`` names who answered (both owners together).

    Raises ``UsageError`` naming the line where a number is none of the sample or comes twice, or an answer is unknown.
    """
    found: dict[int, Answer] = {}
    for line, row in _read(path, ANSWERED):
        number, answer = _number(path, line, row["pair"]), row["answer"].strip().lower()
        if not 1 <= number <= len(sample) or number in found:
            raise UsageError(f"{path}, line {line}, column pair: expected numbers from 1 to {len(sample)}, each once")
        if answer not in ANSWERS:
            raise UsageError(f"{path}, line {line}, column answer: expected one of {', '.join(ANSWERS)}")
        pair = sample[number - 1]
        found[number] = Answer(pair.left, pair.right, clerk, answer, pair.band, "owner")
    return tuple(found.values())


def _csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def _read(path: Path, header: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    if not path.is_file():
        raise UsageError(f"{path}: no such file")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != tuple(header):
            raise UsageError(f"{path}, line 1: expected the columns {', '.join(header)}")
        rows = []
        for row in reader:
            if None in row or None in row.values():
                raise UsageError(f"{path}, line {reader.line_num}: expected {len(header)} cells")
            rows.append((reader.line_num, {name: as_written(text) for name, text in row.items()}))
    return rows


def _number(path: Path, line: int, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"{path}, line {line}, column pair: expected a whole number") from None


def _file_name(name: str) -> str:
    return "".join(one if one.isascii() and (one.isalnum() or one in "-_") else "_" for one in name)
