/**
 * A link that may be followed: http and https only.
 *
 * @param {string | null | undefined} given
 * @returns {{ href: string, site: string } | null} `site` is the host without "www."
 */
export function webLink(given) {
  if (!given || !URL.canParse(given)) return null;
  const url = new URL(given);
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  return { href: url.href, site: url.hostname.replace(/^www\./, "") };
}
