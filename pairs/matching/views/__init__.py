"""The pages of matching: the team's table, what was asked, and the two people's own page."""
