"""Forty tables, good and bad, as a stranger types them: the exit code, what goes to stderr, and JSON that holds."""

import json
import math

import pytest

ASK = ("--estimator", "main_effects", "--bootstrap", "0", "--json")
BODY = "1,0,0,90\n0,1,0,80\n0,0,1,60\n1,1,0,30\n1,0,1,20\n0,1,1,20\n1,1,1,5\n"
HEADER = "A,B,C,count\n"
GOOD = {
    "plain": HEADER + BODY,
    "byte order mark, CRLF": "\ufeff" + (HEADER + BODY).replace("\n", "\r\n"),
    "semicolons": (HEADER + BODY).replace(",", ";"),
    "tabs": (HEADER + BODY).replace(",", "\t"),
    "quoted": '"A","B","C","count"\n' + BODY,
    "no line end": (HEADER + BODY).rstrip(),
    "blank lines": HEADER + "\n" + BODY + "\n\n",
    "Freq": HEADER.replace("count", "Freq") + BODY,
    "N": HEADER.replace("count", "N") + BODY,
    "unseen blank": HEADER + "0,0,0,\n" + BODY,
    "unseen 0": HEADER + "0,0,0,0\n" + BODY,
    "row numbers": '"",A,B,C,count\n' + "".join(f"{i},{row}\n" for i, row in enumerate(BODY.splitlines(), 1)),
    "history": "history,count\n100,90\n010,80\n001,60\n110,30\n101,20\n011,20\n111,5\n",
    "persons": "A,B,C\n" + "1,0,0\n" * 30 + "0,1,0\n" * 20 + "0,0,1\n" * 20 + "1,1,0\n1,0,1\n0,1,1\n" * 8,
    "structural": HEADER + BODY.replace("1,1,1,5", "1,1,1,structural"),
    "thousands": HEADER + BODY.replace(",90", ',"1,090"'),
    "billions": HEADER + BODY.replace("0\n", "0000000000\n"),
    "range": HEADER + BODY.replace("1,1,1,5", "1,1,1,<5"),
    "ranges": HEADER + BODY.replace("1,1,1,5", '1,1,1,"[1,4]"').replace("0,1,1,20", "0,1,1,15-24"),
    "list that saw nobody": "A,B,C,D,count\n" + "".join(f"{row[:6]}0,{row[6:]}\n" for row in BODY.splitlines()),
    "two lists": "A,B,count\n1,0,30\n0,1,40\n1,1,12\n",
    "covariate": "A,B,sex,count\n1,0,F,30\n0,1,F,40\n1,1,F,12\n1,0,M,3\n0,1,M,4\n1,1,,1\n",
}
REFUSED = {
    "nobody": "A,B,count\n1,0,0\n0,1,0\n1,1,0\n",
    "two lists that share nobody": "A,B,count\n1,0,50\n0,1,40\n",
    "one list within the other": "A,B,count\n1,0,0\n0,1,40\n1,1,0\n",
}
WRONG = {
    "empty": "",
    "header only": HEADER,
    "one list": "A,count\n1,3\n",
    "eleven lists": ",".join("ABCDEFGHIJK") + ",count\n" + "1," * 11 + "3\n",
    "no count": "A,B\n1,0\n0,1\n",
    "negative": HEADER + BODY.replace(",90", ",-90"),
    "fraction": HEADER + BODY.replace(",90", ",90.5"),
    "not a number": HEADER + BODY.replace(",90", ",NaN"),
    "hidden": HEADER + BODY.replace(",90", ",*"),
    "open range": HEADER + BODY.replace(",90", ",10+"),
    "word": HEADER + BODY.replace(",90", ",many"),
    "unseen counted": HEADER + "0,0,0,700\n" + BODY,
    "twice": HEADER + BODY + "1,0,0,7\n",
    "mark 2": HEADER + BODY.replace("0,1,1,20", "0,2,1,20"),
    "two counts": "A,B,freq,cases\n1,0,3,4\n0,1,4,5\n",
    "short row": HEADER + BODY + "1,0\n",
    "open quote": HEADER + BODY + '"1,0\n',
    "JSON": '[{"A": 1, "B": 0, "count": 3}]',
    "infinite": HEADER + BODY.replace(",90", ",inf"),
}


@pytest.fixture
def file(tmp_path):
    def write(text):
        (tmp_path / "made-up.csv").write_text(text, encoding="utf-8", newline="")
        return tmp_path / "made-up.csv"

    return write


def _strict(text):
    def refuse(name):
        raise AssertionError(f"{name} is no JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.mark.parametrize("name", GOOD)
def test_a_table_that_can_be_read_is_estimated(palermo, file, name):
    answer = palermo("hidden", file(GOOD[name]), *ASK)
    assert (answer.code, answer.err) == (0, "")
    (row,) = _strict(answer.out)
    assert row["lower"] <= row["estimate"] <= row["upper"]
    assert all(math.isfinite(row[key]) for key in ("lower", "estimate", "upper"))


@pytest.mark.parametrize("name", REFUSED)
def test_a_table_that_holds_no_answer_is_refused_with_reasons(palermo, file, name):
    answer = palermo("hidden", file(REFUSED[name]), *ASK)
    assert (answer.code, answer.err) == (3, "")
    (row,) = _strict(answer.out)
    assert row["estimate"] is None
    assert row["verdict"] == "refused"
    assert row["reasons"]


@pytest.mark.parametrize("name", WRONG)
def test_a_table_that_is_wrong_ends_with_2_and_one_message_that_names_the_file(palermo, file, name):
    answer = palermo("hidden", file(WRONG[name]), *ASK)
    assert answer.code == 2
    assert "Traceback" not in answer.err
    error = _strict(answer.out)["error"]
    assert error["kind"] == "UsageError"
    assert "made-up.csv" in error["message"]
    assert "expected" in error["message"] or "; " in error["message"]
