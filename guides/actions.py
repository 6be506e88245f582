"""Every change to a guide. Managers call all of these; the views see to that."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models, transaction
from django.utils.text import slugify

from accounts import audit
from accounts.models import User
from guides.models import Edition, Guide, Section
from guides.reading import anchors


class StaleEdition(Exception):  # named as what happened, like every exception of the actions
    """Somebody saved or published this draft after it was opened. `saved` is the edition as it stands."""

    def __init__(self, saved: Edition) -> None:
        super().__init__(f"edition {saved.pk} is at version {saved.version}")
        self.saved = saved


class NotReady(Exception):
    """The edition has no section yet, so there is nothing to publish."""


@dataclass(frozen=True)
class SectionText:
    heading: str
    body: str


@dataclass(frozen=True)
class EditionText:
    """All that a person writes in an edition."""

    title: str
    kicker: str = ""
    lede: str = ""
    authors: str = ""
    key_messages: Sequence[str] = ()
    sections: Sequence[SectionText] = field(default_factory=tuple)


def _free_slug(title: str) -> str:
    """An address for a new guide, made of its title; a number is added when it is taken."""
    wished = slugify(title)[:70].strip("-") or "guide"
    taken = set(Guide.objects.filter(slug__startswith=wished).values_list("slug", flat=True))
    slug, copy = wished, 2
    while slug in taken:
        slug, copy = f"{wished}-{copy}", copy + 1
    return slug


def _write_sections(edition: Edition, sections: Sequence[SectionText]) -> None:
    edition.sections.all().delete()
    names = anchors(section.heading for section in sections)
    Section.objects.bulk_create(
        Section(edition=edition, position=position, heading=section.heading, slug=slug, body=section.body)
        for position, (section, slug) in enumerate(zip(sections, names, strict=True), start=1)
    )


@transaction.atomic
def create_guide(*, text: EditionText, by: User) -> Guide:
    """A new guide with its first edition as a draft. A second call makes a second guide at another address."""
    guide = Guide.objects.create(slug=_free_slug(text.title), title=text.title)
    edition = Edition.objects.create(
        guide=guide,
        number=1,
        title=text.title,
        kicker=text.kicker,
        lede=text.lede,
        authors=text.authors,
        key_messages=list(text.key_messages),
    )
    _write_sections(edition, text.sections)
    audit.record(verb="guide.created", by=by, target=guide)
    return guide


@transaction.atomic
def save_edition(*, edition: Edition, version: int, text: EditionText, by: User) -> Edition:
    """Replace the draft's whole text, if it is still at `version`.

    Raises StaleEdition when somebody saved in between, or published it: nothing is written then.
    """
    saved = Edition.objects.filter(pk=edition.pk, version=version, published_at=None).update(
        version=version + 1,
        title=text.title,
        kicker=text.kicker,
        lede=text.lede,
        authors=text.authors,
        key_messages=list(text.key_messages),
    )
    if not saved:
        raise StaleEdition(Edition.objects.get(pk=edition.pk))
    _write_sections(edition, text.sections)
    Guide.objects.filter(pk=edition.guide_id, state=Guide.State.DRAFT).update(title=text.title)
    audit.record(verb="guide.edited", by=by, target=edition.guide, edition=edition.number)
    return Edition.objects.get(pk=edition.pk)


@transaction.atomic
def publish_edition(*, edition: Edition, version: int, change_summary: str, by: User, at: datetime) -> Guide:
    """Make the draft the edition everybody reads. The one before it stays in the list of editions.

    Raises StaleEdition when it changed since `version` or is published already, NotReady when it has no section.
    """
    if not edition.sections.exists():
        raise NotReady
    published = Edition.objects.filter(pk=edition.pk, version=version, published_at=None).update(
        version=version + 1, published_at=at, change_summary=change_summary
    )
    if not published:
        raise StaleEdition(Edition.objects.get(pk=edition.pk))
    Guide.objects.filter(pk=edition.guide_id).update(
        state=Guide.State.PUBLISHED, current_edition=edition.pk, title=edition.title, version=models.F("version") + 1
    )
    audit.record(verb="guide.published", by=by, target=edition.guide, edition=edition.number)
    return Guide.objects.get(pk=edition.guide_id)


@transaction.atomic
def start_edition(*, guide: Guide, by: User) -> Edition:
    """A new draft that begins as a copy of the current edition. A second call returns the draft there is."""
    locked = Guide.objects.select_for_update().get(pk=guide.pk)
    draft = locked.editions.filter(published_at=None).first()
    if draft or locked.current_edition is None:
        return draft or locked.editions.get()
    current = locked.current_edition
    draft = Edition.objects.create(
        guide=locked,
        number=current.number + 1,
        title=current.title,
        kicker=current.kicker,
        lede=current.lede,
        authors=current.authors,
        key_messages=current.key_messages,
    )
    _write_sections(draft, [SectionText(section.heading, section.body) for section in current.sections.all()])
    audit.record(verb="guide.edition_started", by=by, target=locked, edition=draft.number)
    return draft


@transaction.atomic
def set_comments(*, guide: Guide, open_now: bool, by: User) -> None:
    """Open or close a guide for new comments; those published stay. A second call changes nothing."""
    changed = Guide.objects.filter(pk=guide.pk, takes_comments=not open_now).update(
        takes_comments=open_now, version=models.F("version") + 1
    )
    if changed:
        audit.record(verb="guide.comments_opened" if open_now else "guide.comments_closed", by=by, target=guide)


def page_changed(*, guide_id: int) -> None:
    """Count a change to what the guide's page shows. Called inside the transaction of that change."""
    Guide.objects.filter(pk=guide_id).update(version=models.F("version") + 1)
