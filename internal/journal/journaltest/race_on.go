//go:build race

package journaltest

// raceOn is true under the race detector, which is ten times slower: the long journal is shorter there, and whole
// in a run of its own without it.
const raceOn = true
