"""The desk: submissions become checked, sourced events. A layer above the slices, since its work spans them."""
