"""The sites on which people publish, with their hosts and the forms of their addresses.

Each rule is derived from addresses that the site itself publishes. If two addresses may belong to
different publications, they stay different: people notice a duplicate, but nobody notices two
publications that were merged.
"""

from __future__ import annotations

from typing import Final

from app.sources.site import Form, Site

# Characters after a number or a name: the rest of the address, or of the sentence that contained
# the address.
_END: Final = r"(?![\w-]).*"
_NUMBER: Final = rf"(?P<id>\d+){_END}"

# The number alone identifies a post; the site accepts any account before it, and accounts are
# renamed.
_X_KEPT: Final = "/i/status/{id}"
X: Final = Site(
    "x",
    "X",
    "x.com",
    hosts=("mobile.x.com", "m.x.com", "twitter.com", "mobile.twitter.com", "m.twitter.com"),
    copies=(
        "pro.x.com", "pro.twitter.com", "tweetdeck.twitter.com", "platform.twitter.com", "platform.x.com",
        "fxtwitter.com", "d.fxtwitter.com", "g.fxtwitter.com", "t.fxtwitter.com", "i.fxtwitter.com", "twittpr.com",
        "fixupx.com", "d.fixupx.com", "g.fixupx.com", "vxtwitter.com", "d.vxtwitter.com", "c.vxtwitter.com",
        "fixvx.com", "d.fixvx.com", "xcancel.com", "lightbrd.com", "twiiit.com", "nuku.trabun.org",
    ),
    copy_labels=("nitter",),
    separate=("t.co", "pic.twitter.com", "pic.x.com", "pbs.twimg.com", "video.twimg.com"),
    publications=(
        Form(rf"/(?P<author>(?!i/)\w+)/status(?:es)?/{_NUMBER}", _X_KEPT),
        Form(rf"/(?:i/)?(?:web/)?status(?:es)?/{_NUMBER}", _X_KEPT),
        Form(r"/embed/Tweet\.html", _X_KEPT, {"id": r"(?P<id>\d+)"}),
    ),
    accounts=(
        Form(
            r"/(?P<author>(?!(?:i|home|explore|search|hashtag|intent|share|login|signup|settings|notifications|messages|"
            r"compose|about|tos|privacy|jobs|download|status|statuses)$)\w{1,15})",
            "/{author}",
        ),
    ),
    noise=frozenset({"s", "t", "cxt", "twgr", "twterm", "lang"}),
)  # fmt: skip

# "s/" is the preview in a browser, and "/en" that of a translating copy. In groups with topics, the
# topic comes before the number.
TELEGRAM: Final = Site(
    "telegram",
    "Telegram",
    "t.me",
    hosts=("telegram.me", "telegram.dog"),
    subdomains=(r"[a-z]\w{3,31}", "/{label}"),
    copies=("tfix.me", "telesco.pe"),
    publications=(
        Form(rf"/(?:s/)?(?P<author>[a-zA-Z]\w{{3,31}})/(?:\d+/)?{_NUMBER}", "/{author}/{id}"),
        Form(rf"/(?P<author>[a-zA-Z]\w{{3,31}})/s/{_NUMBER}", "/{author}/s/{id}"),
    ),
    accounts=(
        Form(
            r"/(?:s/)?(?P<author>(?!(?:proxy|socks|share|login|contact|invoice|boost)$)[a-zA-Z]\w{3,31})",
            "/{author}",
        ),
    ),
    comment="comment",
    members_only=r"/(?:s/)?(?:c|joinchat)(?:/.*)?|/(?:s/)?(?:\+|%2B).*",
    private_hosts=("web.telegram.org", "webk.telegram.org", "webz.telegram.org", "weba.telegram.org"),
    noise=frozenset({"single", "embed", "mode", "before", "after", "t", "thread"}),
)

_VIDEO_ID: Final = rf"(?P<id>(?!videoseries|live_stream)[\w-]{{11}}){_END}"
_YOUTUBE_KEPT: Final = "/watch?v={id}"
YOUTUBE: Final = Site(
    "youtube",
    "YouTube",
    "youtube.com",
    hosts=("m.youtube.com", "music.youtube.com", "gaming.youtube.com", "youtube-nocookie.com"),
    starts={"youtu.be": "/watch"},
    copies=("youtube.googleapis.com", "yewtu.be"),
    copy_labels=("invidious", "piped"),
    publications=(
        Form("/watch", _YOUTUBE_KEPT, {"v": _VIDEO_ID}),
        Form(rf"/(?:watch|shorts|live|embed|v|e|vi)/{_VIDEO_ID}", _YOUTUBE_KEPT),
        Form("/attribution_link", _YOUTUBE_KEPT, {"u": rf"/watch\?(?:.*%26)?v(?:=|%3D){_VIDEO_ID}"}),
        Form("/post/(?P<id>[\\w-]+)", "/post/{id}"),
        Form("/channel/[\\w-]+/community", "/post/{id}", {"lb": r"(?P<id>[\w-]+)"}),
    ),
    accounts=(Form(r"/@(?P<author>[\w.-]+)(?:/featured)?", "/@{author}"),),
    comment="lc",
    noise=frozenset({"si", "feature", "pp", "ab_channel", "app", "t", "themeRefresh", "cbrd", "index", "start_radio"}),
)

# Numbers of objects are unique in all of Facebook: a video is the same on a page, as a reel and
# under "watch".
_FACEBOOK_NAME: Final = (
    r"(?P<author>(?!(?:watch|video|videos|reel|reels|photo|photos|groups|events|share|stories|story|media|hashtag|pages|"
    r"people|pg|public|marketplace|gaming|help|policies|login|sharer|plugins|search|notes|live)(?:/|$)|[^/]*\.php)"
    r"[\w.-]+)"
)
_POST: Final = rf"(?P<id>pfbid\w+|\d+){_END}"
_WATCH_KEPT: Final = "/watch?v={id}"
FACEBOOK: Final = Site(
    "facebook",
    "Facebook",
    "facebook.com",
    hosts=("m.facebook.com", "mobile.facebook.com", "mbasic.facebook.com", "web.facebook.com", "touch.facebook.com",
           "free.facebook.com", "0.facebook.com", "fb.com"),
    subdomains=(r"[a-z]{2}-[a-z]{2}", ""),
    copies=("facebed.com",),
    separate=("fb.watch", "fb.me"),
    publications=(
        Form(r"/watch(?:/live)?", _WATCH_KEPT, {"v": _NUMBER}),
        Form(r"/video\.php", _WATCH_KEPT, {"v": _NUMBER}),
        Form(r"/video/embed", _WATCH_KEPT, {"video_id": _NUMBER}),
        Form(rf"/(?:pg/)?{_FACEBOOK_NAME}/videos/(?:[^/]+/)*{_NUMBER}", _WATCH_KEPT),
        Form(rf"/reels?/{_NUMBER}", _WATCH_KEPT),
        Form(rf"/(?:pg/)?{_FACEBOOK_NAME}/photos/(?:[^/]+/)*{_NUMBER}", "/photo?fbid={id}"),
        Form(r"/photo(?:\.php)?", "/photo?fbid={id}", {"fbid": _NUMBER}),
        Form(
            r"/(?:permalink|story)\.php",
            "/{author}/posts/{id}",
            {"story_fbid": _POST, "id": rf"(?P<author>\d+){_END}"},
        ),
        Form(rf"/groups/(?P<group>[\w.-]+)/(?:posts|permalink)/{_NUMBER}", "/groups/{group}/posts/{id}"),
        Form(r"/groups/(?P<group>[\w.-]+)", "/groups/{group}/posts/{id}", {"multi_permalinks": _NUMBER}),
        Form(rf"/(?:pg/)?{_FACEBOOK_NAME}/posts/(?:[^/]+/)?{_POST}", "/{author}/posts/{id}"),
        # Short links; only Facebook knows their targets.
        Form(r"/share/(?P<id>(?:[prv]/)?[\w-]+)", "/share/{id}"),
    ),
    accounts=(
        Form(rf"/(?:pg/)?{_FACEBOOK_NAME}", "/{author}"),
        Form(r"/groups/(?P<group>[\w.-]+)", "/groups/{group}"),
    ),
    comment="comment_id",
    noise=frozenset({"ref", "refsrc", "refid", "rdid", "share_url", "_rdr", "_rdc", "paipv", "eav", "sfnsn", "hc_ref",
                     "fref", "pnref", "locale", "extid", "wtsid", "app"}),
    caseless=frozenset({"author", "group"}),
)  # fmt: skip

_INSTAGRAM_NAME: Final = r"(?P<author>(?!(?:p|reels?|tv|share|stories|explore|accounts|direct|about)(?:/|$))[\w.]+)"
_INSTAGRAM_POST: Final = rf"/(?:{_INSTAGRAM_NAME}/)?(?:p|reels?|tv)/(?P<id>(?!audio/)[\w-]+)"
INSTAGRAM: Final = Site(
    "instagram",
    "Instagram",
    "instagram.com",
    hosts=("m.instagram.com", "instagr.am"),
    copies=("ddinstagram.com", "d.ddinstagram.com", "kkinstagram.com", "vxinstagram.com", "uuinstagram.com"),
    publications=(
        Form(rf"{_INSTAGRAM_POST}/c/(?P<comment>\d+){_END}", "/p/{id}/c/{comment}"),
        Form(rf"{_INSTAGRAM_POST}(?:(?!/c/)/.*|[.,;)]+)?", "/p/{id}"),
        Form(r"/share/(?P<id>(?:(?:p|reels?)/)?[\w-]+)", "/share/{id}"),
        Form(rf"/stories/(?P<author>(?!highlights/)[\w.]+)/{_NUMBER}", "/stories/{author}/{id}"),
    ),
    accounts=(Form(f"/{_INSTAGRAM_NAME}", "/{author}"),),
    noise=frozenset({"img_index", "hl"}),
)

# The number alone identifies a video; TikTok itself adds the account before the number.
_TIKTOK_KEPT: Final = "/@/video/{id}"
TIKTOK: Final = Site(
    "tiktok",
    "TikTok",
    "tiktok.com",
    hosts=("m.tiktok.com",),
    copies=("vxtiktok.com", "tnktok.com", "tfxktok.com"),
    separate=("vm.tiktok.com", "vt.tiktok.com"),
    publications=(
        Form(rf"/@(?P<author>[\w.-]+)?/(?:video|photo)/{_NUMBER}", _TIKTOK_KEPT),
        Form(rf"/(?:embed(?:/v\d)?|v|player/v\d|(?:share/)?video)/{_NUMBER}", _TIKTOK_KEPT),
        Form(r"/t/(?P<id>\w+)", "/t/{id}"),
    ),
    accounts=(Form(r"/@(?P<author>[\w.-]+)", "/@{author}"),),
    noise=frozenset({"_r", "_t", "_d", "is_from_webapp", "sender_device", "web_id", "lang", "is_copy_url", "u_code"}),
)

# The author is the owner of the wall or the album: a person, or a group (with a minus). "z" is the
# dialog over a page.
_OWNED: Final = r"(?P<author>-?\d+)_(?P<id>\d+)(?!\d).*"
_WALL_KEPT: Final = "/wall{author}_{id}"
_VIDEO_KEPT: Final = "/video{author}_{id}"
VK: Final = Site(
    "vk",
    "VK",
    "vk.com",
    hosts=("m.vk.com", "new.vk.com", "vk.ru", "m.vk.ru", "vkontakte.ru", "vkvideo.ru", "m.vkvideo.ru"),
    separate=("vk.cc",),
    publications=(
        Form(".*", _VIDEO_KEPT, {"z": rf"(?:video|clip){_OWNED}"}),
        Form(".*", "/photo{author}_{id}", {"z": rf"photo{_OWNED}"}),
        Form(".*", _WALL_KEPT + "?reply={reply}", {"w": r"wall(?P<author>-?\d+)_(?P<id>\d+)_r(?P<reply>\d+)(?!\d).*"}),
        Form(".*", _WALL_KEPT, {"w": f"wall{_OWNED}"}),
        Form(r"/video_ext\.php", _VIDEO_KEPT, {"oid": r"(?P<author>-?\d+)", "id": r"(?P<id>\d+)"}),
        Form(rf"/(?:.*/)?(?:video|clip){_OWNED}", _VIDEO_KEPT),
        Form(f"/wall{_OWNED}", _WALL_KEPT),
        Form(f"/photo{_OWNED}", "/photo{author}_{id}"),
    ),
    accounts=(
        Form(
            r"/(?P<author>(?!(?:feed|search|video|videos|im|mail|away|apps|market|clips|wall|share|login|about)$)"
            r"[a-zA-Z][\w.]+)(?<!\.php)",
            "/{author}",
        ),
    ),
    comment="reply",
    noise=frozenset({"from", "own", "t"}),
)  # fmt: skip

BLUESKY: Final = Site(
    "bluesky",
    "Bluesky",
    "bsky.app",
    hosts=("staging.bsky.app", "main.bsky.dev"),
    copies=("embed.bsky.app", "bskyx.app", "fxbsky.app", "vxbsky.app", "xbsky.app", "bsyy.app", "cbsky.app"),
    publications=(
        Form(rf"/profile/(?P<author>[\w.:-]+)/post/(?P<id>\w+){_END}", "/profile/{author}/post/{id}"),
        Form(
            rf"/embed/(?P<author>did:[\w.:-]+)/app\.bsky\.feed\.post/(?P<id>\w+){_END}", "/profile/{author}/post/{id}"
        ),
    ),
    accounts=(Form(r"/profile/(?P<author>[\w.:-]+)", "/profile/{author}"),),
    noise=frozenset({"ref_src", "ref_url"}),
)

# "/r/…" has a group, and "/user/…" has the author. The number alone identifies a post.
_REDDIT_POST: Final = r"(?:/r/[\w-]+|/(?:u|user)/(?P<author>[\w-]+))?/comments/(?P<id>[a-zA-Z0-9]+)"
REDDIT: Final = Site(
    "reddit",
    "Reddit",
    "reddit.com",
    hosts=("old.reddit.com", "new.reddit.com", "np.reddit.com", "m.reddit.com", "i.reddit.com", "amp.reddit.com",
           "sh.reddit.com", "embed.reddit.com"),
    subdomains=(r"[a-z]{2}", ""),
    starts={"redd.it": "/comments"},
    copies=("rxddit.com", "vxreddit.com", "redditmedia.com"),
    copy_labels=("teddit", "libreddit", "redlib"),
    separate=("v.redd.it", "i.redd.it", "preview.redd.it"),
    publications=(
        Form(rf"{_REDDIT_POST}/[^/]+/(?P<comment>[a-zA-Z0-9]+){_END}", "/comments/{id}/_/{comment}"),
        Form(rf"{_REDDIT_POST}(?:/[^/]*|[.,;)]+)?", "/comments/{id}"),
        Form(r"/gallery/(?P<id>[a-zA-Z0-9]+)", "/comments/{id}"),
        Form(r"/r/(?P<group>\w+)/s/(?P<id>\w+)", "/r/{group}/s/{id}"),
    ),
    accounts=(
        Form(r"/r/(?P<group>\w+)", "/r/{group}"),
        Form(r"/(?:u|user)/(?P<author>[\w-]+)", "/user/{author}"),
    ),
    noise=frozenset({"share_id", "context", "rdt", "chainedPosts"}),
    caseless=frozenset({"author", "group"}),
)  # fmt: skip

THREADS: Final = Site(
    "threads",
    "Threads",
    "threads.com",
    hosts=("threads.net",),
    copies=("fixthreads.net", "vxthreads.net"),
    publications=(
        Form(r"/@(?P<author>[\w.]+)/post/(?P<id>[\w-]+)(?:/.*|[.,;)]+)?", "/t/{id}"),
        Form(r"/t/(?P<id>[\w-]+)(?:/.*|[.,;)]+)?", "/t/{id}"),
    ),
    accounts=(Form(r"/@(?P<author>[\w.]+)", "/@{author}"),),
    noise=frozenset({"xmt", "slof"}),
)

ODNOKLASSNIKI: Final = Site(
    "odnoklassniki",
    "Odnoklassniki",
    "ok.ru",
    hosts=("m.ok.ru", "odnoklassniki.ru", "m.odnoklassniki.ru"),
    publications=(
        Form(rf"/(?:video|videoembed|live)/{_NUMBER}", "/video/{id}"),
        Form(rf"/(?:profile/)(?P<author>\d+)/statuses/{_NUMBER}", "/profile/{author}/statuses/{id}"),
        Form(rf"/group/(?P<author>\d+)/topic/{_NUMBER}", "/group/{author}/topic/{id}"),
    ),
)

RUTUBE: Final = Site(
    "rutube",
    "Rutube",
    "rutube.ru",
    hosts=("m.rutube.ru",),
    publications=(Form(r"/(?:video|play/embed|shorts|live/video)/(?P<id>[0-9a-f]{32})(?:[/.,;)].*)?", "/video/{id}"),),
)

SITES: Final = (
    X, TELEGRAM, YOUTUBE, FACEBOOK, INSTAGRAM, TIKTOK, VK, BLUESKY, REDDIT, THREADS, ODNOKLASSNIKI, RUTUBE,
)  # fmt: skip
