"""A lawyer from outside who is named in a review answers it by link."""

import pytest
from sqlalchemy import select

from cms.contributions import services
from cms.core.database import db, transaction
from cms.reviews import services as review
from cms.reviews.models import Decision
from tests.cms.contributions.invited import ask, latest_hash
from tests.conftest import NOW
from tests.factories import make_post, make_section, nadia

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize(("decision", "verdict"), [("approved", "approved"), ("refused", "changes")])
def test_their_answer_is_the_answer_of_the_step(decision: str, verdict: str) -> None:
    editor, section = nadia(), make_section()
    post = make_post("Ice on the line", publish=False, section=section, by=editor)
    one, _ = ask(post, purpose="approve", name="Bo Lawyer", by=editor)
    one_id, post_id, section_id, lawyer_id = one.id, post.id, section.id, one.person_id
    step = review.PlannedStep(name={"en": "Legal"}, people=(lawyer_id,))
    with transaction():
        review.set_plan(section_id, [step], by=editor, at=NOW)
    with transaction():
        review.submit_post(post_id, words="", by=editor, at=NOW)
    with transaction():
        services.decide(one_id, decision=decision, about=latest_hash(post_id), words="Page two.", at=NOW)
    said = db.session.execute(select(Decision.person_id, Decision.verdict, Decision.words)).all()
    assert [tuple(one) for one in said] == [(lawyer_id, verdict, "Page two.")]
