"""Interest in taking part, in a programme of one’s own, and questions: each with an owner and a dated next step."""
