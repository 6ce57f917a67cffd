"""Articles of a WeChat Official Account (微信公众号).

Most accounts may not publish by an interface: what we leave there is a draft, and a person looks at it once more and sends
it to the followers. Where the account may, the draft is published (which does not tell the followers). Every call is
looked up before it would be made again: drafts and articles by our own link in `content_source_url`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from campaigns.channels import answers
from campaigns.channels.adapter import (
    Adapter,
    Before,
    CannotTell,
    Data,
    Disconnected,
    Done,
    Field,
    Found,
    Identity,
    Later,
    Missing,
    Outcome,
    Paused,
    Pending,
    Refused,
    Seat,
    Sent,
    Step,
    Told,
)
from campaigns.channels.composing import article_draft
from campaigns.channels.http import Lost
from campaigns.channels.messages import Draft, Limits, Message, Picture, Story
from campaigns.channels.robots import told
from campaigns.channels.wechat.article import (
    CONTENT,
    DIGEST,
    PICTURE,
    TITLE,
    article,
    cover,
    inside,
    refused_by_rule,
)
from campaigns.channels.wechat.article import COVER as COVER_KEY
from campaigns.channels.wechat.calls import Calls, NoToken
from campaigns.channels.wechat.figures import day_of, reads_of
from campaigns.channels.wechat.meaning import (
    BY_HAND,
    NO_SUCH_ARTICLE,
    NO_SUCH_MEDIA,
    NOT_GRANTED,
    meaning,
    number,
    said,
)

BASE = "https://api.weixin.qq.com"
COVER = Step(COVER_KEY)
DRAFT = Step("draft", publishes=True)  # a second one would be sent by hand like the first
PUBLISH = Step("publish", publishes=True)
SOON = 10.0  # seconds between two questions whether an article is published
LATER = 60.0  # the same, when we are not let in
PAGE = 20
_PAGES = 5  # of drafts or articles that we read to find one
_PUBLISHING = 1


class WeChat(Adapter):
    """Pictures, the cover, a draft; and then, where the account publishes, the article."""

    key = "wechat"
    name = _("WeChat Official Account")
    icon = "column"
    fields = (
        Field("appid", _("AppID"), _("Of the official account. It begins with wx.")),
        Field("secret", _("AppSecret"), kind="secret"),
        Field("author", _("Author"), _("Where a story names none, up to 16 characters."), is_required=False),
        Field(
            "opens_comments",
            _("Readers may comment"),
            _("Where the account has comments."),
            "yes",
            is_required=False,
        ),
        Field(
            "base",
            _("Where its addresses begin"),
            _("Only for an installation of your own. Leave it as it is for the public service."),
            kind="url",
            is_required=False,
            default=BASE,
            is_advanced=True,
        ),
    )
    guide = (
        _("Open mp.weixin.qq.com, and in its settings for developers copy the AppID and make an AppSecret."),
        _("Put the public address of this server on its list of allowed addresses."),
        _("Choose drafts, unless your account is verified and has the right to publish by interface."),
    )
    base_limits = Limits(
        text=CONTENT - 1,
        counter="characters",
        title=TITLE,
        summary=DIGEST,
        carries_html=True,
        pictures=20,
        picture_bytes=1_000_000,
    )
    can_edit = True
    can_delete = True
    can_find = True
    can_draft = True
    usual_mode = "draft"
    seconds = 40.0
    counts = ("reads",)

    def connect(self, seat: Seat) -> Identity:
        """Whether we may leave drafts, and whether we might publish."""
        calls = self._calls(seat)
        try:
            token, _ends = calls.new_token()
            reply = calls.ask_with(token, "/cgi-bin/draft/count")
            if "total_count" not in reply.json:
                raise Disconnected(_("WeChat answered: %(said)s", said=said(reply)), "appid")
            listed = calls.ask_with(token, "/cgi-bin/freepublish/batchget", _page(0))
        except NoToken as problem:
            raise Disconnected(str(problem), "secret") from problem
        except Lost as problem:
            raise Disconnected(problem.reason, "base") from problem
        note = _("This account may not publish by interface: we leave drafts, and a person sends them.")
        appid = str(seat.settings["appid"]).strip()
        return Identity(remote_id=appid, name=appid, notes=(note,) if number(listed) == NOT_GRANTED else ())

    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        """The whole story."""
        return article_draft(story, limits)

    def objection(self, message: Message, settings: Mapping[str, Any], limits: Limits) -> Refused | None:
        """An article without a cover, or too long in one of its fields."""
        return refused_by_rule(message)

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """Pictures may be uploaded again; the draft and the article are made once."""
        return (*(Step(f"{PICTURE}{one.media_id}") for one in inside(message)), COVER, DRAFT, PUBLISH)

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        """One call; where only drafts are left, the last step has nothing to do."""
        refusal = refused_by_rule(message)
        if refusal:
            return refusal
        try:
            if step == DRAFT:
                return self._add(message, seat, before)
            if step == PUBLISH:
                return self._publish(seat, before)
            return self._upload(step, message, seat)
        except NoToken as problem:
            return problem.outcome
        except Lost as problem:
            return answers.lost(problem, publishes=step.publishes)

    def find(self, step: Step, message: Message, seat: Seat, before: Before) -> Found:
        """By our link. A draft that is not there was not made; an article that is not there may be on its way."""
        try:
            if step == DRAFT:
                listed = self._listed(seat, "/cgi-bin/draft/batchget", message)
                if listed is None:
                    return CannotTell()
                return Done({"media_id": listed["media_id"]}) if listed else Missing()
            if seat.mode == "draft":
                return _left(before)
            listed = self._listed(seat, "/cgi-bin/freepublish/batchget", message)
        except NoToken as problem:
            return CannotTell(str(problem))
        except Lost as problem:
            return CannotTell(problem.reason)
        return _published(seat, listed["article_id"], _url(listed), before) if listed else CannotTell()

    def edit(self, message: Message, seat: Seat, remote: Data) -> Outcome:
        """A draft becomes another; what is published stays as it is."""
        if not remote.get("draft"):
            return Refused(gettext("WeChat does not let published articles be changed."), code="published")
        refusal = refused_by_rule(message)
        if refusal:
            return refusal
        try:
            made: dict[str, Data] = {}
            for step in self.steps(message, seat.settings)[:-2]:
                outcome = self._upload(step, message, seat)
                if not isinstance(outcome, Done):
                    return outcome
                made[step.key] = outcome.data
            body = {
                "media_id": remote["draft"],
                "index": 0,
                "articles": article(message, made, seat.settings),
            }
            reply = self._calls(seat).ask("/cgi-bin/draft/update", body)
        except NoToken as problem:
            return problem.outcome
        except Lost as problem:
            return Later(problem.reason, code="unreachable")  # the same again changes nothing
        if number(reply) == 0 and reply.json.get("errmsg") == "ok":
            return _left({DRAFT.key: {"media_id": remote["draft"]}})
        if number(reply) == NO_SUCH_MEDIA:
            return Refused(
                gettext("It is no longer among the drafts: somebody sent it or took it away."), code="gone"
            )
        return meaning(reply, now=seat.now(), publishes=False)

    def delete(self, seat: Seat, remote: Data) -> Outcome:
        """The draft, or the article, which cannot be brought back."""
        draft = remote.get("draft")
        path = "/cgi-bin/draft/delete" if draft else "/cgi-bin/freepublish/delete"
        body = {"media_id": draft} if draft else {"article_id": remote["remote_id"], "index": 0}
        try:
            reply = self._calls(seat).ask(path, body)
        except NoToken as problem:
            return problem.outcome
        except Lost as problem:
            return Later(problem.reason, code="unreachable")
        if number(reply) in (NO_SUCH_MEDIA, NO_SUCH_ARTICLE) or reply.json.get("errmsg") == "ok":
            return Done()
        return meaning(reply, now=seat.now(), publishes=False)

    def metrics(self, seat: Seat, remotes: Sequence[Data]) -> Told | Later | Paused:
        """How many people read each article, until yesterday. Of a draft that a person sent, we do not know which it is."""
        known = [one for one in remotes if one.get("msg_data_id") and one.get("published_on")]
        try:
            reads = reads_of(
                self._calls(seat), sorted({str(one["published_on"]) for one in known}), now=seat.now()
            )
        except NoToken as problem:
            return answers.untold(problem.outcome)
        except Lost as problem:
            return Later(problem.reason, code="unreachable")
        if not isinstance(reads, Mapping):
            return reads
        names = {str(one["remote_id"]): f"{one['msg_data_id']}_1" for one in known}
        return {id: {"reads": reads[name]} for id, name in names.items() if name in reads}

    def _upload(self, step: Step, message: Message, seat: Seat) -> Outcome:
        calls = self._calls(seat)
        if step == COVER:
            shown = cover(message)
            assert shown is not None
            path, field, query = "/cgi-bin/material/add_material", "media_id", {"type": "image"}
        else:
            shown = next(one for one in inside(message) if step.key == f"{PICTURE}{one.media_id}")
            path, field, query = "/cgi-bin/media/uploadimg", "url", {}
        reply = calls.ask(path, files=[_file(shown, seat)], query=query)
        found = reply.json.get(field)
        return Done({field: found}) if found else meaning(reply, now=seat.now(), publishes=False)

    def _add(self, message: Message, seat: Seat, before: Before) -> Outcome:
        body = {"articles": [article(message, before, seat.settings)]}
        reply = self._calls(seat).ask("/cgi-bin/draft/add", body)
        id = reply.json.get("media_id")
        return Done({"media_id": id}) if id else meaning(reply, now=seat.now(), publishes=True)

    def _publish(self, seat: Seat, before: Before) -> Outcome:
        """Ask for it, and then whether it is done. What a person has to do there stays a draft."""
        if seat.mode == "draft":
            return _left(before)
        asked = before.get(PUBLISH.key, {})
        if asked.get("publish_id"):
            return self._is_published(seat, asked, before)
        reply = self._calls(seat).ask(
            "/cgi-bin/freepublish/submit", {"media_id": before[DRAFT.key]["media_id"]}
        )
        if reply.json.get("publish_id"):
            kept = {name: str(reply.json.get(name, "")) for name in ("publish_id", "msg_data_id")}
            return Pending(SOON, kept)
        if number(reply) in (NOT_GRANTED, *BY_HAND):
            return _left(before)
        return meaning(reply, now=seat.now(), publishes=True)

    def _is_published(self, seat: Seat, asked: Data, before: Before) -> Outcome:
        """Asking is safe: whatever goes wrong with it, we ask again."""
        try:
            reply = self._calls(seat).ask("/cgi-bin/freepublish/get", {"publish_id": asked["publish_id"]})
        except Lost:
            return Pending(SOON, asked)
        except NoToken:
            return Pending(LATER, asked)
        status = reply.json.get("publish_status")
        if status == 0:
            details = (reply.json.get("article_detail") or {}).get("item") or [{}]
            return _published(
                seat, str(reply.json.get("article_id", "")), str(details[0].get("article_url", "")), before
            )
        if status is None or status == _PUBLISHING:
            return Pending(SOON, asked)
        why = gettext(
            "WeChat did not publish it (status %(status)s). The reason is shown at its own site.",
            status=status,
        )
        return Refused(why, code=f"status_{status}")

    def _listed(self, seat: Seat, path: str, message: Message) -> Any:
        """What has our link and title, or {}; None where not all of them could be read."""
        for page in range(_PAGES):
            reply = self._calls(seat).ask(path, _page(page * PAGE))
            items = reply.json.get("item")
            if not isinstance(items, list):
                return {} if number(reply) == 0 and reply.json.get("total_count") == 0 else None
            for one in items:
                if _is_this(one, message):
                    return one
            if len(items) < PAGE:
                return {}
        return None

    def _calls(self, seat: Seat) -> Calls:
        return Calls(seat, told(self, seat.settings, "base").rstrip("/"))


def _left(before: Before) -> Sent:
    """A draft, which waits there for a person."""
    id = str(before[DRAFT.key]["media_id"])
    return Sent(remote_id=id, url="https://mp.weixin.qq.com/", data={"draft": id}, is_draft=True)


def _published(seat: Seat, id: str, url: str, before: Before) -> Sent:
    number = before.get(PUBLISH.key, {}).get("msg_data_id", "")
    return Sent(remote_id=id, url=url, data={"msg_data_id": number, "published_on": day_of(seat.now())})


def _page(offset: int) -> dict[str, int]:
    return {"offset": offset, "count": PAGE, "no_content": 1}


def _is_this(listed: Mapping[str, Any], message: Message) -> bool:
    articles = (listed.get("content") or {}).get("news_item") or []
    return any(
        one.get("content_source_url") == message.link and one.get("title") == message.title
        for one in articles
    )


def _url(listed: Mapping[str, Any]) -> str:
    return str(((listed.get("content") or {}).get("news_item") or [{}])[0].get("url", ""))


def _file(picture: Picture, seat: Seat) -> tuple[str, str, str, bytes]:
    return (
        "media",
        f"picture.{'jpg' if picture.mime == 'image/jpeg' else 'png'}",
        picture.mime,
        seat.read(picture),
    )
