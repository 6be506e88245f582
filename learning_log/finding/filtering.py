"""What of a log fits the filters that were asked for."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from learning_log.finding.log import Log, releases_seen
from learning_log.finding.searching import with_words
from learning_log.models import Release


def fitting(log: Log, asked: Mapping[str, Any]) -> Log:
    """Every readable line of the entries that fit all that is asked."""
    for name, value in asked.items():
        kept = _FILTERS[name](log, value)
        log = replace(log, lines=[line for line in log.lines if line.entry in kept])
    return log


def _with_approach(log: Log, approach: str) -> set[int]:
    return {line.entry for line in log.lines if approach in line.approaches}


def _with_tag(log: Log, tag: str) -> set[int]:
    """The same tag, however it is spelled."""
    wanted = tag.casefold()
    return {line.entry for line in log.lines if any(one.casefold() == wanted for one in line.tags)}


def _by(log: Log, who: str) -> set[int]:
    match who:
        case "me":
            return log.own()
        case "partner":
            return log.of_partner()
        case "both":
            return log.own() & log.of_partner()
        case _:
            return {line.entry for line in log.lines if line.pair not in log.pairs}


def _in_state(log: Log, state: str) -> set[int]:
    if state == "waiting":
        return _waiting(log)
    reached = set(releases_seen(log.user, log.entries).values_list("entry_id", flat=True))
    if state == "further":
        return reached
    is_shared = state == "pair"
    mine = (line for line in log.lines if line.pair in log.pairs or line.author == log.user.pk)
    shared = {line.entry for line in mine if line.is_shared}
    return (shared if is_shared else log.own() - shared) - reached


def _waiting(log: Log) -> set[int]:
    """For a word on a release, for one's own side of a joint entry, or for the partner's."""
    proposed = Release.objects.of_member(log.user).filter(
        Q(released_at=None, ended_at=None), entry__in=log.entries, ends_at__gt=timezone.now()
    )
    joint = {line.entry for line in log.lines if line.is_joint and line.pair in log.pairs}
    own_open = {one.entry for one in log.lines if one.author == log.user.pk and not one.is_shared}
    return set(proposed.values_list("entry_id", flat=True)) | (joint & own_open) | (joint - log.of_partner())


def _since(log: Log, day: date) -> set[int]:
    return {line.entry for line in log.lines if line.day >= day}


def _until(log: Log, day: date) -> set[int]:
    return {line.entry for line in log.lines if line.day <= day}


def _of_session(log: Log, session: int) -> set[int]:
    return {line.entry for line in log.lines if line.session == session}


def _with_step(log: Log, step: str) -> set[int]:
    with_one = {line.entry for line in log.lines if line.has_step}
    return with_one if step == "yes" else log.entries - with_one


_FILTERS: dict[str, Callable[[Log, Any], set[int]]] = {
    "approach": _with_approach,
    "who": _by,
    "state": _in_state,
    "tag": _with_tag,
    "since": _since,
    "until": _until,
    "session": _of_session,
    "step": _with_step,
    "q": with_words,
}
