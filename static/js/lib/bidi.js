/**
 * Keeps the text direction of one text from changing the text around it, as `app/parsing/bidi.py`
 * does on the server. U+2069 in a text closes the isolation of `<bdi>` and `dir="auto"` too, so the
 * characters are balanced in the text.
 */

const [FSI, PDI] = ["\u2068", "\u2069"];
const CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;
const INITIATORS = "\u2066\u2067\u2068";
// Each ends a paragraph of the Unicode Bidirectional Algorithm, and all isolation in it.
// eslint-disable-next-line no-control-regex -- the separators of information end paragraphs, too
const PARAGRAPH_ENDS = /([\n\r\x1c-\x1e\x85\u2029]+)/;

/**
 * Returns a text to be shown beside other text; unchanged if it cannot affect that text.
 *
 * @param {string} text
 * @returns {string}
 */
export function isolate(text) {
  return text.search(CONTROLS) < 0 ? text : text.split(PARAGRAPH_ENDS).map(isolateParagraph).join("");
}

/**
 * Joins the texts that are not empty, each isolated.
 *
 * @param {(string | false | null | undefined)[]} texts
 * @param {string} between
 */
export function joinIsolated(texts, between) {
  return texts.flatMap((text) => (text ? [isolate(text)] : [])).join(between);
}

/** @param {string} text */
function isolateParagraph(text) {
  let [opened, unmatched] = [0, 0];
  let isSafe = true;
  for (const [control] of text.matchAll(CONTROLS)) {
    if (INITIATORS.includes(control)) opened++;
    else if (control !== PDI) isSafe &&= opened > 0;
    else if (opened) opened--;
    else unmatched++;
  }
  return isSafe && !opened && !unmatched ? text : FSI.repeat(1 + unmatched) + text + PDI.repeat(1 + opened);
}
