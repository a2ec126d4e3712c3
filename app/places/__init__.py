"""The gazetteer: settlements with their spellings, loaded and searched."""
