const SVG = "http://www.w3.org/2000/svg";

/**
 * Creates an icon of templates/parts/icons.html. Screen readers skip the icon, so it needs text
 * beside it or a label on its button.
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
