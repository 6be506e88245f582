"""The applicants' pages: what a code lets in, what comes back after a mistake, and what nobody else reads."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Role, User
from applications import codes
from applications.actions import answering, assisting, inviting, sending
from applications.exceptions import NotTheirs
from applications.models import Answer, Applicant, Application, Question
from notifications import delivery
from notifications.models import LedgerRow
from notifications.sink import Keeper
from tests.accounts.factories import app_code, enrol, make_person, make_staff
from tests.applications.factories import make_application, make_open_cohort
from tests.applications.test_applying import (
    PAIR,
    SEEKING,
    answer,
    answer_all,
    begin,
    part_of,
    somebody_else_takes_the_place_of,
    together,
    token_of,
)
from tests.conftest import SecureClient
from tests.notifications.sinks import mailer, running
from tests.unlocked import without_row_locks

pytestmark = pytest.mark.django_db

Side = Applicant.Side
RIGHT_TO_LEFT = "‮evil‬ شريكة المريض 👩🏽‍🦽" + "x" * 150


@pytest.fixture(autouse=True)
def no_limits_from_before() -> None:
    cache.clear()


def mailed_code(address: str) -> str:
    row = LedgerRow.objects.filter(kind="applications.code", address=address).latest("pk")
    assert row.secret
    return str(row.secret["code"])


def ask_for_code(client: Client, slug: str, address: str) -> Any:
    return client.post(reverse("applications:start", args=[slug]), {"email": address})


def give_code(client: Client, slug: str, code: str) -> Any:
    return client.post(reverse("applications:start_code", args=[slug]), {"code": code})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# ---- The code ----


def test_a_new_person_is_made_only_when_the_code_is_right(client: Client) -> None:
    slug = make_open_cohort().slug
    answer = ask_for_code(client, slug, "Ada@New.test")
    assert answer["Location"] == reverse("applications:start_code", args=[slug])
    assert not User.objects.filter(email="ada@new.test").exists()
    code = mailed_code("ada@new.test")
    wrong = "111111" if code != "111111" else "222222"
    assert give_code(client, slug, wrong).status_code == 200
    assert not User.objects.filter(email="ada@new.test").exists()

    assert give_code(client, slug, f" {code[:3]} {code[3:]} ")["Location"] == reverse("applications:begin", args=[slug])
    person = User.objects.get(email="ada@new.test")
    assert is_signed_in(client)
    assert not person.has_usable_password()


def test_a_known_and_an_unknown_address_look_alike(client: Client) -> None:
    slug, known = make_open_cohort().slug, make_person("known@example.test")
    pages = []
    for address in (known.email, "unknown@example.test"):
        visitor = SecureClient()
        answer = ask_for_code(visitor, slug, address)
        page = visitor.get(answer["Location"]).content.decode().replace(address, "ADDRESS")
        pages.append((answer.status_code, page.split("csrfmiddlewaretoken")[0]))
    assert pages[0] == pages[1]


def test_five_wrong_codes_or_ten_minutes_end_it(client: Client, time_machine: Any) -> None:
    slug = make_open_cohort().slug
    ask_for_code(client, slug, "ada@new.test")
    code = mailed_code("ada@new.test")
    wrong = "111111" if code != "111111" else "222222"
    for _try in range(codes.TRIES):
        give_code(client, slug, wrong)
    assert give_code(client, slug, code)["Location"] == reverse("applications:start", args=[slug])
    assert not is_signed_in(client)

    time_machine.move_to("2030-01-01 12:00:00Z", tick=False)
    ask_for_code(client, slug, "ada@new.test")
    code = mailed_code("ada@new.test")
    time_machine.move_to("2030-01-01 12:10:01Z", tick=False)
    give_code(client, slug, code)
    assert not is_signed_in(client)


def test_a_code_works_once_and_only_where_it_was_asked_for(client: Client) -> None:
    slug = make_open_cohort().slug
    ask_for_code(client, slug, "ada@new.test")
    code = mailed_code("ada@new.test")
    thief = SecureClient()
    ask_for_code(thief, slug, "thief@new.test")
    give_code(thief, slug, code)
    assert not is_signed_in(thief) or mailed_code("thief@new.test") == code

    give_code(client, slug, code)
    client.logout()
    give_code(client, slug, code)
    assert not is_signed_in(client)


@pytest.mark.django_db(transaction=True)
def test_an_address_that_was_only_typed_is_nowhere_once_its_code_has_gone(client: Client, settings: Any) -> None:
    slug, keeper = make_open_cohort().slug, Keeper()

    with running(keeper) as port:
        settings.MAILERS = mailer(port)
        ask_for_code(client, slug, "canary@typed.test")
        delivery.deliver_due()

    assert [mail.recipients for mail in keeper.received] == [["canary@typed.test"]]
    assert list(LedgerRow.objects.values_list("state", "address", "recipient", "secret")) == [("sent", "", None, None)]
    assert "canary@typed.test" not in "".join(map(str, AuditEvent.objects.values_list("facts", flat=True)))


def test_one_address_is_not_flooded(client: Client) -> None:
    slug = make_open_cohort().slug
    statuses = [ask_for_code(SecureClient(), slug, "ada@new.test").status_code for _try in range(codes.PER_ADDRESS + 1)]
    assert statuses == [302] * codes.PER_ADDRESS + [429]
    assert LedgerRow.objects.filter(address="ada@new.test").count() == codes.PER_ADDRESS


def test_a_code_does_not_pass_by_a_second_factor(client: Client) -> None:
    slug, staff = make_open_cohort().slug, make_staff(Role.MODERATOR)
    ask_for_code(client, slug, staff.email)
    answer = give_code(client, slug, mailed_code(staff.email))
    assert not is_signed_in(client)
    assert answer["Location"] == reverse("mfa_authenticate")


def test_a_second_factor_leads_on_to_the_application(client: Client) -> None:
    slug, person = make_open_cohort().slug, make_person()
    secret = enrol(person)
    ask_for_code(client, slug, person.email)
    give_code(client, slug, mailed_code(person.email))
    answer = client.post(reverse("mfa_authenticate"), {"code": app_code(secret)})
    assert is_signed_in(client)
    assert answer["Location"] == reverse("applications:begin", args=[slug])


def test_somebody_erased_gets_no_further(client: Client) -> None:
    slug, gone = make_open_cohort().slug, make_person()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    ask_for_code(client, slug, gone.email)
    give_code(client, slug, mailed_code(gone.email))
    assert not is_signed_in(client)


def test_the_code_is_in_no_session_and_no_trail(client: Client) -> None:
    slug = make_open_cohort().slug
    ask_for_code(client, slug, "ada@new.test")
    code = mailed_code("ada@new.test")
    assert code not in str(dict(client.session))
    assert not AuditEvent.objects.filter(facts__icontains=code).exists()


# ---- One question a page ----


def path_of(application: Application, key: str, whose: str = "partner") -> str:
    return reverse("applications:question", args=[application.reference, whose, key])


def test_an_answer_is_saved_and_leads_to_the_next_question(client: Client) -> None:
    application = begin(make_open_cohort(), person := make_person())
    client.force_login(person)
    onward = client.post(path_of(application, "about"), {"answer": RIGHT_TO_LEFT, "version": "0"})
    assert onward["Location"] == path_of(application, "brings")
    assert Answer.objects.get(application=application).value == RIGHT_TO_LEFT
    back = client.get(path_of(application, "about"))
    assert "شريكة المريض" in back.content.decode()
    later = client.post(path_of(application, "brings"), {"answer": "x", "version": "0", "later": ""})
    assert later["Location"] == reverse("applications:tasks", args=[application.reference])
    checked = client.post(path_of(application, "brings") + "?check", {"answer": "y", "version": "1"})
    assert checked["Location"] == reverse("applications:check", args=[application.reference])


def test_a_stale_tab_gets_both_texts_and_saves_with_the_next_click(client: Client) -> None:
    application = begin(make_open_cohort(), person := make_person())
    client.force_login(person)
    client.post(path_of(application, "about"), {"answer": "From the phone.", "version": "0"})
    refused = client.post(path_of(application, "about"), {"answer": "From the kitchen.", "version": "0"})
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "From the phone." in page
    assert "From the kitchen." in page
    assert 'name="version" value="1"' in page.replace('type="hidden" ', "")

    client.post(path_of(application, "about"), {"answer": "From both.", "version": "1"})
    assert Answer.objects.get(application=application).value == "From both."


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_version_nobody_was_shown_loses_no_words(client: Client, version: str) -> None:
    application = begin(make_open_cohort(), person := make_person())
    client.force_login(person)
    client.post(path_of(application, "about"), {"answer": "First.", "version": "0"})
    page = client.post(path_of(application, "about"), {"answer": "Second.", "version": version})
    assert "Second." in page.content.decode()
    assert Answer.objects.get(application=application).value == "First."


def test_too_long_an_answer_comes_back_whole(client: Client) -> None:
    application = begin(make_open_cohort(), person := make_person())
    client.force_login(person)
    words = "word " * 1300
    page = client.post(path_of(application, "about"), {"answer": words, "version": "0"})
    assert page.status_code == 200
    assert words.strip() in page.content.decode()
    assert not Answer.objects.exists()


def test_questions_of_the_other_side_or_kind_are_not_there(client: Client) -> None:
    application = begin(make_open_cohort(), person := make_person())
    client.force_login(person)
    tasks = reverse("applications:tasks", args=[application.reference])
    assert client.get(path_of(application, "about", "professional")).status_code == 404
    assert client.get(path_of(application, "nothing")).status_code == 404
    assert client.get(path_of(application, "interests"))["Location"] == tasks
    assert client.get(path_of(application, "challenge"))["Location"] == tasks
    assert client.get(path_of(application, "challenge", "together")).status_code == 200


def test_nobody_else_opens_an_application_or_learns_that_it_is_there(client: Client) -> None:
    application, _partner, _professional = together(make_open_cohort(), answered=False)
    for stranger in (make_person(), make_staff(Role.MANAGER), make_staff(Role.FACILITATOR), make_staff(Role.REVIEWER)):
        reader = SecureClient()
        reader.force_login(stranger)
        for path in (
            reverse("applications:tasks", args=[application.reference]),
            reverse("applications:check", args=[application.reference]),
            path_of(application, "about"),
            reverse("applications:tasks", args=["NOSUCH"]),
        ):
            assert reader.get(path).status_code == 404


# ---- The two ----


def test_what_one_keeps_is_on_none_of_the_others_pages_or_mails(client: Client) -> None:
    application, partner, professional = together(make_open_cohort())
    there = Answer.objects.filter(question__key="access", applicant__user=partner).first()
    answer(application, "access", "CANARY-ACCESS", by=partner, version=there.version if there else 0)
    answer(application, "reach", "CANARY-REACH", by=partner)
    application.applicants.filter(user=partner).update(phone="CANARY-PHONE")
    client.force_login(professional)
    for path in (
        reverse("applications:mine"),
        reverse("applications:tasks", args=[application.reference]),
        reverse("applications:check", args=[application.reference]),
        path_of(application, "challenge", "together"),
        path_of(application, "access", "professional"),
    ):
        assert "CANARY" not in client.get(path).content.decode(), path
    client.force_login(partner)
    assert "CANARY-ACCESS" in client.get(reverse("applications:check", args=[application.reference])).content.decode()


@pytest.mark.parametrize(
    ("asked_of", "seen_by", "says", "is_read"),
    [
        ("together", "team", "You both see and write this", True),
        ("each", "partner", "Your partner can read this", True),
        ("each", "reviewers", "Not your partner", False),
        ("each", "team", "Not your partner", False),
    ],
)
def test_what_the_page_says_of_the_partner_is_what_the_partner_reads_before_and_after_sending(
    asked_of: str, seen_by: str, says: str, is_read: bool
) -> None:
    application, partner, professional = together(make_open_cohort())
    question = application.question_set.questions.get(key="challenge" if asked_of == "together" else "about")
    Question.objects.filter(pk=question.pk).update(seen_by=seen_by)
    Answer.objects.filter(question=question).update(value="Of the other.")
    mine = {"question": question, "applicant": None if asked_of == "together" else part_of(application, partner)}
    Answer.objects.filter(**mine).update(value="CANARY")
    writer, reader = as_(partner), as_(professional)
    whose = "together" if asked_of == "together" else "partner"

    sentence = writer.get(path_of(application, question.key, whose)).content.decode()
    before = reader.get(reverse("applications:check", args=[application.reference])).content.decode()
    reads = [Answer.objects.visible_to(professional).filter(value="CANARY").exists()]
    for person in (partner, professional):
        sending.confirm(applicant=part_of(application, person), by=person)
    after = reader.get(reverse("applications:tasks", args=[application.reference])).content.decode()
    reads += [Answer.objects.visible_to(professional).filter(value="CANARY").exists()]

    assert says in sentence
    assert reads == [is_read, is_read]
    assert ["CANARY" in page for page in (before, after)] == [is_read, is_read]
    assert "We have your application" in after


def test_who_takes_the_place_of_one_who_left_reads_nothing_that_was_meant_for_another() -> None:
    application, partner, professional = together(make_open_cohort())
    Answer.objects.filter(question__key="about", applicant__user=partner).update(value="CANARY")
    newcomer = somebody_else_takes_the_place_of(part_of(application, partner), professional)

    assert not Answer.objects.visible_to(newcomer).filter(value="CANARY").exists()
    page = as_(newcomer).get(reverse("applications:check", args=[application.reference]))
    assert (page.status_code, "CANARY" in page.content.decode()) == (200, False)


def as_(person: User) -> Client:
    reader = SecureClient()
    reader.force_login(person)
    return reader


def test_an_invitation_stops_working_on_the_day_it_is_where_the_cohort_is(client: Client) -> None:
    application = begin(make_open_cohort(time_zone="Australia/Sydney"), person := make_person())
    invited = inviting.invite_partner(application=application, by=person, name="Bram", email="bram@new.test")
    Applicant.objects.filter(pk=invited.pk).update(expires_at=datetime(2030, 6, 1, 21, 0, tzinfo=UTC))

    page = client.get(reverse("applications:invited", args=[token_of(invited)])).content.decode()

    assert "The link stops working on 2 June 2030." in page


def test_a_forwarded_link_opens_nothing_without_the_mailbox(client: Client) -> None:
    application = begin(make_open_cohort(), person := make_person())
    invited = inviting.invite_partner(application=application, by=person, name="Bram", email="bram@new.test")
    path = reverse("applications:invited", args=[token_of(invited)])
    stranger = SecureClient()
    stranger.force_login(make_person())
    assert stranger.get(path).status_code == 403
    assert stranger.post(path).status_code == 403

    client.post(path)
    assert [row.address for row in LedgerRow.objects.filter(kind="applications.code")] == ["bram@new.test"]
    assert "bram@new.test" not in client.get(path).content.decode()  # masked for whoever holds the link
    client.post(reverse("applications:invited_code", args=[token_of(invited)]), {"code": mailed_code("bram@new.test")})
    joined = client.post(path)
    assert joined["Location"] == reverse("applications:tasks", args=[application.reference])
    assert client.get(path).status_code == 404  # taken up


def test_the_last_yes_sends_it_and_then_it_is_for_reading(client: Client) -> None:
    application, partner, professional = together(make_open_cohort())
    path = reverse("applications:check", args=[application.reference])
    for person in (partner, professional):
        client.force_login(person)
        client.post(path)
    application.refresh_from_db()
    assert application.state == Application.State.SENT
    page = client.get(reverse("applications:tasks", args=[application.reference])).content.decode()
    assert "We have your application" in page
    assert client.get(path).status_code == 302
    assert (
        client.post(path_of(application, "about", "professional"), {"answer": "x", "version": "1"}).status_code == 302
    )


def test_what_is_missing_is_said_and_nothing_is_sent(client: Client) -> None:
    application = begin(make_open_cohort(), person := make_person(), SEEKING)
    client.force_login(person)
    page = client.post(reverse("applications:check", args=[application.reference]))
    assert page.status_code == 409
    assert "What is missing is marked on this page." in page.content.decode()
    assert "is-missing" in page.content.decode()
    application.refresh_from_db()
    assert application.is_draft


def test_a_yes_on_a_page_that_was_open_while_one_left_says_so(client: Client) -> None:
    application, partner, professional = together(make_open_cohort())
    mine = part_of(application, partner)
    client.force_login(partner)

    with without_row_locks(after="FOR UPDATE", then=lambda: somebody_else_takes_the_place_of(mine, professional)):
        said = client.post(reverse("applications:check", args=[application.reference]), follow=True)

    assert said.redirect_chain == [(reverse("applications:mine"), 302)]
    assert "You have left this application meanwhile" in said.content.decode()


def test_who_is_counted_elsewhere_is_told_without_naming_it(client: Client) -> None:
    cohort = make_open_cohort()
    application, partner, professional = together(cohort)
    other = make_application(cohort, partner=partner, professional=make_person(name="CANARY-NAME"))
    client.force_login(professional)
    client.post(reverse("applications:check", args=[application.reference]))
    client.force_login(partner)
    page = client.post(reverse("applications:check", args=[application.reference])).content.decode()
    assert "ask for one place only" in page
    assert other.reference not in page
    assert "CANARY" not in page


def test_open_now_is_what_takes_applications_and_one_has_not_begun(client: Client) -> None:
    begun, over = make_open_cohort(name="Begun"), make_open_cohort(name="Over")
    begin(begun, person := make_person())
    type(over).objects.filter(pk=over.pk).update(apply_by=over.today - timedelta(days=1))
    client.force_login(person)
    page = client.get(reverse("applications:mine")).content.decode()
    assert "No other cohort takes applications" in page
    assert reverse("applications:start", args=[over.slug]) not in page


def test_closed_applications_are_kept_and_say_whom_to_ring(client: Client) -> None:
    application, partner, _professional = together(make_open_cohort())
    type(application.cohort).objects.filter(pk=application.cohort_id).update(state="selecting")
    client.force_login(partner)
    page = client.get(reverse("applications:tasks", args=[application.reference]))
    assert "Applications have closed" in page.content.decode()
    assert client.post(reverse("applications:check", args=[application.reference])).status_code == 409
    assert client.get(path_of(application, "about")).status_code == 302


def test_every_page_shows_the_telephone_number(client: Client) -> None:
    application = begin(make_open_cohort(), person := make_person())
    invited = inviting.invite_partner(application=application, by=person, name="Bram", email="bram@example.test")
    slug, reference = application.cohort.slug, application.reference
    link = f"/apply/{token_of(invited)}/"
    visitor, other = SecureClient(), SecureClient()
    other.force_login(make_person())
    client.force_login(person)
    ask_for_code(visitor, slug, "ada@example.test")
    own = ("", "about/partner/", "questions/partner/times/", "check/", "partner/", "help/partner/", "leave/")
    pages = {
        **{path: visitor.get(path) for path in (f"/cohorts/{slug}/apply/", f"/cohorts/{slug}/apply/code/", link)},
        **{f"foreign {path}": other.get(path) for path in (f"/cohorts/{slug}/apply/begin/", link)},
        **{part: client.get(f"/applications/{reference}/{part}") for part in own},
        "mine": client.get("/applications/"),
        "left": client.post(f"/applications/{reference}/leave/", {"seen": "draft"}),
        "nothing to leave": client.get(f"/applications/{reference}/leave/"),
    }
    assert {name for name, page in pages.items() if 'href="tel:' not in page.content.decode()} == set()


# ---- Help, and the staff's part ----


def test_staff_write_down_an_application_and_its_yes(client: Client) -> None:
    cohort, manager = make_open_cohort(), make_staff(Role.MANAGER)
    client.force_login(manager)
    path = reverse("applications:staff_new", args=[cohort.slug])
    refused = client.post(path, {"route": "telephone", "kind": "seeking-partner", "partner_name": "Ada"})
    assert "Enter a telephone number or an email address." in refused.content.decode()
    begun = client.post(
        path, {"route": "telephone", "kind": "seeking-partner", "partner_name": "Ada", "partner_phone": "01632 960 001"}
    )
    application = Application.objects.get()
    assert begun["Location"] == reverse("applications:tasks", args=[application.reference])
    page = client.get(begun["Location"]).content.decode()
    assert "writing down what somebody tells you" in page

    client.post(path_of(application, "about"), {"answer": "Said on the telephone.", "version": "0"})
    assert Answer.objects.get().saved_by == manager
    check = reverse("applications:check", args=[application.reference])
    assert "Enter how and when" in client.post(check, {"how": ""}).content.decode()


def heard_from_two(manager: User) -> Application:
    """Written down on the telephone, with every required answer of the two."""
    application = assisting.start_for(
        cohort=make_open_cohort(),
        by=manager,
        kind=PAIR,
        route=Application.Route.TELEPHONE,
        people={
            Side.PARTNER: {"name": "Ada Birch", "email": "", "phone": "01632 960 001"},
            Side.PROFESSIONAL: {"name": "Bram Oke", "email": "", "phone": "01632 960 002"},
        },
    )
    for part in application.applicants.all():
        missing = sending.what_is_missing(application, part)
        for one in (*missing["own"], *missing["shared"]):
            value: Any = {"times": ["mon-morning"], "some_of": one.choices[:1]}.get(one.kind)
            answering.save_answer(
                application=application,
                question=one,
                applicant=part if one in missing["own"] else None,
                value=value or (one.choices or [f"Said by {part.name}"])[0],
                version=0,
                by=manager,
            )
    return application


def test_staff_record_one_yes_and_then_the_other(client: Client) -> None:
    application = heard_from_two(manager := make_staff(Role.MANAGER))
    client.force_login(manager)
    tasks = reverse("applications:tasks", args=[application.reference])
    check = reverse("applications:check", args=[application.reference])
    first = client.post(f"{check}?whose=partner", {"how": "By telephone"}, follow=True).content.decode()
    assert "The yes of Ada Birch is noted. It is sent as soon as Bram Oke says yes, too." in first
    assert f'href="{check}?whose=professional"' in first
    assert "You have said yes" not in first

    client.post(reverse("applications:take_back", args=[application.reference, "partner"]))
    assert f'href="{check}?whose=partner"' in client.get(tasks).content.decode()
    client.post(f"{check}?whose=partner", {"how": "By telephone"})
    last = client.post(f"{check}?whose=professional", {"how": "By telephone"}, follow=True).content.decode()
    assert "The application is sent." in last
    assert "We have written to you" not in last


def test_what_is_read_back_to_one_of_two_is_not_what_the_other_keeps(client: Client) -> None:
    application = heard_from_two(manager := make_staff(Role.MANAGER))
    for key in ("access", "about"):
        answering.save_answer(
            application=application,
            question=application.question_set.questions.get(key=key),
            applicant=application.applicants.get(side="professional"),
            value=f"CANARY-{key}",
            version=1 if key == "about" else 0,
            by=manager,
        )
    client.force_login(manager)
    check = reverse("applications:check", args=[application.reference])
    to_partner = client.get(f"{check}?whose=partner").content.decode()
    assert "Said by Ada Birch" in to_partner
    assert "CANARY-about" in to_partner
    assert "CANARY-access" not in to_partner
    assert "01632 960 002" not in to_partner
    assert "CANARY-access" in client.get(f"{check}?whose=professional").content.decode()


def test_a_helper_writes_and_the_person_ends_it(client: Client) -> None:
    application = begin(make_open_cohort(), person := make_person(), SEEKING)
    helper = make_person()
    assisting.let_help(applicant=part_of(application, person), by=person, helper_email=helper.email)
    client.force_login(helper)
    assert client.get(reverse("applications:tasks", args=[application.reference])).status_code == 200
    client.post(path_of(application, "about"), {"answer": "In her words.", "version": "0"})
    assert Answer.objects.get().saved_by == helper
    assert application.reference in client.get(reverse("applications:mine")).content.decode()

    owner = SecureClient()
    owner.force_login(person)
    owner.post(reverse("applications:helper", args=[application.reference, "partner"]), {"end": "1"})
    assert client.get(reverse("applications:tasks", args=[application.reference])).status_code == 404


def test_an_address_that_was_misheard_is_put_right_and_lets_nobody_in(client: Client) -> None:
    manager, stranger, ada = make_staff(Role.MANAGER), make_person("aida@example.test"), make_person("ada@example.test")
    people = {
        Side.PARTNER: {"name": "Ada Birch", "email": stranger.email, "phone": ""},
        Side.PROFESSIONAL: {"name": "Bram Oke", "email": "bram@example.test", "phone": ""},
    }
    application = assisting.start_for(
        cohort=make_open_cohort(), by=manager, kind=PAIR, route=Application.Route.TELEPHONE, people=people
    )
    assert Application.objects.visible_to(stranger).exists()
    client.force_login(manager)
    about = reverse("applications:about", args=[application.reference, "partner"])
    said = {"name": "Ada Birch", "phone": "", "time_zone": "Europe/London"}
    assert "The two have the same address" in client.post(about, said | {"email": "bram@example.test"}).content.decode()
    assert "Enter a telephone number or an email" in client.post(about, said | {"email": ""}).content.decode()
    assert client.post(about, said | {"email": "Ada@example.test"}).status_code == 302

    assert not Application.objects.visible_to(stranger).exists()
    assert Application.objects.visible_to(ada).exists()
    client.force_login(ada)
    assert 'name="email"' not in client.get(about).content.decode()
    client.post(about, said | {"email": stranger.email})
    assert application.applicants.get(side=Side.PARTNER).email == ada.email


def test_one_of_two_writes_and_the_team_rings_the_other(client: Client) -> None:
    """A professional at a computer and a patient partner with nothing but a telephone."""
    cohort, manager = make_open_cohort(), make_staff(Role.MANAGER)
    application = begin(cohort, professional := make_person(), side=Side.PROFESSIONAL)
    answer(application, "access", "CANARY-ACCESS", by=professional)
    answer(application, "about", "For my partner", by=professional)
    client.force_login(professional)
    partner = reverse("applications:partner", args=[application.reference])
    asked = client.post(partner, {"name": "Ada Birch", "email": "", "phone": ""})
    assert "Enter their email address, or a telephone number." in asked.content.decode()
    said = client.post(partner, {"name": "Ada Birch", "email": "", "phone": "01632 960 001"}, follow=True)
    assert "The programme team will ring Ada Birch" in said.content.decode()
    answer_all(application, professional)

    staff = SecureClient()
    staff.force_login(manager)
    tasks = reverse("applications:tasks", args=[application.reference])
    waiting = staff.get(reverse("applications:staff_new", args=[cohort.slug])).content.decode()
    assert tasks in waiting
    assert "01632 960 001" in waiting
    assert tasks in staff.get(reverse("applications:detail", args=[application.reference])).content.decode()
    ada = application.applicants.live().get(side=Side.PARTNER)
    for one in sending.what_is_missing(application, ada)["own"]:
        value = {"times": ["mon-morning"], "some_of": one.choices[:1]}.get(one.kind, (one.choices or ["Said"])[0])
        staff.post(path_of(application, one.key), {"answer": value, "version": "0"})
    check = reverse("applications:check", args=[application.reference])
    read_back = staff.get(check).content.decode()
    assert "For my partner" in read_back
    assert "CANARY" not in read_back
    assert staff.get(path_of(application, "about", "professional")).status_code == 404
    staff.post(check, {"how": "On the telephone today"})
    client.post(check)

    application.refresh_from_db()
    assert application.state == Application.State.SENT
    assert application.applicants.get(pk=ada.pk).helper_agreed_how == "On the telephone today"


def test_staff_name_the_other_of_somebody_without_an_address_who_has_none_either(client: Client) -> None:
    people = {Side.PARTNER: {"name": "Ada Birch", "email": "", "phone": "01632 960 001"}}
    application = assisting.start_for(
        cohort=make_open_cohort(),
        by=(manager := make_staff(Role.MANAGER)),
        kind=SEEKING,
        route=Application.Route.TELEPHONE,
        people=people,
    )
    client.force_login(manager)
    client.post(reverse("applications:change_kind", args=[application.reference, PAIR]))
    partner = reverse("applications:partner", args=[application.reference])
    assert client.post(partner, {"name": "Bram Oke", "email": "", "phone": "01632 960 002"}).status_code == 302
    tasks = client.get(reverse("applications:tasks", args=[application.reference])).content.decode()
    assert "Check with <bdi>Bram Oke</bdi>" in tasks


def test_whoever_named_somebody_to_ring_takes_it_back_until_something_is_written(client: Client) -> None:
    manager = make_staff(Role.MANAGER)
    application = begin(make_open_cohort(), person := make_person())
    client.force_login(person)
    partner = reverse("applications:partner", args=[application.reference])
    client.post(partner, {"name": "Bram Oke", "email": "bram@example.test"})
    named = application.applicants.live().get(email="bram@example.test")
    client.post(partner, {"name": "Bram Oke", "email": "", "phone": "01632 960 002"})
    rung = application.applicants.live().get(email="", user=None)
    assert LedgerRow.objects.get(ids__applicant=named.pk).state == "void"

    withdraw = reverse("applications:partner_withdraw", args=[application.reference])
    assert withdraw in client.get(reverse("applications:tasks", args=[application.reference])).content.decode()
    client.post(withdraw)
    assert application.applicants.live().get().user == person
    rung = inviting.name_partner(application=application, by=person, name="Bram Oke", phone="01632 960 002")
    answering.save_answer(
        application=application,
        question=application.question_set.questions.get(key="about"),
        applicant=rung,
        value="Said",
        version=0,
        by=manager,
    )
    client.post(withdraw)
    assert application.applicants.live().filter(pk=rung.pk).exists()


def test_help_ends_whenever_one_likes_also_after_sending(client: Client) -> None:
    application, partner, _professional = together(make_open_cohort())
    helper = make_person()
    assisting.let_help(applicant=part_of(application, partner), by=partner, helper_email=helper.email)
    for part in application.applicants.all():
        sending.confirm(applicant=part, by=part.user)
    client.force_login(partner)
    page = reverse("applications:helper", args=[application.reference, "partner"])
    assert page in client.get(reverse("applications:tasks", args=[application.reference])).content.decode()
    shown = client.get(page).content.decode()
    assert "End their help" in shown
    assert "Let this person help instead" not in shown

    client.post(page, {"end": "1"})
    assert not Application.objects.visible_to(helper).exists()
    assert client.get(page).status_code == 302


def test_whoever_helps_can_stop_but_not_pass_it_on(client: Client) -> None:
    application = begin(make_open_cohort(), person := make_person(), SEEKING)
    helper, stranger, mine = make_person(), make_person(), part_of(application, person)
    assisting.let_help(applicant=mine, by=person, helper_email=helper.email)
    client.force_login(helper)
    page = reverse("applications:helper", args=[application.reference, "partner"])
    assert "Let this person help instead" not in client.get(page).content.decode()
    client.post(page, {"email": stranger.email})
    with pytest.raises(NotTheirs):
        assisting.let_help(applicant=mine, by=helper, helper_email=stranger.email)
    assert Applicant.objects.get(pk=mine.pk).helper == helper

    ended = client.post(page, {"end": "1"}, follow=True).content.decode()
    assert "You no longer help with this application" in ended
    assert Applicant.objects.get(pk=mine.pk).helper is None


def test_help_that_was_agreed_on_the_telephone_says_how(client: Client) -> None:
    application = heard_from_two(manager := make_staff(Role.MANAGER))
    helper = make_person()
    client.force_login(manager)
    page = reverse("applications:helper", args=[application.reference, "professional"])
    assert page in client.get(reverse("applications:tasks", args=[application.reference])).content.decode()
    assert "Enter how and when they said so." in client.post(page, {"email": helper.email}).content.decode()
    client.post(page, {"email": helper.email, "how": "In her own words, on Monday"})
    helped = Applicant.objects.get(helper=helper)
    assert (helped.side, helped.helper_agreed_how) == ("professional", "In her own words, on Monday")


def test_staff_change_a_question_and_publish_it(client: Client) -> None:
    cohort = make_open_cohort()
    client.force_login(make_staff(Role.MANAGER))
    path = reverse("applications:question_edit", args=[cohort.slug, "travel"])
    fields = {"text": "How far?", "asked_of": "each", "asked_when": "always", "kind": "one_of", "seen_by": "team"}
    page = client.post(path, fields | {"choices": "Near"})
    assert "at least two things" in page.content.decode()
    page = client.post(path, fields | {"choices": "Near\nFar", "meaning": "times"})
    assert "has this meaning already" in page.content.decode()
    client.post(path, fields | {"choices": "Near\nFar\nNear", "meaning": "travel"})
    assert Question.objects.get(question_set__number=2, key="travel").choices == ["Near", "Far"]
    client.post(reverse("applications:questions_publish", args=[cohort.slug]))
    assert cohort.question_sets.exclude(published_at=None).count() == 2


# ---- Queries ----


@pytest.mark.parametrize("name", ["tasks", "check"])
def test_a_page_asks_few_queries(client: Client, name: str, django_assert_max_num_queries: Any) -> None:
    application, partner, _professional = together(make_open_cohort())
    client.force_login(partner)
    path = reverse(f"applications:{name}", args=[application.reference])
    with django_assert_max_num_queries(12):
        client.get(path)


def test_an_answer_page_asks_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    application, partner, _professional = together(make_open_cohort())
    client.force_login(partner)
    with django_assert_max_num_queries(12):
        client.get(path_of(application, "about"))


def test_own_applications_are_listed_in_as_many_queries_at_one_and_at_many(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    person = make_person()
    for number in range(5):
        begin(make_open_cohort(name=f"Cohort {number}"), person, PAIR)
    answer_all(begin(make_open_cohort(name="Last"), person), person)
    client.force_login(person)
    with django_assert_max_num_queries(8):
        client.get(reverse("applications:mine"))
