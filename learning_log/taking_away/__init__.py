"""What somebody takes away from the log: a `Book` as PDF, Word, one web page, or data.

Nothing here asks the database, the clock or a request: what may be in a book is decided before it is made.
"""
