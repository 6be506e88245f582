from django.urls import URLPattern, URLResolver, include, path, register_converter

from pairs.models import Membership
from pairs.views import invitations, offers, people, quiet, staff


class SideConverter:
    """`professional` or `partner`."""

    regex = "|".join(Membership.Side.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(SideConverter, "side")

app_name = "pairs"

urlpatterns: list[URLPattern | URLResolver] = [
    path("invitations/waiting/", invitations.invitations_waiting, name="invitations_waiting"),
    path("invitations/waiting/<int:invitation_id>/accept/", invitations.invitation_accept, name="invitation_accept"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("invitations/<str:token>/name/", invitations.invitation_name, name="invitation_name"),
    path("invitations/<str:token>/sign-in/", invitations.invitation_sign_in, name="invitation_sign_in"),
    path("invitations/<str:token>/word/", invitations.invitation_word, name="invitation_word"),
    path("invitations/<str:token>/zone/", invitations.invitation_zone, name="invitation_zone"),
    path("invitations/<str:token>/check/", invitations.invitation_check, name="invitation_check"),
    path("pairs/<int:pair_id>/quiet/", quiet.quiet, name="quiet"),
    path("pairs/<int:pair_id>/quiet/<int:quiet_id>/agree/", quiet.quiet_agree, name="quiet_agree"),
    path("pairs/<int:pair_id>/quiet/<int:quiet_id>/go-on/", quiet.quiet_go_on, name="quiet_go_on"),
    path("pairs/<int:pair_id>/quiet/<int:quiet_id>/end/", quiet.quiet_end, name="quiet_end"),
    path("applications/<slug:reference>/offer/", offers.offer, name="offer"),
    path("applications/<slug:reference>/offer/yes/", offers.offer_yes, name="offer_yes"),
    path("staff/applications/<slug:reference>/offer/<side:side>/yes/", offers.staff_offer_yes, name="staff_offer_yes"),
    path("staff/cohorts/<slug:slug>/people/", people.staff_people, name="staff_people"),
    path("staff/cohorts/<slug:slug>/pairs/new/", staff.staff_new, name="staff_new"),
    path("staff/pairs/<int:pair_id>/", staff.staff_detail, name="staff_detail"),
    path("staff/pairs/<int:pair_id>/edit/", staff.staff_edit, name="staff_edit"),
    path("staff/pairs/<int:pair_id>/end/", staff.staff_end, name="staff_end"),
    path("staff/pairs/<int:pair_id>/invite/<side:side>/", staff.staff_invite, name="staff_invite"),
    path("staff/invitations/<int:invitation_id>/resend/", staff.staff_resend, name="staff_resend"),
    path("staff/invitations/<int:invitation_id>/withdraw/", staff.staff_withdraw, name="staff_withdraw"),
    path("staff/memberships/<int:membership_id>/end/", staff.staff_end_membership, name="staff_end_membership"),
    path("", include("pairs.matching.urls")),
]
