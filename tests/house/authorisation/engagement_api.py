"""What readers did, in the API, by a token with every scope: everybody at the desk."""

from tests.house.authorisation import only

ROWS = {
    "engagement_api.read_engagement GET": only(
        "author", "editor", "manager", "admin", at="/api/v1/engagement?post=1"
    ),
}
