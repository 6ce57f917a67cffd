"""Tracked short links: one for each delivery, minted by us, with its UTM values locked.

`/l/CODE` answers 302 with `no-store` to an address that was checked when the link was made. Links are the thread that
ties what happened elsewhere to the campaign, post and account it came from.
"""
