"""Every change to an enquiry. The public sends one; managers do the rest. `at` left out is now."""
