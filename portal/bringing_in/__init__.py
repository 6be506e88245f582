"""Bringing in people, pairs and sessions from a table: read first, said row by row, saved all together or not at all.

docs/decisions/0014 says why. `columns` is what a table holds, `reading` how a file becomes rows, `checking` what each
row would do, `saving` the one transaction, `working` the queue.
"""
