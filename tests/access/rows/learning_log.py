"""The log: its author, the partner for what is shared, and nobody else of any role."""

from typing import Any
from uuid import UUID

from learning_log import actions
from learning_log.actions import CopyTerms
from tests.access.table import Row, row, staff_row


def entry(world: Any) -> dict[str, Any]:
    return {"entry_id": world.entry.pk}


def draft(world: Any) -> dict[str, Any]:
    return {"entry_id": world.draft.pk}


def response(world: Any) -> dict[str, Any]:
    return {"entry_id": world.entry.pk, "response_id": world.response.pk}


def version(world: Any) -> dict[str, Any]:
    return {"entry_id": world.entry.pk, "number": 1}


def what_set(_world: Any) -> dict[str, Any]:
    return {"key": "what"}


def waiting_copy(world: Any) -> dict[str, Any]:
    key = UUID("00000000-0000-4000-8000-000000000001")
    copy = actions.ask_for_copy(terms=CopyTerms("json", True, True), form_key=key, by=world.professional)
    return {"copy_id": copy.pk}


def portfolio(world: Any) -> dict[str, Any]:
    """One that is put together, titled, and not yet made."""
    copy = actions.choose_entries(
        chosen=[world.entry.pk], form_key=UUID("00000000-0000-4000-8000-000000000002"), by=world.professional
    )
    actions.arrange_copy(copy=copy, terms=CopyTerms("pdf", True, True, title="Friday"), by=world.professional)
    return {"copy_id": copy.pk}


def story(world: Any) -> dict[str, Any]:
    return {"release_id": world.story.pk}


def agreed(world: Any) -> dict[str, Any]:
    return {"entry_id": world.story.entry_id, "release_id": world.story.pk}


def file(world: Any) -> dict[str, Any]:
    return {"entry_id": world.entry.pk, "attachment_id": 1}


ROWS: dict[str, Row] = {
    "learning_log:list": row(200, visitor=302),
    "learning_log:calendar": row(200, visitor=302),
    "learning_log:balance": row(200, visitor=302),
    # Who has not written yet is first told who can see what.
    "learning_log:new": row(404, visitor=302, professional=200, partner=302, other_pair=302),
    "learning_log:before": row(200, visitor=302),
    "learning_log:autosave_new": row(405),  # a POST of the page's script; tests/learning_log/test_autosave.py
    "learning_log:autosave": row(405, kwargs=draft),
    "learning_log:autosave_response": row(405, kwargs=entry),
    "learning_log:autosave_together": row(405, kwargs=entry),
    "learning_log:autosave_words": row(405, kwargs=file),
    "learning_log:device": row(200, visitor=401),
    "learning_log:signed_in": row(200, visitor=302),
    "learning_log:detail": row(404, visitor=302, professional=200, partner=200, kwargs=entry),
    "learning_log:edit": row(404, visitor=302, professional=200, kwargs=draft),
    "learning_log:delete": row(404, visitor=302, professional=200, kwargs=draft),
    "learning_log:share": row(404, visitor=302, professional=200, kwargs=draft),
    "learning_log:share_beyond": row(404, visitor=302, professional=200, kwargs=draft),
    "learning_log:ask": row(404, visitor=302, professional=200, kwargs=draft),
    "learning_log:moment": row(404, visitor=302, professional=403, partner=403, kwargs=entry),
    "learning_log:together": row(404, visitor=302, professional=403, partner=403, kwargs=entry),
    "learning_log:releases": row(200, visitor=302),
    "learning_log:shared": row(200, visitor=302),
    "learning_log:release": row(404, visitor=302, professional=200, partner=200, kwargs=agreed),
    "learning_log:release_agree": row(404, visitor=302, professional=200, partner=200, kwargs=agreed),
    "learning_log:release_refuse": row(405, visitor=302, kwargs=agreed),
    "learning_log:release_stop": row(404, visitor=302, professional=200, partner=200, kwargs=agreed),
    "learning_log:link_make": row(405, visitor=302, kwargs=agreed),
    "learning_log:names": row(404, visitor=302, professional=200, partner=200, kwargs=lambda w: {"pair_id": w.pair.pk}),
    "learning_log:link": row(404, kwargs=lambda w: {"token": "A" * 22}),
    "learning_log:link_file": row(404, kwargs=lambda w: {"token": "A" * 22, "attachment_id": 1}),
    "learning_log:take_back": row(404, visitor=302, professional=200, partner=403, kwargs=entry),
    "learning_log:respond": row(404, visitor=302, professional=200, partner=200, kwargs=entry),
    "learning_log:discard_response": row(405, visitor=302, kwargs=response),
    "learning_log:remove_response": row(404, visitor=302, professional=200, partner=200, kwargs=response),
    "learning_log:files": row(404, visitor=302, professional=200, partner=403, kwargs=entry),
    "learning_log:file_add": row(404, visitor=302, professional=200, partner=403, kwargs=entry),
    # There is no file in this world; who may open one is tested in tests/learning_log/test_files.py.
    "learning_log:file": row(404, visitor=302, kwargs=file),
    "learning_log:file_describe": row(404, visitor=302, partner=403, kwargs=file),
    "learning_log:file_remove": row(404, visitor=302, partner=403, kwargs=file),
    "learning_log:versions": row(404, visitor=302, professional=200, kwargs=entry),
    "learning_log:version": row(404, visitor=302, professional=200, kwargs=version),
    "learning_log:restore": row(405, visitor=302, kwargs=version),
    "learning_log:together_versions": row(404, visitor=302, kwargs=entry),
    "learning_log:together_version": row(404, visitor=302, kwargs=version),
    "learning_log:together_restore": row(405, visitor=302, kwargs=version),
    "learning_log:copies": row(200, visitor=302),
    "learning_log:copy_new": row(200, visitor=302),
    "learning_log:copy_choose": row(200, visitor=302),
    "learning_log:copy": row(404, visitor=302, professional=200, kwargs=waiting_copy),
    "learning_log:copy_file": row(404, visitor=302, professional=302, kwargs=waiting_copy),  # to its page: not ready
    "learning_log:copy_choose_again": row(404, visitor=302, professional=200, kwargs=portfolio),
    "learning_log:copy_arrange": row(404, visitor=302, professional=200, kwargs=portfolio),
    "learning_log:copy_check": row(404, visitor=302, professional=200, kwargs=portfolio),
    "learning_log:copy_make": row(405, visitor=302, kwargs=waiting_copy),
    "learning_log:copy_throw_away": row(405, visitor=302, kwargs=waiting_copy),
    "learning_log:prompts": staff_row("manager"),
    "learning_log:prompt_new": staff_row("manager"),
    "learning_log:prompt_edit": staff_row("manager", kwargs=what_set),
    "learning_log:prompt_retire": staff_row("manager", status=405, kwargs=what_set),
    "learning_log:prompt_offer": staff_row("manager", status=405, kwargs=what_set),
    "learning_log:stories": row(200),
    "learning_log:story_feed": row(200),
    "learning_log:story": row(200, kwargs=story),
    "learning_log:story_file": row(404, kwargs=lambda world: story(world) | {"attachment_id": 1}),
    "learning_log:nudges": row(200, visitor=302),
    "learning_log:cohort_learning": staff_row(
        "facilitator", "manager", "evaluator", kwargs=lambda world: {"cohort_slug": world.cohort.slug}
    ),
}
