"""Deliveries as the API takes and tells them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cms.api.schemas.base import Asked, Number, PageAsked, Time, Told, _
from cms.api.schemas.posts import MOMENT

Zone = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_+/-]+$")]
At = Annotated[str, StringConstraints(max_length=40, pattern=rf"^(now|slot|publication)$|{MOMENT}")]
State = Literal[
    "waiting", "scheduled", "sending", "finishing", "sent", "refused", "unsure", "missed", "held", "by_hand", "cancelled"
]  # fmt: skip


class DeliveryTime(Asked):
    """When a delivery goes out."""

    at: At = Field(
        description=_(
            "A moment with its offset, or what the clock shows in that zone, such as 2026-12-01T09:30; or now, slot (the "
            "next free place in the account's queue) or publication (with the post)."
        )
    )
    zone: Zone | None = Field(
        None, description=_("The time zone of “at”, such as Asia/Shanghai; the account's own unless told.")
    )
    ignores_quiet: bool = Field(False, description=_("Also in the quiet hours of the account."))


class DeliveryPicture(Asked):
    """A picture of the library."""

    id: Number = Field(description=_("Its number."))
    alt: str | None = Field(
        None, max_length=4000, description=_("What it shows; what the library says unless told.")
    )


class NewDelivery(DeliveryTime):
    """One post to one account."""

    account: Number = Field(description=_("The number of the account."))
    text: str | None = Field(
        None,
        min_length=1,
        max_length=100_000,
        description=_("What this account says instead of the original; {link} stands for the tracked link."),
    )
    body: str | None = Field(
        None,
        min_length=1,
        max_length=400_000,
        description=_(
            "The article that this account carries instead of the post's own, where its network carries whole articles; in "
            "the post's format, with {link} for the tracked link."
        ),
    )
    media: list[DeliveryPicture] | None = Field(
        None, max_length=60, description=_("Its pictures, in order; those of the original unless told.")
    )
    again: bool = Field(False, description=_("Also when this post went to this account before."))


class DeliveriesAsked(PageAsked):
    """Which deliveries."""


class Delivery(Told):
    """One post to one account at one time."""

    id: int = Field(description=_("Its number, for good."))
    post: int | None = Field(description=_("The number of the post; null when that was removed for good."))
    title: str = Field(description=_("What the post was called when this was planned."))
    account: int = Field(description=_("The number of the account."))
    channel: str = Field(description=_("The key of its network."))
    campaign: str | None = Field(description=_("The slug of the campaign it was planned for, or null."))
    state: State = Field(description=_("Where it stands; docs/delivery.md says what each means."))
    code: str = Field(description=_("What went wrong, for programs; empty when nothing did."))
    reason: str = Field(description=_("What went wrong, in the network's own words where it has any."))
    occurrence: int = Field(description=_("1 for the first time this post goes to this account."))
    planned_at: Time | None = Field(
        description=_("The moment that is meant; null while it waits for its post.")
    )
    wall: str | None = Field(description=_("The same as it was given: what the clock in “zone” shows."))
    zone: str | None = Field(description=_("The time zone it was given in."))
    sent_at: Time | None = Field(description=_("When it went out; null while it did not."))
    url: str = Field(description=_("Where it stands at the network; empty where that is not known."))
    remote_id: str = Field(description=_("What the network calls it."))
    is_draft: bool = Field(description=_("Whether it waits there for a person to publish it."))
    deleted_at: Time | None = Field(description=_("When it was taken away there; null while it stands."))
    link: str | None = Field(description=_("Its tracked link."))
    attempts: int = Field(description=_("How often it was tried."))
    version: int = Field(description=_("Grows with everything that people decide about it."))


class DeliveryList(Told):
    """One page of deliveries, the last planned first."""

    items: list[Delivery] = Field(description=_("The deliveries."))
    next: str | None = Field(description=_("The cursor of the next page; null at the end."))
