"""The dock: dragging, keys, the wheel, and the shown period."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dock import DASH, Dock

pytestmark = pytest.mark.browser


def test_dock_shows_the_period_and_the_number_of_events(dock: Dock) -> None:
    expect(dock.root.locator(".dock-count")).to_have_text(re.compile(r"^\d+ of [\d,]+ events · UTC$"))
    expect(dock.grip("from")).to_have_attribute("aria-valuetext", "7 July 2025")
    expect(dock.grip("to")).to_have_attribute("aria-valuetext", "13 July 2025")
    expect(dock.grip("window")).to_have_attribute("aria-valuetext", f"7{DASH}13 July 2025")
    expect(dock.root.get_by_label("From", exact=True)).to_have_value("7 Jul 2025")
    expect(dock.root.get_by_label("To", exact=True)).to_have_value("13 Jul 2025")
    expect(dock.root.get_by_role("img")).to_have_attribute("aria-label", re.compile("Histogram of the filtered events"))


def test_window_is_dragged(dock: Dock) -> None:
    dock.drag("window", -5)
    dock.expect_period("2-8 July 2025")
    dock.drag("window", 3)
    dock.expect_period("5-11 July 2025")


def test_ends_are_dragged_and_never_pass_each_other(dock: Dock) -> None:
    dock.drag("from", -3)
    dock.expect_period("4-13 July 2025")
    dock.drag("to", 2, ppd=dock.pixels_per_day(10))
    dock.expect_period("4-15 July 2025")
    dock.drag("from", 40, ppd=dock.pixels_per_day(12))
    dock.expect_period("15 July 2025")


def test_drag_beyond_the_edge_moves_the_axis(dock: Dock) -> None:
    x, y = dock.hold("window")
    plot = dock.box(dock.root.locator(".dock-chart"))
    dock.page.mouse.move(x, y)
    dock.page.mouse.down()
    dock.page.mouse.move(plot["x"] - 60, y, steps=4)
    before = dock.root.get_by_label("From", exact=True).input_value()
    dock.page.wait_for_function("before => document.querySelector('#dock .field').value !== before", arg=before)
    dock.page.mouse.up()


def test_dragging_the_axis_keeps_the_window(dock: Dock) -> None:
    plot = dock.box(dock.root.locator(".dock-chart"))
    left = dock.box(dock.frame)["x"]
    y = plot["y"] + 10
    dock.page.mouse.move(plot["x"] + 20, y)
    dock.page.mouse.down()
    dock.page.mouse.move(plot["x"] + 80, y, steps=5)
    dock.page.mouse.up()
    dock.expect_frame("box.x > than[0] + 40", left)
    dock.expect_period("7-13 July 2025")


def test_a_click_on_the_axis_moves_the_window(dock: Dock) -> None:
    frame, ppd = dock.box(dock.frame), dock.pixels_per_day()
    dock.page.mouse.click(frame["x"] + frame["width"] / 2 - 14 * ppd, frame["y"] + 10)
    dock.expect_period("23-29 June 2025")


def test_a_double_click_shows_the_whole_axis_and_keeps_the_window(dock: Dock) -> None:
    frame = dock.box(dock.frame)
    dock.page.mouse.dblclick(frame["x"] - 200, frame["y"] + 10)
    dock.expect_frame("box.width < than[0] / 2", frame["width"])
    dock.expect_period("7-13 July 2025")


def test_a_double_click_on_the_window_keeps_it(dock: Dock) -> None:
    dock.drag("window", -5)
    dock.expect_period("2-8 July 2025")
    frame = dock.box(dock.frame)
    dock.page.mouse.dblclick(frame["x"] + frame["width"] / 2, frame["y"] + 10)
    dock.expect_frame("box.width < than[0] / 2", frame["width"])
    dock.expect_period("2-8 July 2025")


def test_wheel_zooms_the_axis_at_the_pointer(dock: Dock) -> None:
    frame = dock.box(dock.frame)
    middle = frame["x"] + frame["width"] / 2
    dock.page.mouse.move(middle, frame["y"] + 10)
    dock.page.mouse.wheel(0, -300)
    dock.expect_frame("box.width > than[0] * 1.5", frame["width"])
    zoomed = dock.box(dock.frame)
    assert abs(zoomed["x"] + zoomed["width"] / 2 - middle) < 2
    dock.page.mouse.wheel(-200, 0)
    dock.expect_frame("box.x > than[0] + 50", zoomed["x"])
    dock.expect_period("7-13 July 2025")


def test_keys(dock: Dock) -> None:
    press = dock.page.keyboard.press
    dock.grip("window").focus()
    for key, words in {
        "ArrowLeft": "6-12 July 2025",
        "ArrowRight": "7-13 July 2025",
        "Shift+ArrowLeft": "30 June - 6 July 2025",
        "Shift+ArrowUp": "7-13 July 2025",
        "ArrowDown": "6-12 July 2025",
    }.items():
        press(key)
        dock.expect_period(words)
    press("Home")
    dock.expect_period("24 Feb - 2 Mar 2022")
    expect(dock.frame).to_be_in_viewport()
    press("End")
    expect(dock.grip("window")).to_have_attribute(
        "aria-valuenow", dock.grip("window").get_attribute("aria-valuemax") or ""
    )


def test_keys_on_the_handles(dock: Dock) -> None:
    press = dock.page.keyboard.press
    dock.grip("from").focus()
    press("ArrowLeft")
    dock.expect_period("6-13 July 2025")
    press("End")
    dock.expect_period("13 July 2025")
    dock.grip("to").focus()
    press("Shift+ArrowRight")
    dock.expect_period("13-20 July 2025")
    press("Home")
    dock.expect_period("13 July 2025")


def test_plus_and_minus_zoom_the_axis(dock: Dock) -> None:
    dock.grip("window").focus()
    width = dock.box(dock.frame)["width"]
    dock.page.keyboard.press("+")
    dock.expect_width(width * 1.5)
    dock.page.keyboard.press("-")
    dock.expect_width(width)
    dock.page.get_by_role("button", name="Timeline: zoom in").click()
    dock.expect_width(width * 1.5)
    dock.page.get_by_role("button", name="Timeline: all").click()
    dock.expect_frame("box.width < than[0]", width)


def test_every_control_is_reachable_by_tab(dock: Dock) -> None:
    dock.play.focus()
    reached = []
    for _ in range(18):
        dock.page.keyboard.press("Tab")
        reached.append(
            dock.page.evaluate(
                """() => { const { type, dataset } = document.activeElement;
                  return document.activeElement.closest("#dock") ? dataset.grip || type : ""; }"""
            )
        )
    for control in ["radio", "select-one", "from", "window", "to", "text", "button"]:
        assert control in reached, (control, reached)


def test_dock_is_accessible_in_every_mode(dock: Dock, axe: Callable[[Page], None]) -> None:
    for mode in ["window", "cumulative", "day"]:
        dock.mode(mode)
        axe(dock.page)
