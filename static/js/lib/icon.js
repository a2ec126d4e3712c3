const SVG = "http://www.w3.org/2000/svg";

/**
 * An icon of templates/parts/icons.html, hidden from who cannot see: the text beside it, or the
 * button's label, says what it means.
 *
 * @param {string} name without the leading "icon-"
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}
