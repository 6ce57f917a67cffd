"""What stands above the text of a Markdown file: YAML, TOML or JSON, in the words of a dozen programs."""

import json
import re
import tomllib
from collections.abc import Hashable, Mapping
from datetime import date, datetime
from typing import Any

import yaml

from cms.core.text import strip_control

LONGEST = 64_000  # characters
_YAML = re.compile(r"\ufeff?---[ \t]*\n(.*?)\n?(?:---|\.\.\.)[ \t]*(?:\n|$)", re.S)
_TOML = re.compile(r"\ufeff?\+\+\+[ \t]*\n(.*?)\n?\+\+\+[ \t]*(?:\n|$)", re.S)


class BadFrontMatter(ValueError):
    """The lines above the text cannot be understood."""


class _Loader(yaml.SafeLoader):
    """Safe YAML without aliases (the bombs of YAML) that leaves odd keys alone."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise BadFrontMatter("aliases are not read")
        return super().compose_node(parent, index)

    def construct_yaml_timestamp(self, node: Any) -> Any:
        """What looks like a date and is none (0000-00-00) stays a text."""
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            return str(node.value)


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)


def split(text: str) -> tuple[dict[str, Any], str]:
    """The fields, with lower-case names, and the text below them. Raises `BadFrontMatter`."""
    for pattern, read in ((_YAML, _yaml), (_TOML, tomllib.loads)):
        match = pattern.match(text)
        if match:
            return _fields(read, match[1]), text[match.end() :]
    if text.lstrip("\ufeff").startswith("{\n"):
        try:
            fields, end = json.JSONDecoder().raw_decode(text.lstrip("\ufeff"))
        except (ValueError, RecursionError):
            return {}, text
        return _fields(lambda _: fields, ""), text.lstrip("\ufeff")[end:]
    return {}, text.lstrip("\ufeff")


def _yaml(text: str) -> object:
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, made stricter


def _fields(read: Any, text: str) -> dict[str, Any]:
    if len(text) > LONGEST:
        raise BadFrontMatter("longer than 64,000 characters")
    try:
        fields = read(text)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError, TypeError) as error:
        raise BadFrontMatter(str(error).partition("\n")[0]) from error
    if fields is None:
        return {}
    if not isinstance(fields, Mapping):
        raise BadFrontMatter("not a list of fields")
    merged = {
        **fields,
        **_nested(fields, "params"),
        **_nested(fields, "taxonomies"),
        **_nested(fields, "extra"),
    }
    return {str(key).lower(): value for key, value in merged.items() if isinstance(key, Hashable)}


def _nested(fields: Mapping[Any, Any], name: str) -> Mapping[Any, Any]:
    """Hugo and Zola keep some fields one level down."""
    value = fields.get(name)
    return value if isinstance(value, Mapping) else {}


def text_of(fields: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that holds words."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, Mapping):
            value = next(
                (value[key] for key in ("src", "url", "image", "path", "relative", "name") if key in value),
                None,
            )
        if isinstance(value, list) and value and name in ("image", "images", "cover", "resources"):
            value = value[0]
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            return strip_control(str(value)).strip()
    return ""


def moment_of(fields: Mapping[str, Any], *names: str) -> date | datetime | str | None:
    """The first of these fields that holds a date, in the form the file had."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, date | str) and value:
            return value
    return None


def words_of(fields: Mapping[str, Any], *names: str) -> list[str]:
    """All words of these fields: lists, or one text parted by commas (or, without any, one word)."""
    found: list[str] = []
    for name in names:
        value = fields.get(name)
        if isinstance(value, str):
            value = value.split(",")
        for one in value if isinstance(value, list) else []:
            if isinstance(one, Mapping):
                one = one.get("name") or one.get("title")
            if isinstance(one, str | int | float | date):
                found.append(strip_control(str(one)).strip().lstrip("#"))
    return list(dict.fromkeys(filter(None, found)))
