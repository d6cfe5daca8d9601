"""A form with every kind of question."""

from __future__ import annotations

EVERYTHING = """
| survey |  |  |  |  |  |  |  |
|  | type | name | label::বাংলা (bn) | label::English (en) | required | appearance | constraint |
|  | note | hello | পড়ে শোনান | Read out |  |  |  |
|  | text | name | নাম | Name | yes |  |  |
|  | integer | age | বয়স | Age |  |  | . > 0 |
|  | date | born | জন্ম | Born |  |  |  |
|  | select_one fruit | one | একটি | One |  | minimal |  |
|  | select_one fruit | few | অল্প কয়েকটির একটি | One of a few |  |  |  |
|  | select_multiple fruit | many | কয়েকটি | Many |  |  |  |
|  | rank fruit | order | ক্রম | Order |  |  |  |
|  | acknowledge | seen | দেখা | Seen |  |  |  |
|  | image | photo | ছবি | Photo |  | photo300 |  |
|  | image | sign | স্বাক্ষর | Signature |  | signature |  |
|  | file | deed | দলিল | Deed |  |  |  |
|  | audio | voice | কণ্ঠ | Voice |  |  |  |
|  | time | at | সময় | Time |  |  |  |
|  | dateTime | moment | কখন | When |  |  |  |
|  | date | month | মাস | Month |  | month-year |  |
|  | geopoint | where | কোথায় | Where |  |  |  |
|  | barcode | code | বারকোড | Barcode |  |  |  |
|  | text | nid | এনআইডি | NID |  |  |  |
|  | text | mobile | মোবাইল | Mobile |  |  |  |
|  | begin_repeat | child | সন্তান | Children |  |  |  |
|  | text | name | নাম | Name |  |  |  |
|  | end_repeat |  |  |  |  |  |  |
| choices |  |  |  |  |
|  | list_name | name | label::বাংলা (bn) | label::English (en) |
|  | fruit | mango | আম | Mango |
|  | fruit | jack | কাঁঠাল | Jackfruit |
|  | fruit | lychee | লিচু | Lychee |
| settings |  |  |  |  |
|  | form_title | form_id | version | default_language |
|  | সব | everything | 1 | বাংলা (bn) |
"""
