package sim_test

import (
	"context"
	"maps"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/callers"
	"shuniu/internal/desk"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/policy"
	"shuniu/internal/reactor/crew"
	"shuniu/internal/sim"
	"shuniu/internal/track"
)

// rang counts what the journal tells of calls.
type rang struct {
	arrived map[cad.CallID]int
	facts   map[string]int
}

func (w *world) listen() *rang {
	w.t.Helper()
	r := &rang{arrived: map[cad.CallID]int{}, facts: map[string]int{}}
	if err := w.desk.Watch(context.Background(), func(c desk.Commit) {
		for _, f := range c.Facts {
			r.facts[f.FactType()]++
			if a, ok := f.(call.Arrived); ok {
				r.arrived[a.ID]++
			}
		}
	}); err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) ground() *callers.Ground {
	w.t.Helper()
	g, err := callers.GroundOf(w.town, "zh")
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

func (w *world) phones(o sim.PhonesOptions) *sim.Phones {
	w.t.Helper()
	o.Desk, o.Board, o.Actor, o.Streets, o.Zone = w.desk, w.board, pilot(), w.town.Streets, time.FixedZone("", 8*3600)
	if o.Ground == nil {
		o.Ground = w.ground()
	}
	if o.Seed == 0 {
		o.Seed = 11
	}
	p, err := sim.NewPhones(o)
	if err != nil {
		w.t.Fatal(err)
	}
	p.Start(w.clock.Now())
	return p
}

// planned are the calls that a day should have.
func (w *world) planned(from, to, surge time.Time, s callers.Surge) (out []callers.Call) {
	w.t.Helper()
	gen, err := callers.New(callers.Options{Ground: w.ground(), Seed: 11, Zone: time.FixedZone("", 8*3600)})
	if err != nil {
		w.t.Fatal(err)
	}
	var all []callers.Call
	for m := from.Add(-callers.Longest).Truncate(time.Minute); m.Before(to); m = m.Add(time.Minute) {
		with := s
		if m.Before(surge) {
			with = callers.Surge{}
		}
		all = gen.Minute(all, m, with)
	}
	for i := range all {
		if !all[i].At.Before(from) && !all[i].At.After(to) {
			out = append(out, all[i])
		}
	}
	return out
}

// onceEach checks that every planned call is in the journal exactly once, and nothing else.
func (w *world) onceEach(r *rang, p *sim.Phones, calls []callers.Call) {
	w.t.Helper()
	kinds := map[callers.Kind]int{}
	for i := range calls {
		kinds[calls[i].Kind]++
	}
	told := p.Told()
	if len(r.arrived) != len(calls) || told.Calls != len(calls) || !maps.Equal(told.Kinds, kinds) {
		w.t.Errorf("%d calls in the journal, %d told of (%v); planned are %d (%v)", len(r.arrived), told.Calls, told.Kinds, len(calls), kinds)
	}
	for id, n := range r.arrived {
		if n != 1 {
			w.t.Errorf("%s is %d times in the journal", id, n)
		}
		if !sim.Made(string(id)) {
			w.t.Errorf("%s does not show who made it", id)
		}
	}
}

// oneIncidentEach checks that all calls of an event that belong to an open or closed incident belong to the same one.
func (w *world) oneIncidentEach(p *sim.Phones, r *rang) {
	w.t.Helper()
	byEvent := map[string]map[cad.IncidentID]bool{}
	w.board.Look(func(h *joint.House) {
		for id := range r.arrived {
			c, ok := p.Said(id)
			if s := h.Call(id); ok && s.Incident != "" {
				if byEvent[c.Event] == nil {
					byEvent[c.Event] = map[cad.IncidentID]bool{}
				}
				byEvent[c.Event][h.Survivor(s.Incident)] = true
			}
		}
	})
	if len(byEvent) == 0 {
		w.t.Error("no call belongs to an incident")
	}
	for e, in := range byEvent {
		if len(in) != 1 {
			w.t.Errorf("the calls of %s belong to %d incidents", e, len(in))
		}
	}
}

func TestPhonesPlayADay(t *testing.T) {
	w := newWorld(t)
	r := w.listen()
	p := w.phones(sim.PhonesOptions{})
	from := w.clock.Now()
	to := from.Add(24 * time.Hour)
	w.jump(to, p)
	calls := w.planned(from, to, to, callers.Surge{})
	if len(calls) < 600 || len(calls) > 800 {
		t.Errorf("%d calls on a day", len(calls))
	}
	w.onceEach(r, p, calls)
	w.jump(to.Add(10*time.Minute), p)
	told := p.Told()
	if len(told.Refused) > 0 {
		t.Errorf("refused: %v", told.Refused)
	}
	for what, n := range map[string]int{"opened": told.Opened, "attached": told.Attached, "urged": told.Urged, "lost": told.Lost, "invalid": told.Invalid, "forwarded": told.Forwarded, "corrected": told.Corrected} {
		if n == 0 {
			t.Errorf("on a whole day nothing was %s: %+v", what, told)
		}
	}
	if told.Urged != r.facts["incident.urged"] || told.Opened != r.facts["incident.opened"] || told.Invalid != r.facts["incident.invalid"] {
		t.Errorf("told %+v, in the journal %v", told, r.facts)
	}
	var ringing int
	phases := map[incident.Phase]int{}
	w.board.Look(func(h *joint.House) {
		for _, c := range h.Calls {
			if (c.Phase == call.Ringing || c.Phase == call.InTalk) && w.clock.Now().Sub(c.Arrived) > 8*time.Minute {
				ringing++
			}
		}
		for _, i := range h.Incidents {
			phases[i.Phase]++
		}
	})
	if ringing > 0 {
		t.Errorf("%d calls are never ended", ringing)
	}
	t.Logf("%+v, %v", told, phases)
}

// An hour of a storm: ten times the calls, and every event ends as one incident.
func TestPhonesPlayAStorm(t *testing.T) {
	w := newWorld(t)
	r := w.listen()
	w.clock.Advance(w.clock.Now().Truncate(time.Minute).Add(time.Minute - time.Millisecond))
	p := w.phones(sim.PhonesOptions{})
	storm := callers.Surge{Kind: "storm", Factor: 10}
	from := w.clock.Now()
	if err := p.SetSurge(callers.Surge{Kind: "festival", Factor: 20}, from); err != nil {
		t.Fatal(err)
	}
	if at, ok := p.Next(); !ok || at.Sub(from) > time.Minute {
		t.Fatalf("at a festival the next call comes at %v", at)
	}
	if err := p.SetSurge(storm, from); err != nil { // He turned the wrong dial first.
		t.Fatal(err)
	}
	to := from.Add(time.Hour)
	w.jump(to, p)
	calls := w.planned(from, to, from.Truncate(time.Minute).Add(time.Minute), storm)
	if len(calls) < 250 {
		t.Errorf("%d calls in an hour of a storm", len(calls))
	}
	w.onceEach(r, p, calls)
	if err := p.SetSurge(callers.Surge{}, to); err != nil {
		t.Fatal(err)
	}
	w.jump(to.Add(30*time.Minute), p)
	w.oneIncidentEach(p, r)
	told := p.Told()
	if told.Merged == 0 || told.Attached == 0 || len(told.Refused) > 0 {
		t.Errorf("in a storm: %+v", told)
	}
	if n := told.Calls - len(calls); n > 60 {
		t.Errorf("%d calls in the half hour after the storm", n)
	}
	t.Logf("%+v", told)
}

// With crews and desks beside it the incidents of these callers are worked on and closed.
func TestPhonesBesideCrewsAndDesks(t *testing.T) {
	w := newWorld(t)
	r := w.listen()
	p := w.phones(sim.PhonesOptions{PerDay: 2_000})
	crews := crew.New(crew.Options{Desk: w.desk, Role: policy.Reactor, Streets: w.town.Streets, Seed: 1, OnScene: p.OnScene, Result: p.Result})
	auto := sim.NewAutopilot(sim.AutopilotOptions{Desk: w.desk, Board: w.board, Track: track.NewBook(), Streets: w.town.Streets, Actor: pilot(), Sends: true, Seed: 1})
	for _, err := range []error{crews.Watch(context.Background()), auto.Watch(context.Background())} {
		if err != nil {
			t.Fatal(err)
		}
	}
	w.jump(w.clock.Now().Add(50*time.Minute), p, crews, auto)
	w.oneIncidentEach(p, r)
	for code := range p.Told().Refused {
		switch code {
		case "units_committed", "ended", "merged": // Crews and desks were quicker.
		default:
			t.Errorf("refused: %v", p.Told().Refused)
		}
	}
	closed, results := 0, map[string]int{}
	w.board.Look(func(h *joint.House) {
		for _, i := range h.Incidents {
			if i.Phase == incident.Closed {
				closed++
				results[i.Final().Result]++
			}
		}
	})
	if len(results) < 2 {
		t.Errorf("all incidents end as %v", results)
	}
	if closed < 5 {
		t.Errorf("%d incidents of these callers are closed after fifty minutes", closed)
	}
	t.Logf("%+v, %d closed", p.Told(), closed)
}

// Two call-takers cannot answer everybody at once: calls ring longer, and each is answered in the end.
func TestFewCallTakersLetItRing(t *testing.T) {
	late := map[int]int{}
	for _, takers := range []int{0, 2} {
		w := newWorld(t)
		r := w.listen()
		p := w.phones(sim.PhonesOptions{PerDay: 2_500, Takers: takers})
		most, last := 0, w.clock.Now()
		for range 4 * 60 {
			last = last.Add(15 * time.Second)
			w.jump(last, p)
			talking := 0
			w.board.Look(func(h *joint.House) {
				for _, c := range h.Calls {
					if c.Phase == call.InTalk {
						talking++
					}
					if c.Phase == call.Ringing && w.clock.Now().Sub(c.Arrived) > 15*time.Second {
						late[takers]++
					}
				}
			})
			most = max(most, talking)
		}
		if takers > 0 && most > takers {
			t.Errorf("%d people speak with %d call-takers", most, takers)
		}
		if told := p.Told(); len(told.Refused) > 0 || told.Calls != len(r.arrived) {
			t.Errorf("%d call-takers: %+v", takers, told)
		}
	}
	if late[2] < 2*late[0]+10 {
		t.Errorf("with two call-takers calls rang long %d times, with any number %d times", late[2], late[0])
	}
}

func TestPhonesGoOnFromWhereTheyStopped(t *testing.T) {
	w := newWorld(t)
	r := w.listen()
	p := w.phones(sim.PhonesOptions{})
	from := w.clock.Now()
	half := from.Add(3 * time.Hour)
	w.jump(half, p)
	seq := w.desk.Head()
	again := w.phones(sim.PhonesOptions{})
	again.Start(half.Add(-2 * time.Minute)) // A killed world's clock is a little behind.
	w.jump(half, again)
	if w.desk.Head() != seq {
		t.Errorf("what was played before was played again: the journal grew from %d to %d", seq, w.desk.Head())
	}
	to := from.Add(6 * time.Hour)
	w.jump(to, again)
	for id, n := range r.arrived {
		if n != 1 {
			t.Errorf("%s is %d times in the journal", id, n)
		}
	}
	if want := w.planned(from, to, to, callers.Surge{}); len(r.arrived) != len(want) {
		t.Errorf("%d calls in the journal after a restart, want %d", len(r.arrived), len(want))
	}
}
