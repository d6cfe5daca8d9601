"""udc-kiosk forms: check what is wrong with a form, export one to a workbook, import it again."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import forms
from forms.authoring import Finding
from kiosk.commands.terminal import group, say
from kiosk.counter.records import CounterError
from kiosk.words import words
from resources import path

Beside = Mapping[str, Path]  # what lies beside a form, by name


def add(parser: argparse.ArgumentParser) -> None:
    """Hang the command under `forms`."""
    command = group(parser)
    told = "errors and warnings with sheet and row; a preview as PNG and PDF, a test fill and what it would send"
    check = command("check", _check, told)
    check.add_argument("file", type=Path, metavar="FILE.xlsx|FILE.md")
    check.add_argument("--out", type=Path, help="the folder for previews and samples (none without it)")
    check.add_argument("--lang", choices=("bn", "en"), default="bn", help="the language of the previews")
    told = "write a service's form as a whole XLSForm, for Excel or any other tool"
    export = command("export", _export, told)
    export.add_argument("name", metavar="NAME", help="its form_id, such as heirs")
    export.add_argument("--to", type=Path, required=True, metavar="FILE.xlsx|FILE.md")
    told = "take a workbook in as text, with its XForm beside it"
    taken = command("import", _import, told)
    taken.add_argument("file", type=Path, metavar="FILE.xlsx")
    taken.add_argument("--to", type=Path, default=path("forms"), metavar="FOLDER", help="resources/forms without it")


def _export(given: argparse.Namespace) -> int:
    try:
        from forms import exchange  # noqa: PLC0415 with openpyxl, which is not at the counter

        exchange.give_out(given.name, given.to)
    except ModuleNotFoundError as error:
        raise CounterError("no_form_tools", missing=error.name or "") from error
    except (LookupError, ValueError) as error:
        raise CounterError("bad_form_file", detail=str(error)) from error
    say({"form": given.name, "file": str(given.to)})
    return 0


def _import(given: argparse.Namespace) -> int:
    try:
        from pyxform.errors import PyXFormError  # noqa: PLC0415 as above

        from forms import exchange  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise CounterError("no_form_tools", missing=error.name or "") from error
    try:
        taken = exchange.take_in(given.file, given.to)
    except (PyXFormError, ValueError) as error:
        raise CounterError("bad_form_file", detail=str(error)) from error
    say({"text": str(taken.text), "xform": str(taken.xform), "blocks_changed": taken.changed})
    return 0


def _check(given: argparse.Namespace) -> int:
    try:
        from forms import advice, authoring, enclosed, unmet  # noqa: PLC0415 with pyxform, which is not at the counter

        source = authoring.read(given.file)
        warnings = [*advice.advise(source), *unmet.tell(source)]
        checked = authoring.check(source, _lists(given.file.parent))
    except ModuleNotFoundError as error:
        raise CounterError("no_form_tools", missing=error.name or "") from error
    except forms.BadForm as error:
        raise CounterError("bad_form_file", detail=str(error)) from error
    files = enclosed.beside(given.file)
    warnings += [*checked.absent, *enclosed.tell(source, files)]
    found = [*checked.findings, *warnings]
    _tell(found)
    made = _shown(checked, given, files) if checked.form else {}
    say({"file": given.file.name, "errors": len(checked.findings), "warnings": len(warnings),
         "findings": [asdict(finding) for finding in found], **made})
    return 1 if checked.findings else 0


def _lists(folder: Path) -> dict[str, bytes]:
    """What stands beside the form, by the address that a form gives it, and the places that all forms share."""
    found = {"jr://file-csv/places.csv": path("packs/places.csv").read_bytes()}
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() in {".csv", ".xml", ".geojson"} and file.is_file():
            kind = "file-csv" if file.suffix.lower() == ".csv" else "file"
            found[f"jr://{kind}/{file.name}"] = file.read_bytes()
    return found


def _tell(found: Sequence[Finding]) -> None:
    """For people, in both languages: where, what."""
    for finding in found:
        for lang in ("bn", "en"):
            word = words(lang)
            where = word("forms.where", sheet=finding.sheet, row=finding.row or "?", column=finding.column)
            kind = word("forms.warning" if finding.warning else "forms.error")
            sys.stderr.write(f"{kind}: {where}: {word(f'forms.{finding.word}', **finding.facts)}\n")


def _shown(checked: forms.authoring.Checked, given: argparse.Namespace, beside: Beside) -> dict[str, object]:
    """The test fill, and with a folder the files that show the form."""
    from forms import trial  # noqa: PLC0415

    assert checked.form is not None
    tried = trial.fill(checked.form)
    _tell_unanswered(tried.unanswered)
    sent = tried.filling.submission()
    files = _files(checked, tried, sent, given, beside) if given.out is not None else []
    return {"unanswered": dict(tried.unanswered), "files": files, "submission": sent.decode()}


def _tell_unanswered(unanswered: Sequence[tuple[str, str]]) -> None:
    for ref, said in unanswered:
        for lang in ("bn", "en"):
            sys.stderr.write(words(lang)("forms.unanswered", ref=ref, said=said) + "\n")


def _files(
    checked: forms.authoring.Checked, tried: forms.trial.Trial, sent: bytes, given: argparse.Namespace, beside: Beside
) -> list[str]:
    from forms.trial import LATER, TODAY  # noqa: PLC0415
    from kiosk import form_paper  # noqa: PLC0415
    from kiosk.screens import preview  # noqa: PLC0415
    from printing import pdf  # noqa: PLC0415

    form, out, lang, name = checked.form, given.out, given.lang, given.file.stem
    assert form is not None

    def file(name: str) -> bytes | None:
        return beside[name.lower()].read_bytes() if name.lower() in beside else None

    out.mkdir(parents=True, exist_ok=True)
    fresh = form.fill(today=TODAY, now=LATER)
    preview.picture(fresh, lang, TODAY, out / f"{name}.png", file)
    preview.picture(tried.filling, lang, TODAY, out / f"{name}-filled.png", file)
    (out / f"{name}.pdf").write_bytes(pdf.render(form_paper.paper(form, tried.filling, lang), "A4"))
    (out / f"{name}.xml").write_text(checked.xform, encoding="utf-8")
    (out / f"{name}-submission.xml").write_bytes(sent)
    return sorted(file.name for file in out.iterdir() if file.stem.startswith(name))
