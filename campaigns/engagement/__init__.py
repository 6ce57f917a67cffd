"""What readers did: a line for each thing that happened, written while the reader waits, and added up afterwards.

The way of a view: script on the page → `gate` → a line in this process's `spool` → `collector` → `store`. The gate asks
no database. The collector classifies and writes what happened, what it adds up to and how far it has read in one
transaction, so that nothing is lost or counted twice when a process is killed.
"""
