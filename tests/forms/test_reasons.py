"""An author reads why pyxform refuses a form in words of ours, in Bangla and in English."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest
from pyxform.errors import ErrorCode

from forms import authoring
from forms.reasons import PLAIN, WORDS, explained
from kiosk.words import every

_HEAD = "| survey |\n| | type | name | label | calculation | parameters | choice_filter |\n"
_LIST = "| choices |\n| | list_name | name | label |\n"


@pytest.mark.parametrize(("rows", "word", "facts"), [
    ("| | text | a b | A | | | |\n", "name_shape", {}),
    ("| | text | | A | | | |\n", "name_none", {}),
    ("| | text | b | B | | | |\n| | | a | A | | | |\n", "type_none", {}),
    ("| | texxt | a | A | | | |\n", "type_unknown", {"type": "texxt"}),
    ("| | calculate | a | | | | |\n", "no_calculation", {}),
    ("| | text | meta | A | | | |\n", "name_meta", {}),
    ("| | begin_group | g | G | | | |\n| | text | a | A | | | |\n", "no_end", {"type": "group", "name": "g"}),
    ("| | text | a | A | | | |\n| | end_group | | | | | |\n", "no_begin", {"type": "group", "name": "unknown"}),
    ("| | range | a | A | | start=1 end=5 step=x | |\n", "range_number", {"name": "step"}),
    ("| | range | a | A | | start=1 end=5 step=9 | |\n", "range_wide", {"name": "step"}),
    ("| | image | a | A | | max-pixels | |\n", "parameters", {}),
    ("| | note | a | ${b | | | |\n", "reference_shape", {}),
    ("| | note | a | ${b} | | | |\n", "reference_unknown", {"q": "b"}),
    (f"| | select_one l | a | A | | | |\n{_LIST}| | l | x | X |\n| | l | x | Y |\n", "choice_twice", {}),
    (f"| | select_one l | a | A | | | |\n{_LIST}| | l | x | X |\n| | l | | Y |\n", "choice_nameless", {}),
    (f"| | select_multiple l | a | A | | | |\n{_LIST}| | l | x y | X |\n", "choice_spaced",
     {"name": "x y", "list": "l"}),
    (f"| | select_one l or_other | a | A | | | 1 |\n{_LIST}| | l | x | X |\n", "other_filtered", {}),
])
def test_a_reason_is_told_by_its_own_word(tmp_path: Path, rows: str, word: str, facts: dict[str, str]) -> None:
    file = tmp_path / "form.md"
    file.write_text(_HEAD + rows, encoding="utf-8")
    first = authoring.check(authoring.read(file)).findings[0]
    assert first.word == word
    assert facts.items() <= first.facts.items()


def test_a_reason_that_is_not_known_stays_in_pyxforms_words() -> None:
    assert explained("[row : 7] Something new.\nMore of it.") == ("converter", {"reason": "Something new."})


def test_every_word_is_there_in_both_languages_and_asks_for_no_fact_that_pyxform_does_not_give() -> None:
    given: dict[str, set[str]] = {}
    templates = {**{code.value.msg: WORDS[code.name] for code in ErrorCode if code.name in WORDS}, **PLAIN}
    for template, word in templates.items():
        facts = _facts(template.replace("{{", "").replace("}}", ""))
        given[word] = given.get(word, facts) & facts
    for words in (every("bn"), every("en")):
        for word, facts in given.items():
            assert _facts(words[f"forms.{word}"]) <= facts, word


def test_every_code_of_pyxform_has_a_word_but_those_of_what_is_out_of_scope() -> None:
    left = {code.name for code in ErrorCode} - WORDS.keys()
    assert {name for name in left if not name.startswith(("ENTITY", "INTERNAL"))} == {
        "HEADER_005", "NAMES_010", "NAMES_011", "NAMES_012", "NAMES_014", "NAMES_015",  # entities
        "LABEL_001", "NAMES_002", "NAMES_013",  # only warned of
    }


def _facts(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}
