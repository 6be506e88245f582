"""An invented charity in an invented county, in every state the software knows.

Made by the same actions that people use, so that nothing in it is impossible. Only in DEMO.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from portal.demo import applications, cohorts, enquiries, guides, log, mail, people, releases


@transaction.atomic
def build(*, at: datetime, password: str) -> bool:
    """Fill an empty database as of `at`; False, and nothing changed, when it is filled already."""
    if User.objects.filter(email="manager@demo.test").exists():
        return False
    cast = people.build(password=password)
    scene = cohorts.build(cast=cast, at=at)
    applications.build(cast=cast, choosing=scene.choosing, opened=scene.opened, at=at)
    enquiries.build(scene=scene, at=at)
    log.build(scene=scene, at=at)
    releases.build(scene=scene, at=at)
    guides.build(cast=cast, at=at)
    mail.build(scene=scene, at=at)
    return True
