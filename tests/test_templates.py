"""What no template may hold: the Content-Security-Policy would break it, or a reader would meet a dead end."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
# A file that people take away carries its own sheet, and a policy of its own that allows that sheet and nothing else.
TAKEN_AWAY = {TEMPLATES / "learning_log" / "taken_away_book.html"}
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "mail" not in path.relative_to(TEMPLATES).parts)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_inline_script_or_style_and_no_dead_link(path: Path) -> None:
    source = path.read_text()
    if "/email/" in path.as_posix() or path in TAKEN_AWAY:
        return

    found = [
        *re.findall(r"<style\b[^>]*>", source),
        *re.findall(r"\sstyle\s*=", source),
        *re.findall(r"\son[a-z]+\s*=\s*[\"']", source),
        *(tag for tag in re.findall(r"<script\b[^>]*>", source) if "src=" not in tag and "json" not in tag),
        *re.findall(r"href=[\"'](?:#|javascript:[^\"']*)[\"']", source),
    ]

    assert found == []
