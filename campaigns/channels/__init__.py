"""Networks and our seats on them: one folder per network, and the accounts that people connected.

A network is an adapter: what it needs to connect, its limits, and how to compose, send, find, edit and delete there. It
knows HTTP and the network's rules, not our database. An account is a row: settings, encrypted credentials, its zone,
its slots, and whether it works.
"""
