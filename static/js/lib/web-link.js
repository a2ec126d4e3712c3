/**
 * Parses a link and accepts only http and https.
 *
 * @param {string | null | undefined} link
 * @returns {{ href: string, site: string } | null} `site` is the host without "www."
 */
export function webLink(link) {
  if (!link || !URL.canParse(link)) return null;
  const url = new URL(link);
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  return { href: url.href, site: url.hostname.replace(/^www\./, "") };
}
