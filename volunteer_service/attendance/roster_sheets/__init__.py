"""The roster on paper, for a gate without network: numbered sheets, entered later line by line."""
