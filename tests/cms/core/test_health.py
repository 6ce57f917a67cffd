from flask.testing import FlaskClient


def test_a_live_and_migrated_instance_is_ready(client: FlaskClient) -> None:
    assert client.get("/health/live").text == "live\n"
    assert client.get("/health/ready").text == "ready\n"


def test_an_unknown_address_is_404(client: FlaskClient) -> None:
    assert client.get("/no/such/page").status_code == 404
