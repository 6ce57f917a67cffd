import pytest

from cms.core.logs import redact
from cms.core.secrets import new_token


@pytest.mark.parametrize(
    "path", ["/password/{}", "/zh/sign-up/{}", "unexpected failure at /invitations/{} twice"]
)
def test_a_one_time_link_in_an_address_is_struck_out(path: str) -> None:
    token = new_token()
    assert redact(None, "", {"event": path.format(token)}) == {"event": path.format("***")}


def test_an_ordinary_address_stays_readable() -> None:
    event = {"event": "unexpected failure at /posts/a-long-slug-about-the-spring-festival-in-town-2026"}
    assert redact(None, "", dict(event)) == event
