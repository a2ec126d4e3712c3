"""Tracking parameters: they tell who shared a link, where and in which campaign, and do not change
the page.
"""

from __future__ import annotations

from typing import Final

# Each is documented by the company that adds it, or is in the lists of parameters that browsers
# strip (Firefox, Brave, ClearURLs).
_NAMES: Final = frozenset(
    {
        "pk_campaign", "pk_kwd", "pk_source", "pk_medium", "pk_content", "pk_cid", "pk_vid", "fbclid", "fb_action_ids",
        "fb_action_types", "fb_source", "fb_ref", "__tn__", "__xts__", "mibextid", "gclid", "gclsrc", "dclid", "gbraid",
        "wbraid", "srsltid", "_ga", "_gl", "_gac", "twclid", "ref_src", "ref_url", "__twitter_impression", "ttclid",
        "igshid", "igsh", "li_fat_id", "rdt_cid", "epik", "sccid", "msclkid", "yclid", "ymclid", "ysclid", "_openstat",
        "rb_clickid", "vkclid", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "hsctatracking", "vero_id",
        "vero_conv", "oly_anon_id", "oly_enc_id", "s_cid", "cmpid", "icid", "ncid", "xtor", "wt_mc", "wt_zmc",
        "wickedid", "ml_subscriber", "ml_subscriber_hash", "hss_channel", "guccounter", "guce_referrer",
        "guce_referrer_sig", "ocid", "cvid", "smid", "smtyp", "taid", "wprov", "spm", "tblci", "vgo_ee", "trk_contact",
        "trk_msg", "trk_module", "trk_sid", "at_medium", "at_campaign", "at_campaign_type", "at_custom1", "at_custom2",
        "at_custom3", "at_custom4", "at_link_id", "at_link_type", "at_link_origin", "at_ptr_name", "at_format",
        "at_bbc_team", "ns_source", "ns_mchannel", "ns_campaign", "ns_linkname", "ns_fee",
    }
)  # fmt: skip
_BEGINNINGS: Final = ("utm_", "mtm_", "matomo_", "hsa_", "__cft__")


def is_tracking(name: str) -> bool:
    """Tells whether a query parameter is a tracking parameter, by its name."""
    lowered = name.lower()
    return lowered in _NAMES or lowered.startswith(_BEGINNINGS)
