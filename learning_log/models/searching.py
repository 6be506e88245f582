"""What a search compares its words with."""

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from learning_log.models.entries import VoiceVersion


class SearchedWords(models.Model):
    """The words of one version, folded and stemmed. Triggers keep it true (migration 0007); nothing else writes it.

    It stands apart from the words, so that a list does not load it, and has no index over everybody's words: a search
    looks through the few versions its reader may read, and takes no longer because of what others wrote
    (docs/decisions/0010).
    """

    # The database deletes the row with its version (migration 0007): a trigger may write it again until the very end.
    version = models.OneToOneField(
        VoiceVersion, on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="searched"
    )
    title = SearchVectorField()
    words = SearchVectorField()

    def __str__(self) -> str:
        return f"searched words of version {self.version_id}"
