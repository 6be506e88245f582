"""Whether a server answers, for the health checks of docker-compose.yml: `python -m config.probe URL`; exit 0 or 1."""

import http.client
import os
import socket
import sys
from urllib.parse import SplitResult, urlsplit

PATIENCE_SECONDS = 4.0


def is_well(url: SplitResult) -> bool:
    """http: answers 200 (asked under the site's own name: others are refused). smtp: greets."""
    host, port = url.hostname or "127.0.0.1", url.port or 80
    try:
        if url.scheme == "smtp":
            with socket.create_connection((host, port), PATIENCE_SECONDS) as line:
                line.settimeout(PATIENCE_SECONDS)
                return line.recv(4) == b"220 "
        link = http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
        link.request("GET", url.path, headers={"Host": urlsplit(os.environ.get("SITE_URL", "")).netloc or url.netloc})
        return link.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


if __name__ == "__main__":
    sys.exit(not is_well(urlsplit(sys.argv[1])))
