from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.report.charts import Axis, Radar, Scale, ScoreScale, Tick
from engine.report.style import ACCENT, SMALL, WIDTH
from engine.report.text import text_width

LABELS = st.sampled_from(["通过线 60", "三星 70", "五星级绿色工厂 85", "Pass mark 80", "A"])
MARKS = st.lists(st.tuples(LABELS, st.floats(1, 100)), max_size=6)


@given(MARKS)
def test_labels_of_marks_do_not_hide_one_another(marks: list[tuple[str, float]]) -> None:
    scale = ScoreScale(Scale(50, 60, 100, "50–60", tuple(Tick(*mark) for mark in marks)), ACCENT)
    spans = [(level, left, left + text_width(label, SMALL.size)) for _, level, left, label in scale._flags]
    for i, (level, left, right) in enumerate(spans):
        assert left >= 0 and right <= scale.width + 1e-6
        assert [other for other in spans[:i] if other[0] == level and other[1] < right and left < other[2]] == []


@given(MARKS)
def test_no_pole_crosses_a_label_below_its_own(marks: list[tuple[str, float]]) -> None:
    scale = ScoreScale(Scale(50, 60, 100, "50–60", tuple(Tick(*mark) for mark in marks)), ACCENT)
    for at, level, _, _ in scale._flags:
        for _, other, left, label in scale._flags:
            if other < level:
                assert not left + 1e-6 < at < left + text_width(label, SMALL.size) - 1e-6


def test_the_whole_scale_fits_its_width_also_beyond_the_maximum() -> None:
    scale = ScoreScale(Scale(130, None, 100, "130", (Tick("五星级绿色工厂 120", 120),)), ACCENT, 300)
    assert scale._x(130) <= 300


def test_the_best_reaches_the_outer_ring_and_nothing_stays_in_the_centre() -> None:
    radar = Radar([Axis(str(i), "", 0, 1) for i in range(6)])
    x, y = radar._point(0, 1)
    assert (round(x, 6), round(y, 6)) == (round(WIDTH / 2, 6), round(radar.height / 2 + radar.RADIUS, 6))
    assert radar._point(3, 0) == radar._centre
