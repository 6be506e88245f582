"""How many enquiries one network, one address or one telephone number may send."""

from config.limits import Limits

LIMITS = Limits("enquiries", network=((12, 10 * 60), (60, 24 * 3600)), person=((4, 10 * 60), (10, 24 * 3600)))
