"""Canonical URLs: links to the same publication, links to different ones, and links that the public
cannot open.

The table `pairs.json` contains the URL formats of the platforms; its accounts and numbers are
invented.
"""

from __future__ import annotations

import csv
import gzip
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.sources.address import LONGEST
from app.sources.canonical import CanonicalLink, canonicalise
from app.sources.naming import name_of
from app.sources.refusals import REASONS, UnusableLink
from app.sources.sites import SITES
from tests.exchange.made_events import write_events

PAIRS: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("pairs.json").read_text(encoding="utf-8"))
SAME: Final = [(canonical, url) for canonical, urls in PAIRS["same"].items() for url in [canonical, *urls]]
REFUSED: Final = [(code, url) for code, urls in PAIRS["refused"].items() for url in urls]


@pytest.mark.parametrize(("canonical", "url"), SAME)
def test_links_to_one_publication_have_one_canonical_url(canonical: str, url: str) -> None:
    assert canonicalise(url).url == canonical


@pytest.mark.parametrize(("one", "other"), PAIRS["apart"])
def test_different_publications_have_different_urls(one: str, other: str) -> None:
    assert canonicalise(one).url != canonicalise(other).url


@pytest.mark.parametrize(("code", "url"), REFUSED)
def test_links_that_the_public_cannot_open_are_refused_with_a_reason(code: str, url: str) -> None:
    with pytest.raises(UnusableLink) as refused:
        canonicalise(url)
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def test_length_is_limited_before_and_after_percent_encoding() -> None:
    longest = "https://example.org/" + "a" * (LONGEST - 20)
    assert canonicalise(longest).url == longest
    for too_long in (longest + "a", "https://example.org/" + "я" * 400):
        with pytest.raises(UnusableLink) as refused:
            canonicalise(too_long)
        assert refused.value.code == "address-too-long"


def test_table_covers_every_reason_and_platform() -> None:
    assert set(PAIRS["refused"]) | {"address-too-long"} == set(REASONS)
    assert {canonicalise(url).platform for url in PAIRS["same"]} == {site.platform for site in SITES} | {"web"}


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.platform)
def test_every_host_of_a_site_has_the_same_canonical_url(site: Any) -> None:
    """With every host of a site, a path of a publication either has a canonical URL at the site or
    stays, with its platform.
    """
    for host in (site.host, *site.hosts, *site.separate):
        assert canonicalise(f"https://{host}/some/path").platform == site.platform
    for host in site.copies:
        assert canonicalise(f"https://{host}/").publisher == host


@pytest.mark.parametrize(
    ("url", "platform", "publisher", "author", "name"),
    [
        ("https://Twitter.com/Example_User/status/1", "x", "x.com", "example_user", "@example_user on X"),
        ("https://x.com/i/status/1", "x", "x.com", None, "X"),
        ("https://nitter.net/a/status/1", "x", "x.com", "a", "@a on X"),
        ("https://t.me/s/Example/1", "telegram", "t.me", "example", "@example on Telegram"),
        ("https://example.t.me/1", "telegram", "t.me", "example", "@example on Telegram"),
        ("https://youtu.be/AbCdEfGhI-_", "youtube", "youtube.com", None, "YouTube"),
        ("https://youtube.com/@Example", "youtube", "youtube.com", "example", "@example on YouTube"),
        ("https://facebook.com/Example/posts/1", "facebook", "facebook.com", "example", "@example on Facebook"),
        ("https://facebook.com/story.php?story_fbid=1&id=2", "facebook", "facebook.com", "2", "Facebook"),
        ("https://facebook.com/watch?v=1", "facebook", "facebook.com", None, "Facebook"),
        ("https://instagram.com/p/abc", "instagram", "instagram.com", None, "Instagram"),
        ("https://instagram.com/a.b/p/abc", "instagram", "instagram.com", "a.b", "@a.b on Instagram"),
        ("https://tiktok.com/@a.b/video/1", "tiktok", "tiktok.com", "a.b", "@a.b on TikTok"),
        ("https://vm.tiktok.com/ZMa", "tiktok", "vm.tiktok.com", None, "TikTok"),
        ("https://vk.com/group?w=wall-10_2", "vk", "vk.com", "-10", "VK"),
        ("https://bsky.app/profile/A.b/post/3a", "bluesky", "bsky.app", "a.b", "@a.b on Bluesky"),
        ("https://reddit.com/r/a/comments/1ab/t", "reddit", "reddit.com", None, "Reddit"),
        ("https://reddit.com/user/A/comments/1ab/t", "reddit", "reddit.com", "a", "@a on Reddit"),
        ("https://ok.ru/group/1/topic/2", "odnoklassniki", "ok.ru", "1", "Odnoklassniki"),
        ("https://www.reuters.com/a?b=1", "web", "reuters.com", None, "reuters.com"),
        ("https://example.org:8080/a", "web", "example.org", None, "example.org"),
    ],
)
def test_platform_publisher_author_and_name(
    url: str, platform: str, publisher: str, author: str | None, name: str
) -> None:
    link = canonicalise(url)
    assert link == CanonicalLink(link.url, platform, publisher, author)
    assert name_of(link) == name


def check_own_canonical_form(url: str) -> None:
    """Checks that a canonical URL is its own canonical form, and that an invalid one is refused
    without another error.
    """
    try:
        link = canonicalise(url)
    except UnusableLink:
        return
    again = canonicalise(link.url)
    assert (again.url, again.platform, again.publisher) == (link.url, link.platform, link.publisher)
    assert link.url.isascii()
    assert len(link.url) <= LONGEST
    assert link.url.startswith(("https://", "http://"))


HOSTS = sorted(
    {host for site in SITES for host in (site.host, *site.hosts, *site.copies, *site.separate, *site.starts)}
    | {"example.org", "example_name.t.me", "uk-ua.facebook.com", "nitter.example.org", "google.com", "web.archive.org",
       "l.facebook.com", "archive.ph", "a.cdn.ampproject.org", "www.www.org", "пример.испытание"}
)  # fmt: skip
PIECES = st.sampled_from(
    ["status", "s", "c", "watch", "shorts", "video", "videos", "posts", "reel", "p", "wall-1_2", "video-1_2",
     "comments", "story.php", "amp", "url", "l.php", "web", "2024", "https:", "example.org", "x.com",
     "AbCdEfGhI-_", "@user", "post", "1234567", "name", "..", ".", "", "%2e%2e", "%2F", "%", "%D0", "%d0%97",
     "Звірове", "и\u0306", "e%CC%81", "%3C%CC%81", "%FFe\u0301", "\u037e", "\u212a", "\u2126\u0338", "+",
     "+abc", "a b", "i", "r", "u"]
)  # fmt: skip
PARAMETERS = st.sampled_from(
    ["v=AbCdEfGhI-_", "v", "v=1", "id=1", "story_fbid=2", "fbid=3", "w=wall-1_2", "w=wall-1_2_r3",
     "z=video-1_2%2Fa", "reply=5", "comment=6", "lc=x", "comment_id=7", "utm_source=x", "utm%5Fsource=x",
     "amp;id=9", "amp;amp;v=1", "%61mp;a", "amp%3Bx=1", "single", "u=https%3A%2F%2Fx.com%2Fa%2Fstatus%2F1",
     "q=https://t.me/abcde/1", "url=javascript:1", "a=1", "b=%26", "b=%2b", "a+b=c+d", "=", "==", "", "&",
     "=\u0338", "e\u0301=%CC%81", "list=PL", "si=1", "oid=-1", "ж=я", "u=https://[", "q=http://"]
)  # fmt: skip


@given(st.text(max_size=60) | st.from_regex(r"https?://[^/?#]{1,20}[/?#]?.{0,40}", fullmatch=True))
@example("https://www.com/")
@example("https://www.www.x.com/a/status/1")
@example("http://example.org:443/")
@example("https://example.org:80/")
@example("https://example.org/?utm%5Fsource=1")
@example("https://example.org/?a&%61mp;b")
@example("https://xn--.example/")
@example("https://。。/")
@example("https://example.org/%CC%81%CC\u0301")
def test_any_text_has_a_stable_canonical_url_or_is_refused(url: str) -> None:
    check_own_canonical_form(url)


@given(
    st.sampled_from(HOSTS),
    st.lists(PIECES, max_size=5),
    st.lists(PARAMETERS, max_size=4),
    st.sampled_from(["", "#", "#a", "#!/user/status/7", "#/a?b", "#!", "#!/", "#!/w?v=1#x"]),
)
def test_any_url_of_a_known_site_has_a_stable_canonical_url(
    host: str, path: list[str], query: list[str], fragment: str
) -> None:
    check_own_canonical_form(f"https://{host}/{'/'.join(path)}{'?' if query else ''}{'&'.join(query)}{fragment}")


@pytest.mark.parametrize(
    "rest",
    ["/" * 2000, "a/" * 1000, "/video" * 330, "?" + "&v=" * 600, "?u=" + "%26v%3D" * 280, "a." * 1000, "%41" * 660,
     "?" + "amp;" * 500, "../" * 660, "r/a/comments/" * 150, "1" * 2000, "videos/" + "1/" * 900, "amp/s/" * 300],
)  # fmt: skip
def test_long_urls_are_canonicalised_quickly(rest: str) -> None:
    began = time.process_time()
    for host in HOSTS:
        check_own_canonical_form(f"https://{host}/{rest}"[:LONGEST])
    assert time.process_time() - began < 0.02 * len(HOSTS)


@pytest.fixture(params=["made", pytest.param("real", marks=pytest.mark.long)])
def file_of_events(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A generated file of events; in `make long` also a real one, which is not part of the
    project.
    """
    if request.param == "made":
        return write_events(tmp_path / "events.csv.gz")
    shared_data: Path = request.getfixturevalue("shared_data")
    return shared_data / "events" / "geolocated_events_to_2025.csv.gz"


def test_links_of_a_whole_file(file_of_events: Path, record_property: Any) -> None:
    """Every link has a canonical address or is refused with a reason; copies of posts are found."""
    events: list[list[str]] = []
    with gzip.open(file_of_events, "rt", encoding="utf-8", newline="") as file:
        events.extend(row["urls"].split() for row in csv.DictReader(file))
    refused: Counter[str] = Counter()
    platforms: Counter[str] = Counter()
    events_by_source: Counter[str] = Counter()
    given_links = sum(map(len, events))
    began = time.process_time()
    for links in events:
        sources = set()
        for link in links:
            try:
                canonical = canonicalise(link)
            except UnusableLink as error:
                refused[error.code] += 1
            else:
                sources.add(canonical.url)
                platforms[canonical.platform] += 1
        events_by_source.update(sources)
    seconds = time.process_time() - began
    shared = {url for url, count in events_by_source.items() if count > 1}
    figures = {
        "links": given_links,
        "sources": len(events_by_source),
        "sources that serve several events": len(shared),
        "the most events that one serves": max(events_by_source.values()),
        "refused": dict(refused),
        "platforms": dict(platforms.most_common()),
        "links a second": round(given_links / seconds),
    }
    for name, figure in figures.items():
        record_property(name, figure)
    assert sum(platforms.values()) + refused.total() == given_links
    assert set(refused) == {"members-only"}
    assert len(events_by_source) < len({link for links in events for link in links})
    assert all(canonicalise(url).url == url for url in events_by_source)
