package joint

import (
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/org"
	"shuniu/internal/unit"
)

// Word says when a unit was last heard of, and when it is to be asked if it says nothing until then, by the time that its
// centre sets; zero where nobody waits for its word. first is what it works on, nil if nothing. While it has not signed, the
// limit for signing runs instead.
func Word(o *org.State, u *unit.State, first *assignment.State) (heard, ask time.Time) {
	heard = later(u.Since, u.Heard)
	if first == nil || first.Stage == assignment.Dispatched {
		return heard, time.Time{}
	}
	heard = later(heard, first.Since)
	return heard, heard.Add(time.Duration(o.Silence()) * time.Second)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
