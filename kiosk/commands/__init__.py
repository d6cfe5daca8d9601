"""Commands that come in groups (`carry pack`, `receipt check`): one file a group, and what they share."""
