"""Three published guides and a draft, with comments in every state."""

import uuid
from datetime import datetime, timedelta

import comments.actions
import guides.actions
from comments.actions import Words
from comments.models import Comment, Decision
from comments.reasons import Reason
from guides.actions import EditionText, SectionText
from guides.models import Guide
from portal.demo.people import Cast

STARTING = EditionText(
    title="Starting as equals",
    kicker="A guide for new pairs",
    lede="The first three meetings between a professional and a patient partner, and what to settle in each of them.",
    authors="Hollis Merrow and Petra Vandermolen",
    key_messages=(
        "Meet somewhere that belongs to neither of you, at least once.",
        "Write down what each of you is risking. It is rarely the same thing.",
        "Agree how you will stop a meeting, before you need to.",
    ),
    sections=(
        SectionText(
            "Before the first meeting",
            "Most pairs arrive with the roles already handed out. One of you has a badge, a diary full of "
            "meetings and "
            "a reason to be in the building. The other has been asked to come. Nothing you say in the first ten "
            "minutes "
            "will undo that, so do not try to talk it away. Arrange things so that it matters less.\n\n"
            "Send each other three sentences beforehand: what you hope for, what you would rather not talk about "
            "yet, "
            "and what would make the day easier. *Easier* can be a chair with arms, a later start, or not "
            "meeting on the "
            "ward where something went wrong.\n\n"
            "- Swap the three sentences at least two days ahead.\n"
            "- Settle who pays for travel before anyone travels.\n"
            "- Leave an hour afterwards with nothing in it.",
        ),
        SectionText(
            "Whose room is it?",
            "Every room tells people who is at home in it. In a clinic the professional knows where the kettle "
            "is. In a "
            "kitchen the partner does. A library, a café with a quiet corner or a walk will do for a first "
            "meeting; what "
            "counts is that both of you have to ask where things are.\n\n"
            "> We moved the meeting to the bowls club. I had never seen her look for the toilets before.\n\n"
            "Later you will need the clinic, and the kitchen. By then you will know each other well enough to "
            "say when "
            "the room is doing the talking.",
        ),
        SectionText(
            "Writing the agreement",
            "Two pages are enough. Say what you will work on, how often you will meet, how each of you likes to be "
            "reached, what stays between you, and how either of you can stop. Read it aloud to each other once. "
            "Then put "
            "a date in the diary for changing it.",
        ),
        SectionText(
            "When you disagree",
            "You will. Say what you saw before you say what it meant. Ask what it looked like from the other "
            "chair. If it "
            "is still stuck after two goes, ask a facilitator; that is what they are for, and nobody will count it.",
        ),
    ),
)
AWKWARD = EditionText(
    title="Saying the awkward thing",
    kicker="On money, tiredness and hierarchy",
    lede="When one of you is paid to be there and the other is not yet.",
    authors="Petra Vandermolen",
    key_messages=("Say the amount out loud.", "Tired is a reason. It needs no second one."),
    sections=(
        SectionText("The amount", "Put a number on the table in the first meeting, and the date it will be paid by."),
        SectionText("The title", "Decide what you call each other in front of other people. Then do it every time."),
    ),
)
QUIET = EditionText(
    title="Working under the radar",
    kicker="Going where the energy is",
    lede="When to keep a thing small, and when to tell people.",
    authors="Hollis Merrow",
    key_messages=("Small is not secret.", "Choose the day on which you will decide again."),
    sections=(
        SectionText(
            "Why keep it small", "An idea that is two weeks old does not need a steering group. It needs a try."
        ),
        SectionText("When to tell people", "When it works twice, or when somebody else would be hurt by not knowing."),
    ),
)
LEAVING = EditionText(
    title="Leaving well",
    kicker="A draft",
    lede="Ending a pair without ending the work.",
    authors="Hollis Merrow",
    sections=(SectionText("Say when", "An ending with a date is kinder than one without."),),
)

PUBLISHED = (
    ("Oriel Tamblyn", "Community pharmacist", "Marrowby Road Practice", 13, "We tried the three sentences with a new "
     "pair last month. The one about what you would rather not talk about yet did more than the other two together. "
     "Could you say something about what to do when the answer is the very thing the project is about?"),
    ("Bram Kettleby", "Patient partner", "Corran Vale Kidney Group", 20, "Pay for the travel before, please say it "
     "louder. I have sat on panels where the form took eleven weeks."),
    ("Ffion Garrick", "Ward manager", "Penhollow Infirmary", 27, "I printed the part about rooms and put it on the "
     "staff room wall. Two people took it down. It is back up."),
    ("Solomon Achebe-Price", "Carer", "", 34, "Reading this a year too late, but it is what happened to us, "
    "kettle and "
     "all."),
)  # fmt: skip
ANSWER = (
    "That is a good question and we had not answered it. The next edition will. Until then: agree who may open the "
    "subject, and let it be the person it belongs to."
)
HELD: tuple[tuple[str, str, str, list[str], str], ...] = (
    ("Winifred Osgathorpe", "Daughter and carer", "", [Reason.BIRTH_DATE], "My mother (born 04/02/1951) was "
    "asked to join a "
     "pair and the first letter went to her old address. Three sentences are no good if the post is wrong. Check the "
     "address first."),
    ("Lucan Pryce", "Service manager", "Eastmere Care Group", [Reason.LINKS], "We did this and it works, but be "
    "careful who is "
     "in the room. Write it up where the next team can find it: https://eastmere-care.example/pairs"),
    ("Theodora Dask", "Patient partner", "Corran Vale Kidney Group", [], "Nobody rang me when ours ended. I "
    "found out "
     "from the newsletter. I would like whoever wrote this page to know that it can be done better than that, "
     "and that I "
     "would help."),
)  # fmt: skip
REFUSED = ("Best Prices", "Seller", "", "Cheap mobility aids, click my name, discount for readers of this page.")


def build(*, cast: Cast, at: datetime) -> None:
    starting = _publish(STARTING, cast, at - timedelta(days=60))
    for text in (AWKWARD, QUIET):
        _publish(text, cast, at - timedelta(days=40))
    guides.actions.create_guide(text=LEAVING, by=cast.manager)

    for name, role, organisation, days, words in PUBLISHED:
        comment = _comment(starting, name, role, organisation, words, [], at - timedelta(days=days))
        when = at - timedelta(days=days - 1)
        if name == "Oriel Tamblyn":
            comments.actions.publish_and_answer(
                comment=comment, version=comment.version, answer=ANSWER, by=cast.moderator, at=when
            )
        else:
            comments.actions.publish_comment(comment=comment, version=comment.version, by=cast.moderator, at=when)
    for number, (name, role, organisation, reasons, words) in enumerate(HELD):
        _comment(starting, name, role, organisation, words, reasons, at - timedelta(hours=30 - 8 * number))
    spam = _comment(starting, *REFUSED, [Reason.LINKS], at - timedelta(days=3))
    comments.actions.refuse_comment(
        comment=spam,
        version=spam.version,
        reason=Decision.RefusalReason.ADVERT,
        note="",
        by=cast.moderator,
        at=at - timedelta(days=2),
    )


def _publish(text: EditionText, cast: Cast, at: datetime) -> Guide:
    guide = guides.actions.create_guide(text=text, by=cast.manager)
    edition = guide.editions.get()
    return guides.actions.publish_edition(
        edition=edition, version=edition.version, change_summary="", by=cast.manager, at=at
    )


def _comment(
    guide: Guide, name: str, role: str, organisation: str, words: str, reasons: list[str], at: datetime
) -> Comment:
    address = f"{name.lower().replace(' ', '.')}@readers.test"
    return comments.actions.submit_comment(
        guide=guide,
        words=Words(name=name, role=role, organisation=organisation, email=address, text=words),
        held_reasons=reasons,
        key=uuid.uuid4(),
        at=at,
    )
