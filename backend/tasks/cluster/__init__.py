"""Groups of vectors that are alike, with no examples: found, named, mapped; false colour."""
