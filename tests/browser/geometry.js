// Run in the page by geometry.py, which says what the problems are.
({ least, surfaces, over }) => {
  const problems = [];
  const nameOf = (element) => {
    const words = element.getAttribute("aria-label") || element.textContent.trim().slice(0, 24);
    const [kind] = element.getAttribute("class")?.split(" ") ?? [];
    return `${element.tagName.toLowerCase()}${element.id ? "#" + element.id : kind ? "." + kind : ""} “${words}”`;
  };
  const styleOf = (element, pseudo) => getComputedStyle(element, pseudo);
  const isHiddenVisually = (element) => Boolean(element.closest(".visually-hidden:not(:focus, :focus-within)"));
  const front = over.map((selector) => document.querySelector(selector)).find((one) => one?.checkVisibility());
  const scrolls = (style, axis) => ["auto", "scroll"].includes(axis === "x" ? style.overflowX : style.overflowY);
  const clips = (style, axis) => (axis === "x" ? style.overflowX : style.overflowY) !== "visible";
  const pageScrolls = ["visible", "auto", "scroll"].includes(styleOf(document.body).overflowY);
  const sides = { x: ["left", "right", innerWidth], y: ["top", "bottom", innerHeight] };

  /**
   * Returns the part of a box that is visible, or that scrolling makes visible: on each axis [from,
   * to], and the amount that is cut off.
   */
  function reachOf(element, box) {
    const reach = {};
    for (const axis of ["x", "y"]) {
      const [start, end, size] = sides[axis];
      let [from, to, cut] = [box[start], box[end], 0];
      let fixed = styleOf(element).position === "fixed" || element.matches(":popover-open");
      for (let up = element.parentElement; up && up !== document.body && !fixed; up = up.parentElement) {
        const style = styleOf(up);
        fixed = style.position === "fixed" || up.matches(":popover-open");
        if (!clips(style, axis)) continue;
        const clip = up.getBoundingClientRect();
        if (scrolls(style, axis)) {
          const length = Math.min(to - from, clip[end] - clip[start]);
          if (from < clip[start] || to > clip[end]) [from, to] = [clip[start], clip[start] + length];
        } else {
          cut += Math.max(0, clip[start] - from) + Math.max(0, to - clip[end]);
          [from, to] = [Math.max(from, clip[start]), Math.min(to, clip[end])];
        }
      }
      const offset = axis === "x" ? scrollX : scrollY;
      const root = document.scrollingElement;
      const [least, most] =
        pageScrolls && !fixed ? [-offset, (axis === "x" ? root.clientWidth : root.scrollHeight) - offset] : [0, size];
      cut += Math.max(0, least - from) + Math.max(0, to - most);
      reach[axis] = { from, to, cut };
    }
    return reach;
  }

  /** Returns the part of a box that its ancestors do not clip. */
  function visibleBox(element, { left, right, top, bottom }) {
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
      const style = styleOf(up);
      const clip = up.getBoundingClientRect();
      if (clips(style, "x")) [left, right] = [Math.max(left, clip.left), Math.min(right, clip.right)];
      if (clips(style, "y")) [top, bottom] = [Math.max(top, clip.top), Math.min(bottom, clip.bottom)];
      if (style.position === "fixed") break;
    }
    return { left, right, top, bottom };
  }

  const isOver = (element) => !front || front.contains(element);
  const controls = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(
    (one) => one.checkVisibility({ visibilityProperty: true }) && !isHiddenVisually(one) && isOver(one),
  );
  const scrolled = () => [...document.querySelectorAll("*")].filter((one) => one.scrollTop || one.scrollLeft);
  const before = new Map(scrolled().map((one) => [one, [one.scrollLeft, one.scrollTop]]));
  for (const control of controls) {
    const target = control.matches("input[type=radio], input[type=checkbox]")
      ? (control.closest("label") ?? control)
      : control;
    let box = target.getBoundingClientRect();
    const { x, y } = reachOf(target, box);
    if (x.cut + y.cut > 1) {
      problems.push(`cut off: ${nameOf(target)} by ${Math.round(x.cut)} × ${Math.round(y.cut)} px`);
      continue;
    }
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
    const isInline = styleOf(target).display === "inline";
    box = visibleBox(target, isInline ? target.getClientRects()[0] : target.getBoundingClientRect());
    const [middleX, middleY] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const hits = (px, py) => {
      const hit = document.elementFromPoint(px, py);
      return hit && (target.contains(hit) || (hit.contains(target) && hit.matches("label")));
    };
    if (!hits(middleX, middleY)) {
      const hit = document.elementFromPoint(middleX, middleY);
      problems.push(`covered: ${nameOf(target)} by ${hit ? nameOf(hit) : "nothing"}`);
      continue;
    }
    if (isInline) continue; // WCAG excepts links in sentences
    for (const [dx, dy] of [
      [1, 0],
      [0, 1],
    ]) {
      let length = 1;
      for (const way of [1, -1]) {
        for (let n = 1; n < least && hits(middleX + way * n * dx, middleY + way * n * dy); n++) length++;
      }
      if (length >= least - 1) continue;
      problems.push(`small: ${nameOf(target)} ${dx ? "width" : "height"} ${length} px`);
    }
  }
  for (const one of scrolled()) [one.scrollLeft, one.scrollTop] = before.get(one) ?? [0, 0];

  const boxes = surfaces.flatMap((selector) =>
    [...document.querySelectorAll(selector)].flatMap((element) => {
      const box = visibleBox(element, element.getBoundingClientRect());
      const isSeen = element.checkVisibility() && box.right - box.left > 1 && box.bottom - box.top > 1;
      return isSeen && !front?.contains(element) ? [{ selector, element, box }] : [];
    }),
  );
  for (const [n, one] of boxes.entries()) {
    for (const other of boxes.slice(n + 1)) {
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      const [across, down] = [
        Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left),
        Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top),
      ];
      if (across > 1 && down > 1) problems.push(`overlap: ${one.selector} and ${other.selector}`);
    }
  }

  /** The visible boxes of words, by surface. Ascenders of the next line may touch: only the middle counts. */
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || !parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (isHiddenVisually(parent) || parent.closest("#map, select, svg, script, style, noscript, [data-may-be-cut]"))
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 2 || box.height < 2) continue;
      const ellipsis = (() => {
        for (let up = parent; up && up !== document.body; up = up.parentElement) {
          const style = styleOf(up);
          if (style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") return up;
          if (style.maskImage !== "none") return up; // fades out on purpose
        }
        return null;
      })();
      // Legend, dock and chips have our own texts, which are short enough in every language.
      const isOurs = parent.closest("#legend, #dock, .chip");
      if (isOurs && ellipsis && ellipsis.scrollWidth > ellipsis.clientWidth + 1)
        problems.push(`words end in dots: “${node.data.trim().slice(0, 30)}”`);
      // The legend scrolls, but only up and down.
      const legend = parent.closest("#legend")?.getBoundingClientRect();
      if (legend && (box.left < legend.left || box.right > legend.right))
        problems.push(`words beside the legend: “${node.data.trim().slice(0, 30)}”`);
      const { x, y } = reachOf(parent, box);
      const isCut = x.cut > 2 || y.cut > box.height * 0.3;
      if (isCut && !ellipsis) problems.push(`words cut off: “${node.data.trim().slice(0, 30)}”`);
      const { left, right, top, bottom } = visibleBox(node, box);
      const quarter = (bottom - top) * 0.25;
      if (right - left < 2 || bottom - top < 4) continue;
      const sticky = parent.closest(".list-day h3, .legend > summary, .legend-more");
      const surface = parent.closest(
        ".menu-body, .choice, .search-list, dialog, .paper, .sheet, .credits, .chip, .notice",
      );
      words.push({
        text: node.data.trim().slice(0, 24),
        parent,
        surface,
        sticky,
        left,
        right,
        top: top + quarter,
        bottom: bottom - quarter,
      });
    }
  }
  for (const [n, one] of words.entries()) {
    for (const other of words.slice(n + 1)) {
      if (one.surface !== other.surface || one.parent === other.parent || one.sticky || other.sticky) continue;
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (across > 2 && down > 1) problems.push(`words over words: “${one.text}” and “${other.text}”`);
    }
  }
  return [...new Set(problems)];
};
