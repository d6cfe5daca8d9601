"""A pack that can't be right is refused with its file and row, and the catalogue that was there goes on serving."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyxform.xls2xform import convert

from kiosk.catalogue import build, packs
from kiosk.catalogue.catalogue import Catalogue
from kiosk.catalogue.packs import PackError
from kiosk.counter import enclosed
from tests.kiosk.catalogue_tools import SHIPPED, spoilt


def test_the_shipped_packs_are_sealed_as_they_are() -> None:
    assert packs.read(SHIPPED).version == packs.version(SHIPPED)


def test_the_catalogue_states_the_version_of_the_packs_that_it_was_made_from(tmp_path: Path) -> None:
    target = tmp_path / "catalogue.db"
    assert build.build(SHIPPED, target) == packs.version(SHIPPED)
    catalogue = Catalogue(target)
    assert catalogue.version == packs.version(SHIPPED)
    catalogue.close()
    assert [file.name for file in target.parent.iterdir()] == ["catalogue.db"]


def test_a_pack_that_was_changed_after_sealing_is_refused_and_the_old_catalogue_stays(tmp_path: Path) -> None:
    target = tmp_path / "catalogue.db"
    build.build(SHIPPED, target)
    before = target.read_bytes()
    changed = spoilt(tmp_path, "fees.csv", lambda text: text.replace(",3000,", ",300,", 1), sealed=False)
    with pytest.raises(PackError) as refused:
        build.build(changed, target)
    assert (refused.value.file, refused.value.row) == ("fees.csv", 0)
    assert target.read_bytes() == before


def test_line_ends_of_another_system_do_not_break_the_seal(tmp_path: Path) -> None:
    copy = spoilt(tmp_path, "fees.csv", lambda text: text.replace("\n", "\r\n"), sealed=False)
    (copy / "fees.csv").write_bytes((SHIPPED / "fees.csv").read_bytes().replace(b"\n", b"\r\n"))
    build.build(copy, tmp_path / "catalogue.db")


def with_media(folder: Path, files: dict[str, bytes]) -> Path:
    """A sealed copy of the shipped packs with files of forms."""
    copy = folder / "packs"
    shutil.copytree(SHIPPED, copy)
    for name, body in files.items():
        (copy / name).write_bytes(body)
    packs.seal(copy)
    return copy


def test_the_files_of_forms_are_sealed_to_the_byte_and_read_by_their_names(tmp_path: Path) -> None:
    body = b"\x89PNG\r\n\x1a\n\x00\xff"
    copy = with_media(tmp_path, {"media-a.png": body})
    build.build(copy, tmp_path / "catalogue.db")
    catalogue = Catalogue(tmp_path / "catalogue.db")
    assert catalogue.media("a.png") == body
    assert enclosed.file(catalogue, "A.PNG") == body
    for name in ("b.png", "../a.png", "..", "", "a.png/", ".a.png"):
        assert enclosed.file(catalogue, name) is None
    catalogue.close()
    (copy / "media-a.png").write_bytes(body.replace(b"\r\n", b"\n"))
    with pytest.raises(PackError, match="changed"):
        packs.read(copy)


@pytest.mark.parametrize(("files", "reason"), [
    ({"media-a.exe": b"x"}, "not a file that forms"), ({"media-A.png": b"x"}, "not a file that forms"),
    ({"media-a.png": b"x" * 1_000_001}, "1000 kB"),
    ({f"media-{number}.png": b"x" * 1_000_000 for number in range(31)}, "30000 kB"),
])
def test_the_files_of_forms_are_bounded(tmp_path: Path, files: dict[str, bytes], reason: str) -> None:
    with pytest.raises(PackError, match=reason):
        packs.read(with_media(tmp_path, files))


def test_a_list_that_came_with_a_form_is_read_with_it_and_a_broken_one_refused(tmp_path: Path) -> None:
    form = convert(xlsform="| survey |\n| | type | name | label |\n| | select_one_from_file mine.csv | a | A |\n",
                   file_type=".md").xform.encode()
    listed = {"media-mine.csv": "name,label\nx,নমুনা\n".encode(), "form-mine.xml": form}
    build.build(with_media(tmp_path / "good", listed), tmp_path / "catalogue.db")
    catalogue = Catalogue(tmp_path / "catalogue.db")
    assert list(enclosed.lists(catalogue, form)) == ["jr://file-csv/mine.csv"]
    catalogue.close()
    with pytest.raises(PackError, match=r"mine\.csv"):
        packs.read(with_media(tmp_path / "bad", {**listed, "media-mine.csv": b"name,label\nx,y,z\n"}))


def _line(file: str, part: str) -> int:
    lines = (SHIPPED / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if part in line)


def _place(file: str, row_id: str) -> int:
    listed = next(iter(json.loads((SHIPPED / file).read_text(encoding="utf-8")).values()))
    return next(place for place, row in enumerate(listed, 1) if row["id"] == row_id)


def _replace(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


NATIONALITY = "nationality@2018,nationality,,,,,3000,"
POLICE = "police-clearance@2018,police-clearance,,,,,50000,10000,2018-01-01,2024-12-01"
WRONG_ROWS = [
    ("fees.csv", NATIONALITY, NATIONALITY.replace("3000", "-3000"), "negative"),
    ("fees.csv", NATIONALITY, NATIONALITY.replace("3000", "30.50"), "30.50"),
    ("fees.csv", NATIONALITY, NATIONALITY.replace(",nationality", ",nationalty"), "no service"),
    ("fees.csv", "police-clearance@2024-12,police", "police-clearance@2018,police", "twice"),
    ("fees.csv", POLICE, POLICE.replace("2018-01", "2018-13"), "month"),
    ("services.csv", "birth-5y,", "birth-45,", "twice"),
    ("products.csv", "p0001,", "p0002,", "twice"),
    ("products.csv", ",8000,s00,", ",-8000,s00,", "negative"),
]


@pytest.mark.parametrize(("file", "old", "new", "reason"), WRONG_ROWS)
def test_a_wrong_row_of_a_table_is_told_by_its_line(
    tmp_path: Path, file: str, old: str, new: str, reason: str
) -> None:
    with pytest.raises(PackError) as refused:
        build.build(spoilt(tmp_path, file, _replace(old, new)), tmp_path / "catalogue.db")
    assert refused.value.file == file
    assert refused.value.row in (_line(file, old), _line(file, old) + 1)  # a second of two stands one below
    assert reason in refused.value.reason
    assert file in str(refused.value)
    assert not list(tmp_path.glob("catalogue.db*"))


WRONG_ENTRIES = [
    ("billers.json", "b450", '"mode": "prepaid"', '"mode": "prepayed"', "mode"),
    ("billers.json", "breb", '"charge_poisha": 1000', '"charge_poisha": -1000', "negative"),
    ("billers.json", "breb", '"popularity": 90', '"popular": 90', "popularity"),
    ("billers.json", "breb", '"hint": ""', '"hunt": ""', "hunt"),
    ("billers.json", "b025", '"id": "b025"', '"id": "breb"', "twice"),
    ("rules.json", "ekpay-hours", '"since": "2024-01-01"', '"since": "soon"', "soon"),
    ("rules.json", "ekpay-hours", '"answer": "refuse"', '"answer": "accept"', "accept"),
]


@pytest.mark.parametrize(("file", "row_id", "old", "new", "reason"), WRONG_ENTRIES)
def test_a_wrong_entry_of_a_list_is_told_by_its_place(
    tmp_path: Path, file: str, row_id: str, old: str, new: str, reason: str
) -> None:
    with pytest.raises(PackError) as refused:
        build.build(spoilt(tmp_path, file, _replace(old, new)), tmp_path / "catalogue.db")
    assert (refused.value.file, refused.value.row) == (file, _place(file, row_id))
    assert reason in refused.value.reason


def test_a_service_without_a_fee_in_force_is_not_offered_at_a_guess(tmp_path: Path) -> None:
    copy = spoilt(tmp_path, "fees.csv", lambda text: "\n".join(
        line for line in text.splitlines() if not line.startswith("nationality@")
    ))
    with pytest.raises(PackError, match="no fee in force for nationality"):
        build.build(copy, tmp_path / "catalogue.db")


@pytest.mark.parametrize("raw", [b"", b"[]", b'{"packs": 5}', b'{"packs": [5]}', b'{"packs": []}', b"\xff", b"{"])
def test_a_seal_that_is_none_is_refused(tmp_path: Path, raw: bytes) -> None:
    copy = spoilt(tmp_path, "fees.csv", lambda text: text + "\n")
    (copy / "packs.json").write_bytes(raw)
    with pytest.raises(PackError):
        build.build(copy, tmp_path / "catalogue.db")


@pytest.mark.parametrize("raw", [b"\xff\xfe", b'id\n"half', b"", b"\0"])
@pytest.mark.parametrize("file", ["fees.csv", "services.csv", "billers.json"])
def test_bytes_that_are_no_pack_are_refused(tmp_path: Path, file: str, raw: bytes) -> None:
    copy = spoilt(tmp_path, file, lambda text: text + "\n")
    (copy / file).write_bytes(raw)
    packs.seal(copy)
    with pytest.raises(PackError):
        build.build(copy, tmp_path / "catalogue.db")


def test_a_missing_pack_is_named(tmp_path: Path) -> None:
    copy = spoilt(tmp_path, "fees.csv", lambda text: text + "\n")
    (copy / "rules.json").unlink()
    with pytest.raises(PackError) as refused:
        build.build(copy, tmp_path / "catalogue.db")
    assert refused.value.file == "rules.json"


def test_sealing_again_gives_the_changed_packs_another_version(tmp_path: Path) -> None:
    copy = spoilt(tmp_path, "fees.csv", lambda text: text.replace(",3000,", ",4000,", 1))
    assert packs.version(copy) != packs.version(SHIPPED)
    build.build(copy, tmp_path / "catalogue.db")


def test_an_old_catalogue_is_replaced_whole_while_someone_reads_it(tmp_path: Path) -> None:
    target = tmp_path / "catalogue.db"
    build.build(SHIPPED, target)
    reading = Catalogue(target)
    first = reading.version
    copy = spoilt(tmp_path, "municipalities.json", lambda text: text.replace("Sample Pourashava", "Sample Town"))
    build.build(copy, target)
    assert reading.version == first
    opened = Catalogue(target)
    assert opened.municipality("sample").name_en == "Sample Town"
    reading.close()
    opened.close()
