"""What a file is called on screen. On disk it has a name of its own."""

import unicodedata

MOST_CHARACTERS = 150
JOINERS = "\u200c\u200d"  # several scripts and many emoji are spelt with them
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, bidi and tag letters, lone surrogates, line ends
PICTURE_ENDINGS = ["jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif"]
SOUND_ENDINGS = ["mp3", "m4a", "m4b", "aac", "ogg", "oga", "opus", "wav", "weba"]
FILM_ENDINGS = ["webm", "mp4", "m4v", "mov", "qt"]
MEDIA_ENDINGS = frozenset([*PICTURE_ENDINGS, *SOUND_ENDINGS, *FILM_ENDINGS])


def display_name(claimed: str, extension: str) -> str:
    """`claimed` without folders, line ends or letters that turn text round, at most 150 characters.

    It ends in `extension` whatever it ended in, so that a saved copy opens as what it is.
    """
    name = unicodedata.normalize("NFC", claimed.replace("\\", "/").rpartition("/")[2])
    seen = "".join(letter for letter in name if letter in JOINERS or unicodedata.category(letter) not in UNSEEN)
    words = " ".join(seen.split())
    stem, dot, ending = words.rpartition(".")
    if not dot or ending.lower() not in MEDIA_ENDINGS:
        stem = words
    return (stem[: MOST_CHARACTERS - len(extension)].strip(" ." + JOINERS) or "file") + extension
