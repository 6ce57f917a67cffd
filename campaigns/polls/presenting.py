"""Questions as the API tells them, field by field."""

from campaigns.polls import models, queries, schemas
from cms.core.pages import absolute

_SAME = "id kind question asks_audience shows_results created_at ended_at".split()
_OF_NPS = "promoters passives detractors score low high".split()


def poll(one: models.Poll) -> schemas.Poll:
    """A question. Needs its choices."""
    return schemas.Poll.model_validate(
        {
            **{name: getattr(one, name) for name in _SAME},
            "post": one.post_id,
            "campaign": one.campaign_id,
            "url": absolute(f"/polls/{one.id}"),
            "choices": [{"id": choice.id, "label": choice.label} for choice in one.choices],
        }
    )


def results(one: models.Poll, found: queries.Results) -> schemas.PollResults:
    """What was answered so far."""
    is_choice = one.kind == "choice"
    return schemas.PollResults(
        answers=found.answers,
        left_out=found.left_out,
        parts=[
            schemas.PollPart(
                choice=key if is_choice else None, score=None if is_choice else key, **vars(part)
            )
            for key, part in found.parts.items()
        ],
        nps=schemas.PollNPS(**{name: getattr(found.nps, name) for name in _OF_NPS}) if found.nps else None,
        audiences=found.audiences,
    )
