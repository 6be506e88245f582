"""What staff read about two people: what speaks for it, what to ask about, what stands against it. Never a number."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.starter import TIMES_OF_THE_WEEK, TRAVEL
from applications.week_words import in_words
from pairs.matching.assignment import Alone
from pairs.matching.fit import Against, against, hours_a_week, same_workplace
from pairs.matching.people import Seeker, Terms

EVERYBODYS_LANGUAGE = "English"


@dataclass(frozen=True)
class Reasons:
    """About one couple."""

    against: Against
    why_not: str
    speaks_for: tuple[str, ...]
    ask_about: tuple[str, ...]

    @property
    def is_allowed(self) -> bool:
        return self.against == Against.NOTHING

    @property
    def is_possible_by_hand(self) -> bool:
        return not self.against.is_final


def reasons(professional: Seeker, partner: Seeker, terms: Terms) -> Reasons:
    code = Against(int(against([professional], [partner], terms)[0, 0]))
    return Reasons(
        code,
        _why_not(code, professional, partner),
        tuple(_speaks_for(professional, partner, terms)),
        tuple(_ask_about(professional, partner, terms)),
    )


def called(person: Seeker) -> str:
    """The name, kept from turning the sentence around it; a word for whoever gave none."""
    return f"\u2068{person.name}\u2069" if person.name else _("Somebody without a name yet")


def why_alone(reason: str) -> str:
    """Why somebody has no partner in the last suggestion."""
    return {
        Alone.NOBODY: _("Nobody from the other side is looking and free."),
        Alone.SYSTEM: _("Nobody in the same local system is looking and free."),
        Alone.LANGUAGE: _("Nobody in the same local system speaks a language they like to work in."),
        Alone.APART: _(
            "Everybody in the same local system was introduced to them before, or should not be paired with them."
        ),
        Alone.PLACED: _("Everybody who would suit is better placed with somebody else."),
    }[Alone(reason)]


def _why_not(code: Against, one: Seeker, other: Seeker) -> str:
    return {
        Against.NOTHING: "",
        Against.LANGUAGE: _("They have no language in common."),
        Against.SYSTEM: _("They are not part of the same local system: %(one)s, and %(other)s.")
        % {"one": one.local_system or _("not known"), "other": other.local_system or _("not known")},
        Against.MET_BEFORE: _("They were introduced before, and it was not this time."),
        Against.NEVER_WITH: _("One of them wrote a name like this where we ask whom they should not be paired with."),
        Against.APART: _("You, or a colleague, decided not to put these two together."),
    }[code]


def _speaks_for(one: Seeker, other: Seeker, terms: Terms) -> list[str]:
    found = []
    if terms.system(one.local_system) and terms.system(one.local_system) == terms.system(other.local_system):
        found.append(_("Both are part of %(system)s.") % {"system": one.local_system})
    topics = sorted(one.interests & other.interests)
    if topics:
        found.append(_("Both would like to work on: %(topics)s.") % {"topics": "; ".join(topics)})
    meeting = _when_they_can_meet(one, other, terms)
    if meeting:
        found.append(meeting)
    if one.travel and one.travel == other.travel:
        found.append(_("To meet, both said: “%(travel)s”.") % {"travel": one.travel})
    languages = sorted((one.languages & other.languages) - {EVERYBODYS_LANGUAGE})
    if languages:
        found.append(_("Both like to work in %(languages)s.") % {"languages": ", ".join(languages)})
    return found


def _when_they_can_meet(one: Seeker, other: Seeker, terms: Terms) -> str:
    if one.zone == other.zone:
        common = one.times & other.times
        times = [in_words(time) for time in TIMES_OF_THE_WEEK if time in common]
        more = len(times) - 3
        if not times:
            return ""
        if more > 0:
            words = ngettext("%(times)s and %(count)s more time", "%(times)s and %(count)s more times", more)
            return _("Both can often meet: %(when)s.") % {
                "when": words % {"times": ", ".join(times[:3]), "count": more}
            }
        return _("Both can often meet: %(when)s.") % {"when": ", ".join(times)}
    hours = round(float(hours_a_week([one], [other], terms)[0, 0]))
    if not hours:
        return ""
    return ngettext(
        "About %(count)s hour a week suits both, although their clocks differ.",
        "About %(count)s hours a week suit both, although their clocks differ.",
        hours,
    ) % {"count": hours}


def _ask_about(one: Seeker, other: Seeker, terms: Terms) -> list[str]:
    found = []
    if one.interests and other.interests and not one.interests & other.interests:
        found.append(_("They chose different things to work on. Ask what draws each of them."))
    if one.times and other.times and not _when_they_can_meet(one, other, terms):
        found.append(_("No usual time suits both. Ask whether one of them can make another."))
    if one.travel != other.travel and one.travel and other.travel:
        found.append(_where_to_meet(one, other))
    for person in (one, other):
        if person.access:
            found.append(
                _("Before they meet, arrange with %(name)s: “%(access)s”")
                % {"name": called(person), "access": _short(person.access)}
            )
        if not person.languages and (one.languages or other.languages):
            found.append(_("%(name)s did not say in which language they like to work.") % {"name": called(person)})
    if same_workplace(one, other):
        found.append(_("Both write from %(domain)s. Ask whether they know each other.") % {"domain": one.mail_domain})
    return found


def _where_to_meet(one: Seeker, other: Seeker) -> str:
    if TRAVEL[0] in {one.travel, other.travel}:
        stays = one if one.travel == TRAVEL[0] else other
        return _("%(name)s meets only online or by telephone. Ask the other whether that suits.") % {
            "name": called(stays)
        }
    return _(
        "They travel differently: %(one)s, “%(one_way)s”; %(other)s, “%(other_way)s”. Ask where they would meet."
    ) % {
        "one": called(one),
        "one_way": one.travel,
        "other": called(other),
        "other_way": other.travel,
    }


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 160 else words[:159].rstrip() + "…"
