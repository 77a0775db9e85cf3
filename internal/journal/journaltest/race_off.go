//go:build !race

package journaltest

const raceOn = false
