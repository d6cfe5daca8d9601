"""The document that the sandbox's office issues: plainly a sample, in shaped Bangla, as PDF."""

from __future__ import annotations

import io
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

from resources import path

_FONT = "SandboxBengali"


def draw(tracking: str, applicant: str) -> bytes:
    """A sample certificate for `applicant`."""
    if _FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(_FONT, path("fonts/NotoSansBengali-Regular.ttf"), shapable=True))
    heading = ParagraphStyle("heading", fontName=_FONT, fontSize=22, leading=34, alignment=1, shaping=1)
    body = ParagraphStyle("body", fontName=_FONT, fontSize=14, leading=26, shaping=1)
    target = io.BytesIO()
    SimpleDocTemplate(target, pagesize=A4, title=tracking, initialFontName=_FONT).build([
        Paragraph("নমুনা ইউনিয়ন পরিষদ", heading), Paragraph("সনদপত্র (নমুনা)", heading), Spacer(1, 24),
        Paragraph(f"ট্র্যাকিং নম্বর: {tracking}", body), Paragraph(f"আবেদনকারী: {escape(applicant)}", body), Spacer(1, 12),
        Paragraph("এই মর্মে প্রত্যয়ন করা যাচ্ছে যে, আবেদনটি যথাযথ কর্তৃপক্ষ কর্তৃক অনুমোদিত হয়েছে। "
                  "এটি পরীক্ষামূলক পোর্টালের নমুনা; কোনো আইনগত মূল্য নেই।", body),
    ])
    return target.getvalue()
