"""Telling staff from readers without asking who they are: a browser that was at the desk carries a mark.

The mark says nothing else and belongs to nobody; readers never get one, and public pages set no cookie.
"""

from flask import Flask, Response, request

from campaigns.engagement.clients import DESK_COOKIE
from cms.core.access import person
from cms.core.pages import config

LASTS = 90 * 86400  # seconds


def install(app: Flask) -> None:
    """Mark browsers at the desk."""

    @app.after_request
    def mark(response: Response) -> Response:
        if not request.path.startswith("/desk") or DESK_COOKIE in request.cookies:
            return response
        by = person()
        if by is not None and by.is_staff:
            response.set_cookie(
                DESK_COOKIE,
                "1",
                max_age=LASTS,
                httponly=True,
                samesite="Lax",
                secure=config().base_url.startswith("https://"),
            )
        return response
