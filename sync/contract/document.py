"""The contract as it is written (openapi.yaml), and what it says of each operation, as checks."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml
from jsonschema_rs import Draft202012Validator

_FILE = Path(__file__).with_name("openapi.yaml")
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, with its references followed as far as parameters and bodies."""

    path: str  # with {names} in it
    method: str
    said: Mapping[str, Any]
    parameters: list[Mapping[str, Any]]


@functools.cache
def contract() -> dict[str, Any]:
    """The document."""
    with _FILE.open(encoding="utf-8") as text:
        return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # type: ignore[no-any-return]


def followed(node: Any) -> Any:
    """`node`, or what it refers to."""
    while isinstance(node, dict) and "$ref" in node:
        found: Any = contract()
        for name in node["$ref"].removeprefix("#/").split("/"):
            found = found[unquote(name).replace("~1", "/")]
        node = found
    return node


def operations() -> Iterator[Operation]:
    """Every operation of the contract."""
    for path, written_so in contract()["paths"].items():
        item = followed(written_so)
        for method in _METHODS:
            if method in item:
                named = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                yield Operation(path, method.upper(), item[method], [followed(one) for one in named])


def written(rule: str) -> str:
    """The path as the contract writes what is `rule` in the sandbox's routes."""
    return rule.replace("<", "{").replace(">", "}")


def check(schema: Mapping[str, Any]) -> Draft202012Validator:
    """A schema of the contract, ready to be asked whether something fits; it tells what is wrong without saying it."""
    return Draft202012Validator({"components": contract()["components"], "allOf": [schema]}, mask="it")


def body_schema(operation: Operation) -> Mapping[str, Any] | None:
    """Of the JSON that it takes; None where it takes none."""
    content = followed(operation.said.get("requestBody", {})).get("content", {})
    found: Mapping[str, Any] | None = content.get("application/json", {}).get("schema")
    return found


def parameters_schema(operation: Operation, place: str) -> Mapping[str, Any]:
    """Of all that it takes in one place (path, query, header), as one object."""
    here = [one for one in operation.parameters if one["in"] == place]
    return {
        "type": "object", "properties": {one["name"]: one["schema"] for one in here},
        "required": [one["name"] for one in here if one.get("required")],
    }
