from django.db import models


class Heartbeat(models.Model):
    """When a part of the system that has no address of its own was last seen at work."""

    name = models.CharField(primary_key=True, max_length=20)
    beaten_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
