from datetime import UTC, datetime

from comments import checks
from config.limits import network_of


def test_a_check_that_breaks_is_itself_a_reason():
    """`seconds` of a kind nothing can compare stands for any fault in a check."""
    found = checks.held_reasons(
        text="",
        name="",
        role="",
        organisation="",
        hidden_field="",
        seconds=None,
        at=datetime(2026, 11, 22, tzinfo=UTC),
    )

    assert found == ["not_checked"]


def test_a_network_is_a_slash_24_or_48(rf):
    addresses = [
        "198.51.100.7",
        "198.51.100.200",
        "2001:db8:1:2::3",
        "2001:db8:1:ffff::9",
        "::ffff:198.51.100.9",
        "",
        "x",
    ]

    assert [network_of(rf.get("/", REMOTE_ADDR=address)) for address in addresses] == [
        "198.51.100.0/24",
        "198.51.100.0/24",
        "2001:db8:1::/48",
        "2001:db8:1::/48",
        "198.51.100.0/24",
        "unknown",
        "unknown",
    ]


def test_only_trusted_proxies_are_believed(rf, settings):
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.5")

    settings.TRUSTED_PROXY_COUNT = 0
    alone = network_of(request)
    settings.TRUSTED_PROXY_COUNT = 1

    assert (alone, network_of(request)) == ("192.0.2.0/24", "203.0.113.0/24")
