"""What can be done to a person's account and roles. Every verb leaves one audit row."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit, personal_data
from accounts.models import Role, RoleAssignment, User

PROFILE_FIELDS = frozenset({"name", "role_title", "organisation", "called", "time_zone", "large_text"})


class AlreadyHasAccount(Exception):
    """Somebody with this address is here already."""


class LastManager(Exception):
    """Without this assignment nobody could grant roles any more."""


class AlreadyRevoked(Exception):
    """The role has ended before; nothing changed."""


@transaction.atomic
def create_user(
    *,
    email: str,
    by: User | None,
    name: str = "",
    password: str | None = None,
    is_superuser: bool = False,
    **profile: Any,
) -> User:
    """A person whose address is known to be theirs (they opened a link sent to it, or staff vouch for it).

    Without `password` they sign in by code. `by=None` means that they did it themselves. `profile` may hold
    role_title, organisation, called, time_zone, large_text. Raises AlreadyHasAccount, also when two come at once.
    """
    _only_profile_fields(profile)
    address = email.strip().lower()
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                address, password, name=name, is_superuser=is_superuser, is_staff=is_superuser, **profile
            )
            EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    except IntegrityError as error:
        raise AlreadyHasAccount from error
    audit.record(verb="person.created", by=by or user, target=user, has_password=int(bool(password)))
    return user


def people_with(addresses: Iterable[str]) -> dict[str, User]:
    """The person of each address that somebody has, by address: the one they sign in with, or a second they proved."""
    wanted = {address.strip().lower() for address in addresses}
    seconds = EmailAddress.objects.filter(email__in=wanted, verified=True).select_related("user")
    found = {second.email: second.user for second in seconds}
    return found | {user.email: user for user in User.objects.filter(email__in=wanted)}


def person_with(address: str) -> User | None:
    """The person who has this address."""
    return people_with([address]).get(address.strip().lower())


def addresses_of(user: User) -> list[str]:
    """Every address by which `person_with` finds this person: what they are told of, and forgotten by."""
    seconds = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return sorted({user.email, *seconds})


def ensure_user(*, email: str, by: User | None, name: str = "", **profile: Any) -> User:
    """The person with this address, made without a password if nobody has it. An existing profile is left alone."""
    found = person_with(email)
    if found:
        return found
    try:
        return create_user(email=email, by=by, name=name, **profile)
    except AlreadyHasAccount:
        return people_with([email])[email.strip().lower()]


@transaction.atomic
def ensure_people(people: Sequence[Mapping[str, str]], *, by: User | None) -> dict[str, User]:
    """The person of each address, by address; whoever is missing is made without a password, many at a time.

    Each of `people` has an email in lower case, none twice, and may have fields of a profile. An account that is there
    is left alone, but for one without a name, which gets its. Two callers at once make each person once.
    """
    by_address = {
        person["email"]: {name: value for name, value in person.items() if name != "email"} for person in people
    }
    for profile in by_address.values():
        _only_profile_fields(profile)
    seconds = {address: user for address, user in people_with(by_address).items() if user.email != address}
    known = set(User.objects.filter(email__in=by_address).values_list("email", flat=True)) | set(seconds)
    # In one order everywhere: two callers then wait for each other, and never each for the other.
    fresh = [User(email=address, **by_address[address]) for address in sorted(set(by_address) - known)]
    for user in fresh:
        user.set_unusable_password()
    locks = {user.email: user.password for user in fresh}
    User.objects.bulk_create(fresh, ignore_conflicts=True)
    found = {user.email: user for user in User.objects.filter(email__in=by_address)}
    # Each unusable password is another one: it tells whose row it was that stood.
    made = [user for user in found.values() if locks.get(user.email) == user.password]
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in made
    )
    audit.record_many(verb="person.created", by=by, targets=made, has_password=0)
    found |= seconds
    for address, user in found.items():
        if by and not user.name and (name := by_address[address].get("name")):
            change_profile(user=user, by=by, name=name)
    return found


@transaction.atomic
def change_profile(*, user: User, by: User, **profile: Any) -> User:
    """Save what the person says about themselves. The audit row names the fields, never their values."""
    _only_profile_fields(profile)
    changed = sorted(name for name, value in profile.items() if getattr(user, name) != value)
    if changed:
        for name in changed:
            setattr(user, name, profile[name])
        user.save(update_fields=changed)
        audit.record(verb="person.profile_changed", by=by, target=user, fields=" ".join(changed))
    return user


@transaction.atomic
def make_superuser(*, user: User, by: User | None) -> None:
    """Open /admin/ to this person. A second call changes nothing."""
    if User.objects.filter(pk=user.pk, is_superuser=False).update(is_superuser=True, is_staff=True):
        user.refresh_from_db(fields=["is_superuser", "is_staff"])
        audit.record(verb="person.made_superuser", by=by, target=user)


@transaction.atomic
def grant_role(*, user: User, role: Role | str, by: User | None) -> RoleAssignment:
    """Give a site-wide role. Managers may; a second call returns the live assignment and writes nothing."""
    role = Role(role)
    assignment, is_new = RoleAssignment.objects.get_or_create(
        user=user, role=role, revoked_at=None, defaults={"granted_by": by, "granted_at": timezone.now()}
    )
    if is_new:
        _forget_roles(user)
        audit.record(verb="role.granted", by=by, target=user, role=role.value)
    return assignment


@transaction.atomic
def revoke_role(*, assignment: RoleAssignment, by: User | None) -> None:
    """End a role. Managers may. Raises AlreadyRevoked on a second call and LastManager for the last manager's."""
    if assignment.role == Role.MANAGER:
        refuse_last_manager(assignment.user)
    if not RoleAssignment.objects.filter(pk=assignment.pk, revoked_at=None).update(revoked_at=timezone.now()):
        raise AlreadyRevoked
    _forget_roles(assignment.user)
    audit.record(verb="role.revoked", by=by, target=assignment.user, role=assignment.role)


def refuse_last_manager(user: User) -> None:
    """Raises LastManager when nobody else is a manager. Every manager's assignment is held, in one order."""
    live = RoleAssignment.objects.filter(role=Role.MANAGER, revoked_at=None, user__is_active=True)
    managers = {held.user_id for held in live.order_by("pk").select_for_update(of=("self",))}
    if managers == {user.pk}:
        raise LastManager


@transaction.atomic
def erase_person(*, user: User, by: User | None) -> None:
    """Empty everything that says who this was, in every app that registered an eraser. The row and its ids stay.

    Raises LastManager for the only one, who first gives the role to somebody else.
    """
    refuse_last_manager(user)
    personal_data.erase(user)
    audit.record(verb="person.erased", by=by, target=user)


def empty_account(user: User) -> None:
    """The eraser of this app: profile, addresses, second factors and sessions go; the person can't sign in again."""
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    user.email = f"erased-{user.pk}@erased.invalid"
    user.name = user.role_title = user.organisation = user.called = ""
    user.is_active = user.is_superuser = user.is_staff = False
    user.set_unusable_password()
    user.save()
    RoleAssignment.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())
    _forget_roles(user)


def account_of(user: User) -> Mapping[str, Any]:
    """The collector of this app: what we hold about the person themselves."""
    return {
        "email": user.email,
        **{name: getattr(user, name) for name in sorted(PROFILE_FIELDS)},
        "joined_at": user.joined_at.isoformat(),
        "roles": [
            {"role": held.role, "granted_at": held.granted_at.isoformat()}
            for held in user.role_assignments.order_by("pk")
        ],
    }


def _only_profile_fields(profile: Mapping[str, Any]) -> None:
    if unknown := set(profile) - PROFILE_FIELDS:
        raise TypeError(f"not part of a profile: {sorted(unknown)}")


def _forget_roles(user: User) -> None:
    user.known_roles = None
