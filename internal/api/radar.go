package api

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/hint"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/org"
)

// Callers finds the calls of a number by the digest that stands for it.
type Callers interface {
	Called(ctx context.Context, digest string, since time.Time) ([]Called, error)
}

// Called is one call from a number.
type Called struct {
	Call     cad.CallID
	At       time.Time
	Incident cad.IncidentID // Empty if it belongs to none.
	Number   int64          // Of the incident.
	Type     cad.TypeID
	Phase    string
	Address  string
	Open     bool
}

// called lists the calls of a digest within some time until now, the newest first; none where nobody can find them.
func (q request) called(digest string, within time.Duration) ([]Called, error) {
	if q.centre.Callers == nil || digest == "" {
		return nil, nil
	}
	return q.centre.Callers.Called(q.ctx, digest, q.centre.Desk.Now().Add(-within))
}

const (
	sameNumberH  = 24 // Hours within which another call of the number is shown.
	nuisanceDays = 30
)

// caller is what else the number called; nil if nothing. What cannot be looked up is not shown: no hint holds up a call.
func (q request) caller(o *org.State, digest string, now cad.CallID, open []known) *CallerHint {
	out := &CallerHint{Incidents: []CallerMark{}}
	calls, _ := q.called(digest, nuisanceDays*24*time.Hour)
	day := q.centre.Desk.Now().Add(-sameNumberH * time.Hour)
	for _, k := range calls {
		if k.Call == now {
			continue
		}
		if k.Phase == string(incident.Invalid) {
			out.Nuisance30++
		}
		if k.At.Before(day) {
			continue
		}
		out.Calls24h++
		if k.Incident == "" || slices.ContainsFunc(out.Incidents, func(m CallerMark) bool { return m.Incident == k.Incident }) {
			continue
		}
		// The archive may be a moment behind: whether it is open is for the board to say.
		i := slices.IndexFunc(open, func(x known) bool { return x.Incident == k.Incident })
		stillOpen := i >= 0
		if stillOpen {
			k.Number, k.Type = open[i].number, open[i].Type
		}
		out.Incidents = append(out.Incidents, CallerMark{Incident: k.Incident, Number: k.Number, TypeName: o.Types[k.Type].Name, Open: stillOpen, At: k.At})
		if stillOpen && out.Urge == "" {
			out.Urge = k.Incident
		}
	}
	if out.Calls24h == 0 && out.Nuisance30 == 0 {
		return nil
	}
	return out
}

// known is an open incident as the radar compares it, with what is shown of it.
type known struct {
	hint.Known
	seq     cad.Seq
	number  int64
	address string
}

// radar keeps the open incidents ready to be compared: their words are opened once for each change.
type radar struct {
	mu    sync.Mutex
	known map[cad.IncidentID]known
	org   *org.State
	words *hint.Vocabulary
}

// vocabulary is what people say of the centre's types.
func (r *radar) vocabulary(o *org.State) *hint.Vocabulary {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.org != o || r.words == nil {
		var list []hint.Spoken
		for _, id := range o.TypeOrder {
			t := o.Types[id]
			list = append(list, hint.SpokenOf(id, t.Keywords, t.Synonyms, t.Words))
		}
		r.org, r.words = o, hint.VocabularyOf(list)
	}
	return r.words
}

// opened is an open incident as the board has it.
type opened struct {
	state *incident.State
	calls []*call.State
	seq   cad.Seq
}

// look gives the open incidents.
func (r *radar) look(c *Centre) (*org.State, []known) {
	var o *org.State
	var all []opened
	c.Board.Look(func(h *joint.House) {
		o = h.Org
		for _, s := range h.Incidents {
			if s.Open() {
				all = append(all, opened{s, h.CallsOf(s.ID), h.Last(incident.Subject(s.ID))})
			}
		}
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	next := make(map[cad.IncidentID]known, len(all))
	out := make([]known, 0, len(all))
	for _, x := range all {
		k, ok := r.known[x.state.ID]
		if !ok || k.seq != x.seq {
			k = c.knownOf(o, x)
		}
		next[x.state.ID] = k
		out = append(out, k)
	}
	r.known = next
	slices.SortFunc(out, func(a, b known) int { return cmp.Compare(a.Incident, b.Incident) })
	return o, out
}

// knownOf opens what is compared of an incident. A part that cannot be opened is left out.
func (c *Centre) knownOf(o *org.State, x opened) known {
	s := x.state
	k := known{seq: x.seq, number: s.Number, Known: hint.Known{Incident: s.ID, Last: s.Received, Report: hint.Report{
		At: s.Received, Place: s.Place, Vague: s.Approximate, Type: s.Type, Category: o.Types[s.Type].Category, Priority: s.Priority,
	}}}
	var first, better board.Opening
	_, _ = c.Desk.Unseal(s.Opening, &first)
	_, _ = c.Desk.Unseal(s.Address, &better)
	k.Words, k.address = hint.GramsOf(first.Narrative), cmp.Or(better.Address, first.Address, s.Street)
	for _, called := range x.calls {
		var who board.Caller
		_, _ = c.Desk.Unseal(called.Caller, &who)
		if d := c.Desk.Digest(who.Number); d != "" {
			k.Numbers = append(k.Numbers, d)
		}
		if called.Arrived.After(k.Last) {
			k.Last = called.Arrived
		}
	}
	return k
}
