"""One calendar of everything that has a time. It knows days and people, not posts: each room offers its own entries
through a `Source`, and `wiring.py` writes the list of sources out."""
