//go:build !race

package journaltest

// Raced is false without the race detector.
const Raced = false
