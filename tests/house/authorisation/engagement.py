"""Who may use the pages of engagement."""

from tests.house.authorisation import everyone

ROWS = {
    "engagement.show_definitions GET": everyone("/what-we-count"),
}
