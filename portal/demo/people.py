"""Everybody in the demo. All names and organisations are invented."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

import accounts.actions
from accounts.models import Role, User


@dataclass(frozen=True)
class Invented:
    """One person of the demo: enough to fill a profile."""

    email: str
    name: str
    role_title: str
    organisation: str = ""
    called: str = ""
    role: Role | None = None


TEAM = (
    Invented("manager@demo.test", "Marguerite Oyelaran", "Programme manager", "The Larkmoor Fund", role=Role.MANAGER),
    Invented("facilitator@demo.test", "Nerys Ashdown", "Facilitator", "The Larkmoor Fund", role=Role.FACILITATOR),
    Invented("moderator@demo.test", "Tobias Wren", "Moderator", "The Larkmoor Fund", role=Role.MODERATOR),
    Invented("finance@demo.test", "Hester Pargeter", "Finance officer", "The Larkmoor Fund", role=Role.FINANCE),
    Invented("evaluator@demo.test", "Ravi Sandiford", "Evaluator", "Marrowby Institute", role=Role.EVALUATOR),
    Invented("reviewer@demo.test", "Winifred Sable", "Trustee", "The Larkmoor Fund", "carer", role=Role.REVIEWER),
)
ADMIN = Invented("admin@demo.test", "Alder Finch", "Keeper of the system", "The Larkmoor Fund")
OTHERS = (
    Invented("supporter@demo.test", "Josephine Larch", "Advocate", "Penhollow Advocacy", "supporter"),
    Invented("seeker@demo.test", "Caspian Dray", "", "", "patient"),
)
# The second facilitator: a patient leader, billed alike.
CO_FACILITATOR = Invented("osric@demo.test", "Osric Vane", "Patient leader", "The Larkmoor Fund", role=Role.FACILITATOR)


@dataclass(frozen=True)
class InventedPair:
    """Two people and what they want to be better."""

    professional: Invented
    partner: Invented
    challenge: str
    summary: str = ""
    funding: str = ""


PAIRS = (
    InventedPair(
        Invented("professional@demo.test", "Imogen Achterberg", "Occupational therapist", "Penhollow Infirmary"),
        Invented("partner@demo.test", "Desmond Quill", "Carer for his brother", "", "carer"),
        "Going home on a Friday",
        "People leave the ward late on a Friday with a bag, a leaflet and nobody to ring until Monday. We want every "
        "Friday discharge to end with a person who knows what happens next.",
        "Penhollow Infirmary pays for Imogen’s time; the Larkmoor Fund pays Desmond by the day.",
    ),
    InventedPair(
        Invented("professional2@demo.test", "Lucan Pryce", "Service manager", "Eastmere Care Group"),
        Invented("partner2@demo.test", "Theodora Dask", "Kidney patient", "Corran Vale Kidney Group", "patient"),
        "Who answers the telephone?",
        "Four numbers, three of them out of date. One number, answered by somebody who can decide.",
    ),
    InventedPair(
        Invented("wren.abel@demo.test", "Wren Abelard", "Community pharmacist", "Marrowby Road Practice"),
        Invented("ines.coll@demo.test", "Ines Collard", "Mother of a daughter with asthma", "", "parent and carer"),
        "The inhaler lesson nobody gives",
    ),
    InventedPair(
        Invented("piers.holm@demo.test", "Piers Holmwood", "Physiotherapist", "Saltmarsh Community Team"),
        Invented("adaeze.nw@demo.test", "Adaeze Nwosu-Hartley", "Stroke survivor", "", "survivor"),
        "Stairs, shops and the second month",
    ),
    InventedPair(
        Invented("bryony.tell@demo.test", "Bryony Tellwright", "Health visitor", "North Penhollow"),
        Invented("gareth.oss@demo.test", "Gareth Ossington", "Father of twins", "", "citizen"),
        "Fathers at the clinic",
    ),
    InventedPair(
        Invented("milan.petro@demo.test", "Milan Petrosyan", "Psychiatric nurse", "Harrow Lane Unit"),
        Invented("faith.umber@demo.test", "Faith Umberland", "Uses mental health services", "", "service user"),
        "The first hour on the ward",
    ),
    InventedPair(
        Invented("agnes.thorn@demo.test", "Agnes Thornbury", "General practitioner", "Three Bridges Surgery"),
        Invented("yusuf.kell@demo.test", "Yusuf Kellaway", "Lives with diabetes", "", "expert patient"),
        "Results before the appointment, not after",
    ),
    InventedPair(
        Invented("rosalind.eck@demo.test", "Rosalind Eckersley", "Dietitian", "Marrowby Hospital"),
        Invented("tomos.bevan@demo.test", "Tomos Bevanridge", "Had a stoma last year", "", "patient"),
        "Food that people can actually eat",
    ),
    InventedPair(
        Invented("hamish.dorr@demo.test", "Hamish Dorrington", "Paramedic", "Larkmoor Ambulance"),
        Invented("celia.fen@demo.test", "Celia Fennimore", "Carer for her mother", "", "unpaid carer"),
        "When not to take her in",
    ),
    InventedPair(
        Invented("noor.bly@demo.test", "Noor Blythewood", "Ward sister", "Penhollow Infirmary"),
        Invented("arthur.gil@demo.test", "Arthur Gillingham-Okonkwo", "Lives with heart failure", "", "patient"),
        "Weighing in, without the telling-off",
    ),
    InventedPair(
        Invented("saoirse.lun@demo.test", "Saoirse Lundgren", "Social prescriber", "The islands"),
        Invented("edwin.marl@demo.test", "Edwin Marlpit", "Retired ferryman", "", "community member"),
        "The last boat is at four",
    ),
    InventedPair(
        Invented("viktor.ash@demo.test", "Viktor Ashgrove", "Audiologist", "Marrowby Hospital"),
        Invented("dorothea.sk@demo.test", "Dorothea Skerry", "Deaf since birth", "Penhollow Deaf Club", "BSL user"),
        "Being called by name in a waiting room",
    ),
    InventedPair(
        Invented("lettice.cor@demo.test", "Lettice Corrigan", "Midwife", "Saltmarsh Community Team"),
        Invented("amara.jol@demo.test", "Amara Jolliffe", "Mother", "", "mother"),
        "Asking twice about sleep",
    ),
)
OTHER_COHORT_PAIRS = (
    InventedPair(
        Invented("professional3@demo.test", "Quentin Farrow", "Consultant in palliative care", "Marrowby Hospital"),
        Invented("partner3@demo.test", "Winifred Osgathorpe", "Daughter and carer", "", "daughter and carer"),
        "Saying it before the last week",
    ),
    InventedPair(
        Invented("beatrix.lo@demo.test", "Beatrix Lorimer", "Community nurse", "Fallow Valley Team"),
        Invented("silas.pen@demo.test", "Silas Penrose", "Lives with motor neurone disease", "", "patient"),
        "The wheelchair that comes too late",
    ),
)


@dataclass(frozen=True)
class Cast:
    """Everybody who has an account when the story begins."""

    manager: User
    facilitator: User
    co_facilitator: User
    moderator: User
    admin: User
    password_hash: str


def make(person: Invented, *, password_hash: str, by: User | None = None) -> User:
    """An account with its profile, password and role."""
    user = accounts.actions.create_user(
        email=person.email,
        by=by,
        name=person.name,
        role_title=person.role_title,
        organisation=person.organisation,
        called=person.called,
    )
    user.password = password_hash
    user.save(update_fields=["password"])
    if person.role:
        accounts.actions.grant_role(user=user, role=person.role, by=by)
    return user


def build(*, password: str) -> Cast:
    """The team and those who are in no pair. One hash serves all, since Argon2 is slow on purpose."""
    password_hash = make_password(password)
    team = [make(person, password_hash=password_hash) for person in (*TEAM, CO_FACILITATOR)]
    admin = make(ADMIN, password_hash=password_hash)
    accounts.actions.make_superuser(user=admin, by=None)
    for person in OTHERS:
        make(person, password_hash=password_hash, by=team[0])
    return Cast(
        manager=team[0],
        facilitator=team[1],
        co_facilitator=team[-1],
        moderator=team[2],
        admin=admin,
        password_hash=password_hash,
    )
