"""Why pyxform refuses a form, as words of ours (`resources/words`, under `forms.`), so that an author reads Bangla too.

pyxform raises its reasons as text, most of them filled into the templates of its `ErrorCode`; the template that fits
tells which reason it is and with which facts.
"""

from __future__ import annotations

import re
from functools import lru_cache
from string import Formatter

# Which word says what one of pyxform's codes says. Entities are out of scope: their reasons stay in pyxform's words.
WORDS = {
    "HEADER_001": "headers", "HEADER_002": "header_twice", "HEADER_003": "header_missing", "HEADER_004": "header_blank",
    "NAMES_001": "name_twice", "NAMES_003": "name_of_form", "NAMES_004": "repeat_twice", "NAMES_005": "name_meta",
    "NAMES_006": "choice_nameless", "NAMES_007": "choice_twice", "NAMES_008": "name_shape", "NAMES_009": "name_shape",
    "PYREF_001": "reference_shape", "PYREF_002": "reference_list", "PYREF_003": "reference_unknown",
    "PYREF_004": "reference_twice",
    "RANGE_001": "range_number", "RANGE_002": "range_zero", "RANGE_003": "range_wide", "RANGE_004": "range_step",
    "RANGE_005": "range_outside", "RANGE_006": "range_ticks", "RANGE_007": "range_ticks", "RANGE_008": "range_ticks",
    "RANGE_009": "range_ticks", "RANGE_010": "range_ticks", "RANGE_011": "range_ticks", "RANGE_012": "range_ticks",
    "SURVEY_001": "no_begin", "SURVEY_002": "no_end", "SURVEY_003": "parameter_value", "SURVEY_004": "parameters",
    "SURVEY_005": "parameter_unknown", "SURVEY_006": "parameter_value", "SURVEY_007": "parameter_value",
    "SURVEY_008": "parameter_value", "SURVEY_009": "parameter_value",
}
# What it says without a code.
PLAIN = {
    "Unknown question type '{type}'.": "type_unknown",
    "Question with no type.": "type_none",
    "Question or group with no name.": "name_none",
    "Missing calculation.": "no_calculation",
    "There should be a choices sheet in this xlsform.": "no_choices",
    "You must have a sheet named 'survey'.": "no_survey",
    "Choice filter not supported with or_other.": "other_filtered",
    "Choice names with spaces cannot be added to multiple choice selects. See [{name}] in [{list}]": "choice_spaced",
}
_ROW = re.compile(r"\[row : [^\]]*\]\s*")


def explained(text: str) -> tuple[str, dict[str, str]]:
    """The word for a reason of pyxform and what fills it in; "converter" with `reason` where we have no word."""
    said = _ROW.sub("", text).strip()
    for pattern, names, word in _patterns():
        found = pattern.match(said)
        if found:
            return word, dict(zip(names, found.groups(), strict=True))
    return "converter", {"reason": said.partition("\n")[0]}


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], list[str], str]]:
    """What each template becomes when it is filled in, the names of its facts in their order, and its word."""
    from pyxform.errors import ErrorCode  # noqa: PLC0415 not at the counter

    coded = {code.value.msg: WORDS[code.name] for code in ErrorCode if code.name in WORDS}
    return [(*_pattern(_ROW.sub("", template)), word) for template, word in {**coded, **PLAIN}.items()]


def _pattern(template: str) -> tuple[re.Pattern[str], list[str]]:
    parts = list(Formatter().parse(template))
    return re.compile("".join(re.escape(text) + ("(.*?)" if name else "") for text, name, _, _ in parts), re.DOTALL), [
        name for _, name, _, _ in parts if name
    ]
