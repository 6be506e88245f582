"""A pair's learning log: moments, the voices that tell of them, who may read them, and what is answered.

Every foreign key to a person protects the person's row and has no way back: no page of a person, Django's admin
included, can reach from them to what they write (docs/decisions/0005-no-audit-of-writing.md).
"""

from learning_log.models.copies import Copy
from learning_log.models.entries import Entry, Voice, VoiceVersion
from learning_log.models.media import Attachment, VersionAttachment
from learning_log.models.prompts import PromptSet
from learning_log.models.releases import Consent, Release, ReleasedVersion, ShareLink
from learning_log.models.responses import Response
from learning_log.models.searching import SearchedWords
from learning_log.models.settings import Introduced, ListedName, Nudge

__all__ = [
    "Attachment",
    "Consent",
    "Copy",
    "Entry",
    "Introduced",
    "ListedName",
    "Nudge",
    "PromptSet",
    "Release",
    "ReleasedVersion",
    "Response",
    "SearchedWords",
    "ShareLink",
    "VersionAttachment",
    "Voice",
    "VoiceVersion",
]
