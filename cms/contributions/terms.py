"""What a writer is asked to agree to unless the editor writes something else: one text for each language."""

from cms.core.languages import localized

RIGHTS = {
    "en": (
        "I wrote this text and have the right to give it away; where I quote others or use their pictures, I say so.\n\n"
        "I allow the publisher to edit the text with my approval, to publish it on this site, in its feeds and "
        "newsletters and on its social accounts, to translate it, and to keep it there without a time limit. I keep the "
        "copyright and may publish the text elsewhere.\n\n"
        "My name and the profile I approve are shown with it. I may ask at any time that mistakes be corrected."
    ),
    "zh": (
        "本文由我撰写，我有权提供；引用他人文字或使用他人图片之处均已注明。\n\n"
        "我允许发布方在征得我同意后编辑本文，并在本站、订阅源、邮件通讯和社交账号上发布、翻译并长期保留。"
        "著作权仍归我所有，我可以在别处发表本文。\n\n"
        "发布时署我的名字，并附上经我确认的个人简介。我可以随时要求更正错误。"
    ),
}


def rights_text(locale: str) -> str:
    """The usual text in this language."""
    return localized(RIGHTS, locale)
