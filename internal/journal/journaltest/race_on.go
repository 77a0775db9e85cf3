//go:build race

package journaltest

// Raced is true under the race detector, which is ten times slower: what is only long is shorter there, and whole
// without it (`make test` runs both).
const Raced = true
