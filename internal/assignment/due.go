package assignment

import (
	"slices"
	"time"

	"shuniu/internal/cad"
)

// Due lists the deadlines that the crew still has to meet.
func Due(s State) []cad.Deadline { return s.owed(false) }

// Missed lists those that passed and were recorded, and that it owes still.
func Missed(s State) []cad.Deadline { return s.owed(true) }

func (s State) owed(passed bool) []cad.Deadline {
	if !s.Open() {
		return nil
	}
	var out []cad.Deadline
	for _, l := range s.Limits {
		from, met, known := s.span(l)
		if !known || from.IsZero() || met || slices.Contains(s.Passed, l.Kind) != passed {
			continue
		}
		out = append(out, cad.Deadline{Subject: Subject(s.ID), Kind: l.Kind, Due: from.Add(time.Duration(l.WithinS) * time.Second)})
	}
	return out
}

// span gives the moment a limit starts at, zero if it has not come yet, whether it has been met, and whether it is
// a limit of this room at all. At level two the station desk's signature meets the limit for signing; the crew's
// own is kept beside it.
func (s State) span(l Limit) (from time.Time, met, known bool) {
	switch l.From {
	case "dispatched":
		from = s.DispatchedAt
	case "acknowledged":
		from = s.reached(Acknowledged)
	default:
		return time.Time{}, false, false
	}
	switch {
	case l.Kind == "sign":
	case !s.Primary:
		from = time.Time{} // Nobody drives to a stacked one yet.
	case s.PromotedAt.After(from) && !from.IsZero():
		from = s.PromotedAt
	}
	switch l.Kind {
	case "sign":
		return from, !s.reached(Acknowledged).IsZero() || !s.DeskSignedAt.IsZero(), true
	case "depart":
		return from, !s.reached(EnRoute).IsZero(), true
	case "arrive":
		return from, !s.reached(OnScene).IsZero(), true
	}
	return time.Time{}, false, false
}
