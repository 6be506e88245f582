from guides.reading import anchors, minutes_to_read


def test_reading_takes_at_least_a_minute():
    assert [minutes_to_read("word " * words) for words in (0, 90, 360, 1800)] == [1, 1, 2, 10]


def test_anchors_differ_from_each_other_and_from_the_page_s_own():
    assert anchors(["Comments", "c12", "Same", "Same", "???", "Main"]) == [
        "part-comments",
        "part-c12",
        "same",
        "same-2",
        "part-5",
        "part-main",
    ]
