package assignment

import "time"

// Stretch is one stretch of an assignment as it went, against the limit that was in force when the crew was sent. The
// kinds are those by which Chinese 110 centres are measured: sign (签收), depart (出动), arrive (到场) and handle (处置).
type Stretch struct {
	Kind   string    `json:"kind"` // "sign", "depart", "arrive" or "handle".
	From   time.Time `json:"from"`
	To     time.Time `json:"to,omitzero"`      // Zero while it runs.
	LimitS int64     `json:"limit_s,omitzero"` // Seconds; 0: none was in force.
	Ended  bool      `json:"ended,omitempty"`  // The assignment ended before this was reached.
}

// Intervals lists the stretches that have begun. Each begins where its limit does, so that what is shown is what the
// deadline measured: a stacked order's way begins when it became the primary.
func Intervals(s State) []Stretch {
	var out []Stretch
	for _, kind := range []string{"sign", "depart", "arrive"} {
		l := Limit{Kind: kind, From: "dispatched"}
		for _, own := range s.Limits {
			if own.Kind == kind {
				l = own
			}
		}
		from, _, known := s.span(l)
		if !known || from.IsZero() {
			continue
		}
		i := Stretch{Kind: kind, From: from, LimitS: l.WithinS, To: s.met(kind)}
		if i.To.IsZero() && !s.Open() {
			i.To, i.Ended = s.ClearedAt, true
		}
		out = append(out, i)
	}
	if from := s.reached(OnScene); !from.IsZero() {
		out = append(out, Stretch{Kind: "handle", From: from, To: s.ClearedAt})
	}
	return out
}

// met is when what a limit asks for was reached; zero if it was not.
func (s State) met(kind string) time.Time {
	switch kind {
	case "sign":
		crew, desk := s.reached(Acknowledged), s.DeskSignedAt
		if crew.IsZero() || !desk.IsZero() && desk.Before(crew) {
			return desk
		}
		return crew
	case "depart":
		return s.reached(EnRoute)
	}
	return s.reached(OnScene)
}
