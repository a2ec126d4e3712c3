"""Events: lists, single events, columns, histograms and tiles."""
