"""Page object of the dock. Tests write ranges with a hyphen; the page shows an en dash."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

DASH = "\N{EN DASH}"


WEEK = "/?from=2025-07-07&to=2025-07-13"


@dataclass
class Dock:
    """The dock of the page."""

    page: Page
    selector: str = "#dock"

    @property
    def root(self) -> Locator:
        return self.page.locator(self.selector)

    @property
    def period(self) -> Locator:
        return self.root.locator(".dock-period")

    @property
    def play(self) -> Locator:
        return self.root.locator(".dock-play")

    @property
    def frame(self) -> Locator:
        return self.root.locator(".dock-window")

    def grip(self, name: str) -> Locator:
        return self.root.locator(f'[data-grip="{name}"]')

    def mode(self, name: str) -> None:
        self.root.locator(f'label:has(input[value="{name}"])').click()

    def type_day(self, label: str, words: str) -> None:
        """Types a day into a date field."""
        field = self.root.get_by_label(label, exact=True)
        field.fill(words)
        field.press("Enter")

    def box(self, locator: Locator) -> dict[str, float]:
        box = locator.bounding_box()
        assert box is not None
        return {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}

    def pixels_per_day(self, days: int = 7) -> float:
        """Returns the scale of the axis; `days` is the length of the window."""
        return self.box(self.frame)["width"] / days

    def hold(self, name: str) -> tuple[float, float]:
        """Returns the point to drag a grip at: the middle of the window, or the handle of an
        end.
        """
        box, chart = self.box(self.grip(name)), self.box(self.root.locator(".dock-chart"))
        x = {"from": box["x"] - 2, "to": box["x"] + box["width"] + 2}.get(name, box["x"] + box["width"] / 2)
        return x, chart["y"] + chart["height"] / 2

    def drag(self, name: str, days: float, *, ppd: float | None = None) -> None:
        """Drags a grip by a number of days with the mouse, in several moves."""
        x, y = self.hold(name)
        far = days * (ppd or self.pixels_per_day())
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + far / 2, y, steps=3)
        self.page.mouse.move(x + far, y, steps=3)
        self.page.mouse.up()

    def expect_period(self, words: str) -> None:
        expect(self.period).to_have_text(words.replace("-", DASH))

    def expect_frame(self, condition: str, *than: float) -> None:
        """Waits until a condition on the `box` of the window and the numbers `than` is true."""
        self.page.wait_for_function(
            f"""(than) => {{ const box = document.querySelector(".dock-window").getBoundingClientRect();
              return {condition}; }}""",
            arg=list(than),
        )

    def expect_width(self, pixels: float) -> None:
        self.expect_frame("Math.abs(box.width - than[0]) < 1", pixels)
