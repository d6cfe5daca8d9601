"""Every question type, column and setting that pyxform knows, each in a small form of its own.

What is known is read out of pyxform, so that a new version's new type fails here until the engine has been tried on it.
"""

from __future__ import annotations

from pyxform import aliases
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from forms.sheets import Row, Sheets

CHOICES: list[Row] = [
    {"list_name": "c", "name": "x", "label": "X"}, {"list_name": "c", "name": "y", "label": "Y"},
]
LISTS = {
    "jr://file-csv/f.csv": b"name,label\nx,X\ny,Y\n", "jr://file-csv/mine.csv": b"id,title\nx,X\n",
    "jr://file/f.geojson": b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point",'
                           b'"coordinates":[90.4,23.8]},"properties":{"id":"x","title":"X"}}]}',
    "jr://file/f.xml": b"<root><item><name>x</name><label>X</label></item></root>",
}
# Types that stand in the dictionary for what is written otherwise: with a list's name, or under a name of its own.
_WRITTEN_OTHERWISE = {
    "add select multiple prompt using", "select all that apply from", "select one", "select one external",
    "select all that apply", "select multiple from", "q select", "select one using", "rank", "select multiple using",
    "q select1", "add select one prompt using", "audit",
    "background-geopoint",
}
NOT_ASKED = {
    "calculate", "q calculate", "add calculate prompt", "hidden", "start", "end", "today", "deviceid", "imei",
    "username", "email", "phonenumber", "simserial", "subscriberid", "subscriber id", "device id", "sim id",
    "start time", "end time", "xml-external", "csv-external", "start-geopoint", "background-audio", "audit",
    "background-geopoint",
}


def is_asked(kind: str) -> bool:
    """Whether a question of this type is drawn."""
    return kind not in NOT_ASKED and not kind.startswith(("get ", "uri:"))


def of(*survey: Row, choices: list[Row] | None = None, settings: Row | None = None, **sheets: list[Row]) -> Sheets:
    """A form of these rows."""
    return {"survey": list(survey), "choices": choices or CHOICES,
            "settings": [{"form_id": "probe", "form_title": "Probe", **(settings or {})}], **sheets}


def _types() -> dict[str, Sheets]:
    found: dict[str, Sheets] = {}
    other: Row = {"type": "text", "name": "other", "label": "Other"}
    for kind in sorted(QUESTION_TYPE_DICT.keys() - _WRITTEN_OTHERWISE):
        more = {"calculation": "1 + 1"} if "calculate" in kind else {}
        found[kind] = of(other, {"type": kind, "name": "q", "label": "Q", **more})
    for kind in sorted(aliases.select):
        if kind in aliases.select_from_file:
            for file in ("f.csv", "f.geojson", "f.xml"):
                found[f"{kind} {file}"] = of(other, {"type": f"{kind} {file}", "name": "q", "label": "Q"})
        elif kind != "select_one_external":
            for ending in ("", " or_other"):
                found[f"{kind} c{ending}"] = of(other, {"type": f"{kind} c{ending}", "name": "q", "label": "Q"})
    found["select_one_external"] = of(
        other, {"type": "select_one_external c", "name": "q", "label": "Q", "choice_filter": "s=${other}"},
        external_choices=[{"list_name": "c", "name": "x", "label": "X", "s": "1"}])
    found["osm c"] = of(other, {"type": "osm c", "name": "q", "label": "Q"},
                        osm=[{"list_name": "c", "name": "x", "label": "X"}])
    found["audit"] = of(other, {"type": "audit", "name": "audit", "parameters": _AUDIT})
    found["background-geopoint"] = of(other, {"type": "background-geopoint", "name": "q", "trigger": "${other}"})
    for opened in aliases.control:
        over = " over c" if opened == "loop" else ""
        inside: Row = {"type": "text", "name": "q", "label": "Q"}
        found[f"begin {opened}"] = of(other, {"type": f"begin {opened}{over}", "name": "g", "label": "G"}, inside,
                                      {"type": f"end {opened}"})
    return found


_AUDIT = ("track-changes=true identify-user=true location-priority=balanced location-min-interval=60 "
          "location-max-age=120 track-changes-reasons=on-form-edit")
TYPES = _types()

# A column of the survey, what stands in it, and what the XForm must then hold.
COLUMNS: list[tuple[str, str, str]] = [
    ("label::Bangla (bn)", "প্রশ্ন", "<value>প্রশ্ন</value>"), ("hint", "Help", "<hint>Help</hint>"),
    ("hint::Bangla (bn)", "সাহায্য", "<value>সাহায্য</value>"),
    ("guidance_hint", "More", '<value form="guidance">More</value>'),
    ("guidance_hint::Bangla (bn)", "আরও", '<value form="guidance">আরও</value>'),
    ("required", "yes", 'required="true()"'), ("required", "${other} = 'a'", 'required=" /data/other  = '),
    ("required_message", "Needed", 'jr:requiredMsg="Needed"'), ("requiredmsg", "Needed", 'jr:requiredMsg="Needed"'),
    ("required_message::Bangla (bn)", "লাগবে", "<value>লাগবে</value>"),
    ("read_only", "yes", 'readonly="true()"'), ("readonly", "yes", 'readonly="true()"'),
    ("relevant", "1 = 1", 'relevant="1 = 1"'), ("relevance", "1 = 1", 'relevant="1 = 1"'),
    ("bind:relevant", "1 = 1", 'relevant="1 = 1"'), ("constraint", ". != 'z'", "constraint=\". != 'z'\""),
    ("constraint_message", "No", 'jr:constraintMsg="No"'), ("constraining_message", "No", 'jr:constraintMsg="No"'),
    ("constraint_message::Bangla (bn)", "না", "<value>না</value>"),
    ("calculation", "1 + 1", 'calculate="1 + 1"'), ("calculate", "1 + 1", 'calculate="1 + 1"'),
    ("default", "d", "<q>d</q>"), ("default", "now()", '<setvalue ref="/data/q" event="odk-instance-first-load"'),
    ("default", "${last-saved#q}", "jr://instance/last-saved"), ("appearance", "multiline", 'appearance="multiline"'),
    ("image", "a.png", "jr://images/a.png"), ("audio", "a.mp3", "jr://audio/a.mp3"),
    ("video", "a.mp4", "jr://video/a.mp4"), ("media::image", "a.png", "jr://images/a.png"),
    ("media::audio", "a.mp3", "jr://audio/a.mp3"), ("media::video", "a.mp4", "jr://video/a.mp4"),
    ("media::image::Bangla (bn)", "bn.png", "jr://images/bn.png"), ("image::Bangla (bn)", "bn.png", "jr://images/bn.png"),
    ("autoplay", "audio", 'autoplay="audio"'), ("rows", "5", 'rows="5"'), ("parameters", "rows=4", 'rows="4"'),
    ("noapperrorstring", "x", 'jr:noAppErrorString="x"'), ("no_app_error_string", "x", 'jr:noAppErrorString="x"'),
    ("body::accept", "x", 'accept="x"'), ("control::accept", "x", 'accept="x"'), ("bind::custom", "x", 'custom="x"'),
    ("bind::odk:length", "5", 'odk:length="5"'), ("bind::type", "int", 'type="int"'),
    ("bind::jr:preload", "date", 'jr:preload="date"'), ("instance::mine", "t", '<q mine="t"'),
    ("instance::odk:tag", "t", 'odk:tag="t"'), ("compact_tag", "t", 'odk:tag="t"'), ("sms_field", "s", "<q"),
    ("sms_option", "s", "<q"), ("intent", "ex:x", "<q"), ("trigger", "${other}", "<q"), ("disabled", "no", "<q"),
    ("a note of the author's", "x", "<q"),
]
# A setting, what stands in it, and what the XForm must then hold.
SETTINGS: list[tuple[str, str, str]] = [
    ("version", "2026112401", 'version="2026112401"'), ("instance_name", "concat('a', ${q})", "instanceName"),
    ("default_language", "Bangla (bn)", "<q"), ("style", "pages", 'class="pages"'),
    ("namespaces", 'esri="http://esri.com/xforms"', 'xmlns:esri="http://esri.com/xforms"'),
    ("public_key", "MIIBIjAN", 'base64RsaPublicKey="MIIBIjAN"'),
    ("submission_url", "https://example.org/s", 'action="https://example.org/s"'), ("auto_send", "true", "auto-send"),
    ("auto_delete", "false", "auto-delete"), ("name", "mine", "<mine"), ("attribute::mine", "1", 'mine="1"'),
    ("instance_xmlns", "http://example.org/x", 'xmlns="http://example.org/x"'), ("clean_text_values", "no", "<q"),
    ("client_editable", "yes", "<q"), ("omit_instanceID", "yes", "<q"), ("id_string", "other", "<q"),
    ("title", "T", "<q"), ("allow_choice_duplicates", "yes", "<q"), ("prefix", "p", "<q"), ("delimiter", "+", "<q"),
    *((f"sms_{name}", "k", "<q") for name in ("keyword", "separator", "allow_media", "date_format", "response")),
]
# A type, its parameters, and what the XForm must then hold.
PARAMETERS: list[tuple[str, str, str]] = [
    ("select_one c", "randomize=true", "randomize("), ("select_multiple c", "randomize=true seed=1", ", 1)"),
    ("rank c", "randomize=true seed=${other}", "/data/other"), ("image", "max-pixels=640", 'max-pixels="640"'),
    ("image", "app=com.example.app", 'intent="com.example.app"'),
    ("audio", "quality=voice-only", 'quality="voice-only"'),
    ("background-audio", "quality=low", 'quality="low"'), ("geotrace", "incremental=true", 'incremental="true"'),
    ("geopoint", "capture-accuracy=10 warning-accuracy=20 allow-mock-accuracy=true", 'accuracyThreshold="10"'),
    ("geoshape", "allow-mock-accuracy=true", 'allow-mock-accuracy="true"'), ("text", "rows=3", 'rows="3"'),
    ("range", "start=1 end=2 step=0.5", 'step="0.5"'), ("range", "start=10 end=0 step=-2", 'step="-2"'),
    ("range", "start=0 end=10 step=2 tick_interval=4 placeholder=2", 'tick-interval="4"'),
    ("select_one_from_file mine.csv", "value=id label=title randomize=true seed=3", '<value ref="id"'),
]
OTHERS: dict[str, Sheets] = {
    "a repeat that counts": of({"type": "begin_repeat", "name": "r", "label": "R", "repeat_count": "2"},
                               {"type": "text", "name": "q", "label": "Q"}, {"type": "end_repeat"}),
    "a table of choices": of(
        {"type": "begin_group", "name": "g", "label": "G", "appearance": "table-list"},
        {"type": "select_one c", "name": "q", "label": "Q"}, {"type": "select_one c", "name": "r", "label": "R"},
        {"type": "end_group"}),
    "choices with files, filtered, by language": of(
        {"type": "select_one c", "name": "q", "label::Bangla (bn)": "Q", "choice_filter": "kind = 'a'"},
        choices=[{"list_name": "c", "name": "x", "label::Bangla (bn)": "X", "kind": "a", "media::image": "a.png",
                  "big-image": "b.png", "audio::Bangla (bn)": "a.mp3", "video": "a.mp4", "geometry": "23 90"},
                 {"list_name": "c", "name": "y", "label::Bangla (bn)": "Y", "kind": "b"}]),
    "two choices of one name": of({"type": "select_one c", "name": "q", "label": "Q"},
                                  choices=[{"list_name": "c", "name": "x", "label": label} for label in "AB"],
                                  settings={"allow_choice_duplicates": "yes"}),
    "an entity": of({"type": "text", "name": "q", "label": "Q", "save_to": "q"},
                    entities=[{"dataset": "people", "label": "${q}"}]),
}
