"""The layout profile: read strictly, a court's settings over it, and back to what was read."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from zhixing_desktop.documents.blocks import Face, Style
from zhixing_desktop.documents.layout import LayoutProfile
from zhixing_desktop.documents.layout_reader import (
    layout_json,
    layout_yaml,
    load_layout,
    read_layout,
)
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError


@pytest.fixture(scope="module")
def official() -> LayoutProfile:
    return load_layout(resources_dir() / "layout")


def test_the_official_grid_is_that_of_gb_9704(official: LayoutProfile) -> None:
    grid = official.official
    assert (grid.lines, grid.characters) == (22, 28)
    assert grid.text_width == pytest.approx(442.2, abs=0.1)  # 156 mm
    assert grid.cell == pytest.approx(15.79, abs=0.01)
    assert grid.tracking(Style.BODY) == pytest.approx(-0.21, abs=0.01)
    assert grid.pitch == 579
    assert grid.pitch * 22 <= grid.text_height < grid.pitch * 23
    assert official.zero == "〇"


def test_a_title_that_would_need_a_second_line_is_set_without_tracking(
    official: LayoutProfile,
) -> None:
    grid = official.official
    assert grid.tracking(Style.TITLE, "执行裁定书") > 0
    assert grid.tracking(Style.TITLE, "提供被执行人下落及财产线索通知书") == 0


def test_a_layout_written_out_reads_back_the_same(official: LayoutProfile) -> None:
    assert read_layout(layout_yaml(official)) == official
    assert yaml.safe_load(layout_yaml(official)) == layout_json(official)


def test_a_courts_settings_lie_over_the_file() -> None:
    profile = load_layout(
        resources_dir() / "layout",
        {"zero": "零", "grids": {"official": {"margins": {"top": 35}, "lines": 21}}},
    )
    assert profile.zero == "零"
    assert profile.official.lines == 21
    assert profile.official.margins.top == 35
    assert profile.official.margins.left == 28
    assert profile.dense.lines == 34


def test_all_faults_of_a_layout_are_listed_at_once() -> None:
    overrides = {
        "zero": "0",
        "colour": "red",
        "grids": {"official": {"lines": "many", "styles": {"body": {"face": "comic"}}}},
        "page_number": {"pattern": "第页"},
        "seal": {"diameter": 900},
        "fonts": {"kai": {"files": "simkai.ttf"}},
    }
    with pytest.raises(InputRefusedError) as refused:
        load_layout(resources_dir() / "layout", overrides)
    assert {problem.where for problem in refused.value.problems} == {
        "zero",
        "colour",
        "grids.official.lines",
        "grids.official.styles.body.face",
        "page_number.pattern",
        "seal.diameter",
        "fonts.kai.files",
    }
    assert "页码样式" in refused.value.sentence


@pytest.mark.parametrize(
    ("overrides", "where"),
    [
        ({"grids": {"official": {"lines": 60}}}, "grids.official.styles.body.lines"),
        ({"grids": {"official": {"characters": 40}}}, "grids.official.characters"),
        ({"grids": {"dense": {"margins": {"bottom": 6}}}}, "grids.dense.margins.bottom"),
        ({"grids": {"dense": {"margins": {"top": 6}}}}, "grids.dense.margins.top"),
        ({"grids": {"official": {"margins": {"left": 90, "right": 90}}}}, "grids.official.margins"),
        ({"grids": {"official": 3}}, "grids.official"),
        ({"seal": {}, "name": ""}, "name"),
    ],
)
def test_what_does_not_fit_together_is_refused(overrides: dict[str, object], where: str) -> None:
    with pytest.raises(InputRefusedError) as refused:
        load_layout(resources_dir() / "layout", overrides)
    assert where in [problem.where for problem in refused.value.problems]


def test_a_missing_part_is_named() -> None:
    data = yaml.safe_load((resources_dir() / "layout" / "official.yaml").read_text("utf-8"))
    del data["grids"]["dense"]["styles"]["note"]
    del data["tear"]
    with pytest.raises(InputRefusedError) as refused:
        read_layout(yaml.safe_dump(data, allow_unicode=True))
    assert {problem.where for problem in refused.value.problems} == {
        "grids.dense.styles.note",
        "tear",
    }


def test_a_text_that_is_no_yaml_is_refused_in_chinese() -> None:
    with pytest.raises(InputRefusedError, match="版式文件写法不对"):
        read_layout("name: [")


def test_a_lost_layout_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="重新复制"):
        load_layout(tmp_path)


def test_every_face_has_a_stand_in_that_the_program_carries(official: LayoutProfile) -> None:
    for face in Face:
        for file in official.fonts[face].stand_in:
            assert (resources_dir() / "fonts" / file).is_file()
