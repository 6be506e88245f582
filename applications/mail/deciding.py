"""Mail about decisions and offers."""
