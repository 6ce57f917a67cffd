"""Reading circles. Everything that leaves this room passes the gate in `gate.py`."""
