"""What people are told: on the desk and by mail, as each of them chose. Never to whom did it, never twice, and never
about what they may not see."""
