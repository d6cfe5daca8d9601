"""Forms as text: written in one shape, shared blocks put in and folded back, out to a workbook and in again."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from forms import blocks, exchange, sheets, workbook
from forms.compile import block, compile_one, sources, whole
from forms.sheets import BadText, Sheets
from kiosk.cli import main
from resources import lists, path

NAMES = [source.stem for source in sources()]
BLOCKS = sorted(file.stem for file in path("forms/blocks").glob("*.md"))


def form(name: str) -> Sheets:
    return sheets.read(path(f"forms/{name}.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_a_form_goes_out_to_a_workbook_and_comes_back_as_the_same_text(name: str) -> None:
    came = workbook.read(workbook.write(whole(form(name))))
    assert came == whole(form(name))
    assert sheets.write(blocks.fold(came, block)) == path(f"forms/{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_an_include_changes_nothing_but_the_place_where_it_stands(name: str) -> None:
    before, after = form(name), whole(form(name))
    own = [row for row in after["survey"] if blocks.MARK not in row]
    assert own == [row for row in before["survey"] if not row["type"].startswith("include ")]
    assert [row for row in after.get("choices", ()) if blocks.MARK not in row] == before.get("choices", [])
    assert after["settings"] == before["settings"]
    assert whole(blocks.unmarked(after)) == blocks.unmarked(after)


@pytest.mark.parametrize("name", BLOCKS)
def test_every_block_is_a_form_of_its_own_and_some_form_asks_for_it(name: str) -> None:
    assert "<h:html" in compile_one(path(f"forms/blocks/{name}.md"))
    asked = f"include {name}"
    assert any(row["type"] == asked for one in (*map(form, NAMES), *map(block, BLOCKS)) for row in one["survey"])


LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs")) | st.sampled_from("|\n #")
CELLS = st.text(LETTERS, min_size=1).map(str.strip).filter(lambda cell: bool(cell) and "<br>" not in cell)
ROWS = st.lists(st.dictionaries(st.sampled_from(("type", "name", "label::English (en)", "relevant", "x")), CELLS,
                                min_size=1), min_size=1, max_size=5)


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_any_cell_survives_the_text(rows: list[sheets.Row]) -> None:
    assert sheets.read(sheets.write({"survey": rows})) == {"survey": rows}


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_any_cell_survives_the_workbook(rows: list[sheets.Row]) -> None:
    plain = [{column: "".join(letter for letter in cell if letter.isprintable() or letter == "\n").strip() or "x"
              for column, cell in row.items()} for row in rows]
    assert workbook.read(workbook.write({"survey": plain})) == {"survey": plain}


SMALL: Sheets = {
    "survey": [{"type": "include who", "name": "owner", "relevant": "1 = 1"}, {"type": "text", "name": "a"},
               {"type": "include who"}, {"type": "include who", "name": "third"}],
    "choices": [{"list_name": "mine", "name": "m"}],
}
PARTS: dict[str, Sheets] = {
    "who": {"survey": [{"type": "begin_group", "name": "who"}, {"type": "include number", "name": "nid"},
                       {"type": "end_group"}], "choices": [{"list_name": "sex", "name": "f"}]},
    "number": {"survey": [{"type": "text", "name": "number", "constraint": ". > 0"}]},
    "round": {"survey": [{"type": "include round", "name": "x"}]},
}


def test_an_include_says_more_than_its_block_and_blocks_may_include_others() -> None:
    made = blocks.unmarked(blocks.expand(SMALL, PARTS.__getitem__))
    assert made["survey"][:4] == [
        {"type": "begin_group", "name": "owner", "relevant": "1 = 1"},
        {"type": "text", "name": "nid", "constraint": ". > 0"}, {"type": "end_group"}, {"type": "text", "name": "a"},
    ]
    assert made["choices"] == [{"list_name": "mine", "name": "m"}, {"list_name": "sex", "name": "f"}]
    assert blocks.fold(blocks.expand(SMALL, PARTS.__getitem__), PARTS.__getitem__) == SMALL


def test_a_forms_own_list_goes_before_the_blocks_list_of_that_name() -> None:
    own = {**SMALL, "choices": [{"list_name": "sex", "name": "m"}]}
    made = blocks.expand(own, PARTS.__getitem__)
    assert [row["name"] for row in made["choices"]] == ["m"]
    assert blocks.fold(made, PARTS.__getitem__) == own


def test_a_block_that_was_changed_in_the_workbook_stays_as_the_forms_own_rows() -> None:
    made = blocks.expand(SMALL, PARTS.__getitem__)
    made["survey"][1]["constraint"] = ". > 1"
    folded = blocks.fold(made, PARTS.__getitem__)
    assert [row["type"] for row in folded["survey"]] == [
        "begin_group", "text", "end_group", "text", "include who", "include who",
    ]
    assert blocks.unmarked(blocks.expand(folded, PARTS.__getitem__))["survey"] == blocks.unmarked(made)["survey"]


def test_a_block_that_is_not_there_or_includes_itself_is_told() -> None:
    with pytest.raises(LookupError, match="no block nowhere"):
        whole({"survey": [{"type": "include nowhere"}]})
    with pytest.raises(BadText, match="includes itself"):
        blocks.expand({"survey": [{"type": "include round"}]}, PARTS.__getitem__)


@pytest.mark.parametrize(("text", "said"), [
    ("| | a |", "line 1"), ("| survey |\n| | type |\n| | a | b |", "line 3"), ("survey", "line 1"),
    ("| survey |\n| | type |\n| text", "line 3"),
])
def test_text_that_is_no_table_is_told_by_its_line(text: str, said: str) -> None:
    with pytest.raises(BadText, match=said):
        sheets.read(text)


def test_what_excel_made_of_the_cells_is_text_again() -> None:
    book = Workbook()
    page = book.active
    page.title = "Survey"
    for row in (("type", "name", None, "default", "required"), ("integer", "a", None, 12.0, True), (None,) * 5,
                ("text", "b", "in no column", 3.5, None)):
        page.append(row)
    target = io.BytesIO()
    book.save(target)
    assert workbook.read(target.getvalue()) == {"survey": [
        {"type": "integer", "name": "a", "default": "12", "required": "TRUE"},
        {"type": "text", "name": "b", "default": "3.5"},
    ]}


def test_a_form_goes_out_and_comes_in_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "heirs.xlsx"
    assert main(["forms", "export", "heirs", "--to", str(file)]) == 0
    assert main(["forms", "import", str(file), "--to", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out.split("}\n", 1)[1])["blocks_changed"] == []
    for ending in (".md", ".xml"):
        assert (tmp_path / f"heirs{ending}").read_bytes() == path(f"forms/heirs{ending}").read_bytes()
    assert main(["forms", "export", "heirs", "--to", str(tmp_path / "whole.md")]) == 0
    assert sheets.read((tmp_path / "whole.md").read_text(encoding="utf-8")) == blocks.unmarked(whole(form("heirs")))


def test_a_changed_block_is_told_and_the_changed_form_is_the_one_that_is_made(tmp_path: Path) -> None:
    made = whole(form("heirs"))
    row = next(row for row in made["survey"] if row.get("name") == "holding")
    row["required"] = "yes"
    (tmp_path / "x.xlsx").write_bytes(workbook.write(made))
    taken = exchange.take_in(tmp_path / "x.xlsx", tmp_path)
    assert taken.changed == ("address",)
    assert '<bind nodeset="/data/address/holding" type="string" required="true()"' in taken.xform.read_text("utf-8")


@pytest.mark.parametrize("body", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_a_workbook_that_is_none_is_refused_and_nothing_is_written(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "x.xlsx").write_bytes(body)
    assert main(["forms", "import", str(tmp_path / "x.xlsx"), "--to", str(tmp_path)]) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["x.xlsx"]


@pytest.mark.parametrize("form_id", ["", "../evil", "Big", "a b"])
def test_a_form_id_that_could_not_name_a_file_is_refused(tmp_path: Path, form_id: str) -> None:
    made = {"survey": [{"type": "text", "name": "a", "label": "A"}], "settings": [{"form_id": form_id or "", "x": "1"}]}
    (tmp_path / "x.xlsx").write_bytes(workbook.write(made))
    with pytest.raises(BadText, match="form_id"):
        exchange.take_in(tmp_path / "x.xlsx", tmp_path)


def test_an_authors_check_sees_the_blocks_of_a_form(tmp_path: Path) -> None:
    from forms import authoring

    checked = authoring.check(authoring.read(path("forms/heirs.md")), lists())
    assert not checked.findings
    assert checked.form is not None
    (tmp_path / "x.md").write_text("| survey |\n| | type | name |\n| | include nowhere | a |\n", encoding="utf-8")
    from forms import BadForm

    with pytest.raises(BadForm, match="nowhere"):
        authoring.read(tmp_path / "x.md")
