"""Reading what came in: the board, one application, its reviews, and who reviews against what."""
