"""A form with pictures: of a group, a question, a hint-like note, of choices of every kind; one file is missing."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

PICTURED = """
| survey |  |  |  |  |  |  |  |  |
|  | type | name | label::BN | label::EN | image::BN | image::EN | big-image | audio | appearance |
|  | begin_group | field | ফসলের মাঠ | The field | field.png | field.png |  |  |  |
|  | note | read | পড়ে শোনান: **জমি** ও _ফসল_ | Read out: **land** and _crop_ |  |  |  | read.mp3 |  |
|  | text | plot | দাগ নম্বর | Plot number | plot_bn.png | plot_en.png | plot_big.png |  |  |
|  | text | lost | খতিয়ান নম্বর | Khatian number | gone.png | gone.png |  |  |  |
|  | end_group |  |  |  |  |  |  |  |  |
|  | select_one crop | main | প্রধান ফসল | Main crop |  |  |  |  |  |
|  | select_one crop | second | দ্বিতীয় ফসল | Second crop |  |  |  |  | minimal |
|  | select_multiple crop | others | অন্য ফসল | Other crops |  |  |  |  |  |
|  | rank crop | order | দাম অনুযায়ী ক্রম | Order by price |  |  |  |  |  |
|  | select_one sure | sure | নিশ্চিত? | Sure? |  |  |  |  |  |
|  | select_multiple sure | sures | যা যা সত্য | What is true |  |  |  |  |  |
|  | select_one sure | picked | একটি বাছুন | Pick one |  |  |  |  | minimal |
| choices |  |  |  |  |  |
|  | list_name | name | label::BN | label::EN | image::BN | image::EN |
|  | crop | rice | ধান (আউশ, আমন ও বোরো মৌসুমের) | Rice (of the aus, aman and boro seasons) | rice.png | rice.png |
|  | crop | jute | **পাট** | **Jute** | jute.png | jute.png |
|  | crop | wheat | গম | Wheat | wheat.png | wheat.png |
|  | crop | potato | আলু | Potato | lost.png | lost.png |
|  | crop | onion | পেঁয়াজ | Onion |  |  |
|  | crop | mango | আম | Mango | broken.png | broken.png |
|  | sure | yes | <span style="color:green">হ্যাঁ</span>, *পুরোপুরি* | <span style="color:green">Yes</span>, *wholly* |  |  |
|  | sure | no | <span style="color:red">না</span> | <span style="color:red">No</span> |  |  |
|  | sure | maybe | জানি না | I don't know |  |  |
| settings |  |  |  |  |
|  | form_title | form_id | version | default_language |
|  | ছবিসহ | pictured | 1 | বাংলা (bn) |
""".replace("::BN", "::বাংলা (bn)").replace("::EN", "::English (en)")


def picture(colour: str, size: tuple[int, int] = (400, 240), text: str = "") -> bytes:
    """A plain picture with a cross and a word in it."""
    made = Image.new("RGB", size, colour)
    pen = ImageDraw.Draw(made)
    pen.line((0, 0, *size), fill="white", width=6)
    pen.line((0, size[1], size[0], 0), fill="white", width=6)
    pen.text((10, 10), text, fill="white")
    target = io.BytesIO()
    made.save(target, "PNG")
    return target.getvalue()


FILES = {
    "field.png": picture("#4b7f3a", (1200, 300), "field"), "plot_bn.png": picture("#355c8a", text="bn"),
    "plot_en.png": picture("#8a3557", text="en"), "plot_big.png": picture("#355c8a", (1600, 1000), "big"),
    "rice.png": picture("#c9a227"), "jute.png": picture("#7a6a3a", (200, 400)), "wheat.png": picture("#d18f2f"),
    "broken.png": picture("#000000")[:60],
}
