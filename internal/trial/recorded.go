package trial

import (
	"slices"
	"time"
)

// CallsOf are recorded calls as they are played: the times until somebody was sent and until the first wheels turned, and how
// long each crew stayed, are those of the records. Where one is missing the median of the others stands. Calls without a
// place are left out and counted.
func CallsOf(records []Record) (calls []Call, leftOut int) {
	usual := usualTimes(records)
	for i := range records {
		r := &records[i]
		if r.Place == nil || !r.Place.Valid() || r.At.IsZero() {
			leftOut++
			continue
		}
		c := Call{ID: r.ID, At: r.At, Ready: usual.ready, Turnout: usual.turnout, Place: *r.Place, Type: r.Type, Priority: r.Priority, Scene: usual.stay}
		for k, s := range r.Sent {
			t := timesOf(r, s)
			if k == 0 {
				c.Ready, c.Turnout = orElse(t.ready, usual.ready), orElse(t.turnout, usual.turnout)
			}
			c.Scenes = append(c.Scenes, orElse(t.stay, usual.stay))
		}
		calls = append(calls, c)
	}
	return calls, leftOut
}

// times are those of one unit on one call; never marks what is not recorded, or cannot be.
type times struct{ ready, turnout, stay time.Duration }

// usualMax is how long anything of that may have taken to be believed.
const usualMax = 12 * time.Hour

func timesOf(r *Record, s Sent) times {
	return times{span(r.At, s.Dispatch), span(s.Dispatch, s.EnRoute), span(s.OnScene, s.Available)}
}

func span(from, to time.Time) time.Duration {
	if d := to.Sub(from); !from.IsZero() && !to.IsZero() && d >= 0 && d <= usualMax {
		return d
	}
	return never
}

func orElse(d, usual time.Duration) time.Duration {
	if d == never {
		return usual
	}
	return d
}

func usualTimes(records []Record) times {
	var ready, turnout, stay []time.Duration
	add := func(list *[]time.Duration, d time.Duration) {
		if d != never {
			*list = append(*list, d)
		}
	}
	for i := range records {
		for _, s := range records[i].Sent {
			t := timesOf(&records[i], s)
			add(&ready, t.ready)
			add(&turnout, t.turnout)
			add(&stay, t.stay)
		}
	}
	return times{middleOf(ready), middleOf(turnout), middleOf(stay)}
}

func middleOf(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[(len(list)-1)/2]
}

// Whatif is what changes do to the same calls.
type Whatif struct {
	Before     Summary    `json:"before"`
	After      Summary    `json:"after"`
	Difference Difference `json:"difference"`
	Work       []Workload `json:"workloads"`  // After, the busiest first.
	TimesReal  float64    `json:"times_real"` // How much faster than life it was played.
}
