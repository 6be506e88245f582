"""The demo people, as the terminal shows them (DESIGN §5)."""

SIGN_INS = [
    ("manager@demo.test", "programme manager: cohorts, pairs, sessions, reports"),
    ("facilitator@demo.test", "facilitator: reads what pairs chose to share"),
    ("moderator@demo.test", "moderator: decides what the public may read under a guide"),
    ("finance@demo.test", "finance officer: payments and expenses"),
    ("evaluator@demo.test", "evaluator: counts and charts"),
    ("reviewer@demo.test", "reviewer: scores the applications of one cohort"),
    ("professional@demo.test", "professional, in a pair with partner@demo.test"),
    ("partner@demo.test", "patient partner, in that pair"),
    ("professional2@demo.test", "professional, in a pair with partner2@demo.test"),
    ("partner2@demo.test", "patient partner, in that pair"),
    ("professional3@demo.test", "professional in another cohort, with partner3@demo.test"),
    ("partner3@demo.test", "patient partner, in that pair"),
    ("supporter@demo.test", "supporter, acting for someone who asked"),
    ("seeker@demo.test", "applicant who is looking for a partner"),
    ("admin@demo.test", "superuser, for /admin/"),
]


def as_lines(address: str, password: str) -> list[str]:
    width = max(len(email) for email, _ in SIGN_INS)
    people = [f"    {email:<{width}}  {who}" for email, who in SIGN_INS]
    return ["", f"  Alongside is ready: {address}", "", f"  Sign in as (password: {password})", *people, ""]
