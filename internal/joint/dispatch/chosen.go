package dispatch

import (
	"cmp"
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/incident"
)

// NotComputed stands among what an advice had to do without when there was none at all.
const NotComputed = "not_computed"

// Advised is what was recommended when units were sent. It is made at the edge, before the desk is asked, and only kept:
// no decision rests on it.
type Advised struct {
	ID       string
	Wave     int
	Items    []incident.Choice
	Degraded []string
	Shown    bool              // The person saw a recommendation of ours.
	Screen   []incident.Choice // What he saw; nil if it was the same.
}

// Advised is the advice as it is kept.
func (a Advice) Advised() *Advised {
	return &Advised{ID: a.ID, Wave: a.Wave, Items: a.Choices, Degraded: a.Degraded}
}

// chosen is the fact of a choice.
func (c Send) chosen(sent []cad.UnitID) incident.Chosen {
	a := c.Advice
	seen := a.Items
	if a.Screen != nil {
		seen = a.Screen
	}
	f := incident.Chosen{
		Advice: a.ID, Wave: a.Wave, Recommended: listed(a.Items), Screen: a.Screen, Sent: sent, Shown: a.Shown, Degraded: a.Degraded, Private: c.Reason,
	}
	units := make([]cad.UnitID, 0, len(seen))
	for _, x := range seen {
		units = append(units, x.Unit)
	}
	f.Same = a.ID != "" && (slices.Equal(sorted(units), sorted(sent)) || slices.Equal(sorted(units), asked(c.Units)))
	return incident.NewChosen(c.Incident, f)
}

// listed is a list that is never null on the wire.
func listed(c []incident.Choice) []incident.Choice {
	if c == nil {
		return []incident.Choice{}
	}
	return c
}

// asked are the units that somebody named, each once. One of them may have been sent by another meanwhile: what he
// wanted is what he saw all the same.
func asked(ids []cad.UnitID) []cad.UnitID { return slices.Compact(sorted(ids)) }

func sorted(ids []cad.UnitID) []cad.UnitID {
	return slices.SortedFunc(slices.Values(ids), cmp.Compare[cad.UnitID])
}
