"""How many comments one network, or one address, may send."""

from config.limits import Limits

LIMITS = Limits("comments", network=((12, 10 * 60), (100, 24 * 3600)), person=((5, 10 * 60),))
