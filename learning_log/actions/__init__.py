"""Everything a person can do in a log. Nothing here writes an audit row, a ledger row or a log line.

When, whether and how much somebody writes is nobody's business but theirs: docs/decisions/0005-no-audit-of-writing.md.
`at` left out is now.
"""

from learning_log.actions.answering import discard_response, draft_response, remove_response, respond
from learning_log.actions.attaching import attach_file, describe_file, detach_file
from learning_log.actions.beginning import read_introduction
from learning_log.actions.copying import (
    CopyTerms,
    arrange_copy,
    ask_for_copy,
    choose_entries,
    make_copy,
    throw_copy_away,
    withdraw_copy,
)
from learning_log.actions.listing import list_names
from learning_log.actions.nudging import choose_nudges
from learning_log.actions.prompting import (
    Questions,
    next_edition,
    offer_prompt_set,
    retire_prompt_set,
    start_prompt_set,
)
from learning_log.actions.releasing import (
    ReleaseTerms,
    consent_to,
    find_link,
    open_link,
    propose_release,
    refuse_release,
    renew_link,
    withdraw_release,
)
from learning_log.actions.sharing import ask_partner, rename_moment, share_with_pair, take_back
from learning_log.actions.writing import (
    EntryText,
    delete_draft,
    restore_version,
    save_draft,
    start_entry,
    write_side,
    write_together,
)

__all__ = [
    "CopyTerms",
    "EntryText",
    "Questions",
    "ReleaseTerms",
    "arrange_copy",
    "ask_for_copy",
    "ask_partner",
    "attach_file",
    "choose_entries",
    "choose_nudges",
    "consent_to",
    "delete_draft",
    "describe_file",
    "detach_file",
    "discard_response",
    "draft_response",
    "find_link",
    "list_names",
    "make_copy",
    "next_edition",
    "offer_prompt_set",
    "open_link",
    "propose_release",
    "read_introduction",
    "refuse_release",
    "remove_response",
    "rename_moment",
    "renew_link",
    "respond",
    "restore_version",
    "retire_prompt_set",
    "save_draft",
    "share_with_pair",
    "start_entry",
    "start_prompt_set",
    "take_back",
    "throw_copy_away",
    "withdraw_copy",
    "withdraw_release",
    "write_side",
    "write_together",
]
