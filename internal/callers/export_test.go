package callers

// SharesText is the built-in file, for tests that change it.
func SharesText() string { return string(sharesText) }
