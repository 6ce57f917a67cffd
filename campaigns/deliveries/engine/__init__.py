"""How what is due goes out: at most once, and never lost.

One delivery's way through the files here: `claiming` takes the row for one worker, under a lease and a fencing token;
`preparing` reads what it needs; `intending` asks everything that may stop it and writes down what is about to be done;
`sending` makes the call; `recording` writes down how it ended. `reaping` looks after what a worker left behind,
`looking` after what nobody knows the end of, `wishing` after edits and deletions, and `watching` after all of them.
`docs/delivery.md` says what is promised and which test shows it.
"""
