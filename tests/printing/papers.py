"""Papers that the printing tests print: every kind of block, long names, many lines, nothing at all."""

from __future__ import annotations

from printing import escpos
from printing.document import (
    QR,
    Align,
    Bars,
    Block,
    Document,
    Heading,
    Row,
    Rule,
    Signature,
    Space,
    Stamp,
    Table,
    Text,
)
from printing.profiles import Profile
from printing.sending import fragments

LONG = "মোছাম্মৎ জান্নাতুল ফেরদৌস বিনতে আব্দুল্লাহ আল মামুন চৌধুরী (সাবেক প্রধান শিক্ষক) " * 3
GOODS = tuple((str(place), f"ধান বীজ ব্রি {place}", "৳\u00a0১,২০০.০০") for place in range(25))
_ALIGNS = (Align.LEFT, Align.LEFT, Align.RIGHT)

BLOCKS: dict[str, tuple[Block, ...]] = {
    "heading": tuple(Heading("নমুনা ইউনিয়ন ডিজিটাল সেন্টার", level) for level in (1, 2, 3)),
    "text": tuple(Text("র‍্যাব ক্ষুদ্র জ্ঞান Paid 660", align, bold, small)
                  for align in Align for bold in (False, True) for small in (False, True)),
    "row": (Row("হিসাব নম্বর", "১২৩৪৫৬৭৮৯০১২৩", indent=1), Row("মোট", "৳\u00a0৬৬০.০০", bold=True)),
    "table": (Table(("ক্রম", "বিবরণ", "টাকা"), GOODS[:3], (1, 4, 3), _ALIGNS),),
    "bars": (Bars((("সোম", "১২", 1000), ("মঙ্গল", "০", 0), ("বুধ", "৫", 420))),),
    "rule": (Rule(), Rule(dashed=True)),
    "space": (Space(), Space(9), Space(0), Text("ক")),
    "qr": (QR("UDC:K1-000042:৬৬০", "K1-০০০০৪২"), QR("https://example.invalid/" + "x" * 90)),
    "stamp": (Stamp("অস্থায়ী"), Stamp("অনুলিপি " * 9)),
    "signature": (Signature("গ্রহীতার স্বাক্ষর"),),
    "long names": (Heading(LONG), Text(LONG), Row(LONG, "৳\u00a0১"), Row("ক", LONG), Row("x" * 300, "9" * 300)),
    "25 lines": (Table(("ক্রম", "বিবরণ", "টাকা"), GOODS, (1, 4, 3), _ALIGNS),),
    "english": (Heading("Sample Union Digital Centre"), Row("Total", "Tk 660.00"), Text("Payment pending.")),
    "empty fields": (Heading(""), Text(""), Row("", ""), Stamp(""), Signature(""), Bars(()), QR("x"),
                     Table(("", ""), (("", ""),), (1, 1), (Align.LEFT, Align.RIGHT)), Table((), (), (), ())),
    "nothing": (),
}
SHORT = Document("K1-000001", "নমুনা", (Text("নমুনা রশিদ"),))
RECEIPT = Document("K1-000042", "প্রাপ্তি স্বীকার", (
    Heading("নমুনা ইউনিয়ন ডিজিটাল সেন্টার", 2), Stamp("অস্থায়ী"), *BLOCKS["row"], *BLOCKS["table"], Signature("স্বাক্ষর"),
))


def fragments_of(document: Document, profile: Profile) -> list[bytes]:
    """The fragments in which `document` goes out to a printer of `profile`."""
    return list(fragments(escpos.stream(document, profile.width_dots, profile), profile.fragment_bytes))
