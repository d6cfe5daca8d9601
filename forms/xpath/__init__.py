"""XPath 1.0 with ODK's functions and dates, compiled once and evaluated often. Knows nothing of forms."""

from __future__ import annotations

from forms.xpath.expression import Expression, compile_expression
from forms.xpath.lexer import BadExpression
from forms.xpath.scope import Names, Run, World

__all__ = ["BadExpression", "Expression", "Names", "Run", "World", "compile_expression"]
