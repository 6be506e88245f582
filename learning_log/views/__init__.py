"""The pages of a log. Whoever may not read an entry gets 404; who may read but not write it, 403."""
