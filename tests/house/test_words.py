import re
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale, get_translations

from cms.core import words

ROOT = Path(__file__).parents[2]


def test_every_sentence_of_the_interface_is_written_in_chinese_too() -> None:
    assert words.missing(ROOT) == {}, "run `parley words --update` and write the empty ones"


def test_no_sentence_has_two_translations() -> None:
    assert words.contradictions(ROOT) == {}, "choose one, or say with `pgettext` what each of them means"


def test_chinese_has_its_own_punctuation_and_one_form_of_address() -> None:
    wrong = re.compile(r"你|帐号|[\u4e00-\u9fff][,;:!?]|[,;!?][\u4e00-\u9fff]")
    said = {text for room in words.ROOMS for _, text in words.translations(ROOT, room)}
    assert {text for text in said if any(map(wrong.search, _texts(text)))} == set()


def test_two_translations_of_a_sentence_are_found_unless_their_contexts_differ(tmp_path: Path) -> None:
    _write(tmp_path, "posts", 'msgid "Open"\nmsgstr "打开"\n\nmsgctxt "day"\nmsgid "Long"\nmsgstr "长"\n')
    _write(tmp_path, "links", 'msgid "Open"\nmsgstr "有效"\n\nmsgctxt "text"\nmsgid "Long"\nmsgstr "冗长"\n')
    assert words.contradictions(tmp_path) == {"Open": {"posts": "打开", "links": "有效"}}


def test_a_sentence_is_taken_over_from_the_room_that_translated_it(tmp_path: Path) -> None:
    _write(tmp_path, "links", 'msgid "Open"\nmsgstr "有效"\n')
    _write(tmp_path, "posts", 'msgid "Long"\nmsgstr "长"\n')
    for room in ("links", "posts"):
        folder = tmp_path / "templates" / words.home(room)
        folder.mkdir(parents=True)
        (folder / "list.html").write_text('{{ _("Open") }} {{ pgettext("day", "Long") }}')
    (tmp_path / "app.py").touch()
    words.update(tmp_path)
    assert dict(words.translations(tmp_path, "posts")) == {("Open", None): "有效", ("Long", "day"): ""}


@pytest.mark.parametrize("room", words.ROOMS)
def test_what_is_shown_is_what_the_room_wrote(room: str, app: Flask) -> None:
    with app.test_request_context(), force_locale("zh"):
        shown = {key: _shown(key) for key, _ in words.translations(ROOT, room)}
    assert shown == dict(words.translations(ROOT, room))


def _texts(said: words.Said) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else said


def _shown(key: words.Key) -> words.Said:
    said, context = key
    speaks = get_translations()
    if isinstance(said, str):
        return str(speaks.upgettext(context, said) if context else speaks.ugettext(said))
    one, many = said
    return (speaks.unpgettext(context, one, many, 2) if context else speaks.ungettext(one, many, 2),)


def _write(root: Path, room: str, text: str) -> None:
    path = words.catalogue_path(root, room)
    path.parent.mkdir(parents=True)
    path.write_text(text)
