package sim_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/callers"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/policy"
	"shuniu/internal/sim"
)

// A big incident that was going on when the world stopped leaves nobody on a line that rings for ever.
func TestPhonesEndWhatNobodyFinishes(t *testing.T) {
	w := newWorld(t)
	p := w.phones(sim.PhonesOptions{PerDay: 0.001})
	if _, err := p.Begin(context.Background(), "knife", w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	w.jump(w.clock.Now().Add(20*time.Second), p)
	open := func() (n int) {
		w.board.Look(func(h *joint.House) {
			for _, c := range h.Calls {
				if c.Phase == call.Ringing || c.Phase == call.InTalk {
					n++
				}
			}
		})
		return n
	}
	if open() == 0 {
		t.Fatal("nobody is on the line twenty seconds after the beginning")
	}
	again := w.phones(sim.PhonesOptions{PerDay: 0.001})
	w.jump(w.clock.Now().Add(time.Minute), again)
	if n := open(); n > 0 {
		t.Errorf("%d calls go on for ever", n)
	}
}

// Beside recorded calls the telephones ring for big incidents only.
func TestQuietPhones(t *testing.T) {
	w := newWorld(t)
	p := w.phones(sim.PhonesOptions{Quiet: true})
	w.jump(w.clock.Now().Add(6*time.Hour), p)
	if told := p.Told(); told.Calls != 0 {
		t.Fatalf("somebody called: %+v", told)
	}
	if err := p.SetSurge(callers.Surge{Kind: "storm", Factor: 4}, w.clock.Now()); refusalOf(err) != "recorded_calls" {
		t.Errorf("a surge was answered with %v", err)
	}
	if m := sim.Moved(p); len(m.Surges()) != 0 || len(m.Scenarios()) != 12 {
		t.Errorf("it offers %d surges and %d big incidents", len(m.Surges()), len(m.Scenarios()))
	}
	if _, err := p.Begin(context.Background(), "gas", w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	w.jump(w.clock.Now().Add(25*time.Minute), p)
	if told := p.Told(); told.Calls < 3 || told.Opened == 0 || len(told.Refused) > 0 {
		t.Errorf("a big incident: %+v", told)
	}
}

// Twelve big incidents, each begun once: one incident remains of each, of the right type, with what became known.
func TestBigIncidents(t *testing.T) {
	for _, s := range callers.Scenarios() {
		t.Run(s.ID, func(t *testing.T) {
			w := newWorld(t)
			r := w.listen()
			p := w.phones(sim.PhonesOptions{PerDay: 0.001})
			place, err := p.Begin(context.Background(), s.ID, w.clock.Now())
			if err != nil || place == "" {
				t.Fatalf("begun at %q: %v", place, err)
			}
			w.jump(w.clock.Now().Add(25*time.Minute), p)
			w.oneIncidentEach(p, r)
			told := p.Told()
			if told.Calls < 3 || told.Calls > 12 || len(told.Refused) > 0 {
				t.Errorf("%+v", told)
			}
			var open []*incident.State
			w.board.Look(func(h *joint.House) {
				for _, i := range h.Incidents {
					if i.Open() {
						open = append(open, i)
					}
				}
			})
			if len(open) != 1 || open[0].Type != cad.TypeID(s.ID) || open[0].Phase != incident.Classified {
				t.Fatalf("%d incidents remain: %+v", len(open), open)
			}
			raised := map[string]cad.Priority{"dv": cad.P1, "gather": cad.P1, "crash": cad.P1, "fight": cad.P1}
			if want := raised[s.ID]; want != "" && open[0].Priority != want {
				t.Errorf("priority %s, want %s after what became known", open[0].Priority, want)
			}
		})
	}
}

func TestPhonesLeaveAVisitorHisCall(t *testing.T) {
	w := newWorld(t)
	here := true
	p := w.phones(sim.PhonesOptions{PerDay: 0.001, Visitor: func() bool { return here }, Wait: time.Minute})
	if _, err := p.Begin(context.Background(), "gas", w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	w.jump(w.clock.Now().Add(30*time.Second), p)
	var first call.State
	w.board.Look(func(h *joint.House) {
		for _, c := range h.Calls {
			first = *c
		}
	})
	if first.Phase != call.Ringing {
		t.Fatalf("the call is %s; the visitor has a minute to take it", first.Phase)
	}
	if c, ok := p.Said(first.ID); !ok || !strings.Contains(c.Narrative, "煤气") {
		t.Errorf("the visitor hears %q", c.Narrative)
	}
	visitor := cad.Actor{ID: "visitor", Role: policy.Commander}
	w.do(visitor, joint.AboutCall{ID: first.ID, Name: "answer", Cmd: call.Answer{ID: first.ID}})
	w.do(visitor, joint.Receive{ID: "his", Call: first.ID, Type: "gas"})
	w.jump(w.clock.Now().Add(25*time.Minute), p)
	if told := p.Told(); told.Taken != 1 || len(told.Refused) > 0 {
		t.Errorf("%+v; want the one call taken", told)
	}
	his := w.incident("his")
	if his.Phase != incident.Classified || his.Level == "II" || his.Urges == 0 {
		t.Errorf("%+v: others may add calls to it, and nobody else grades it", his)
	}
	here = false
	if _, err := p.Begin(context.Background(), "fight", w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	w.jump(w.clock.Now().Add(40*time.Second), p)
	ringing := 0
	w.board.Look(func(h *joint.House) {
		for _, c := range h.Calls {
			if c.Phase == call.Ringing && w.clock.Now().Sub(c.Arrived) > 15*time.Second {
				ringing++
			}
		}
	})
	if ringing > 0 {
		t.Error("a call rings for a visitor who has left")
	}
}

// Whoever begins a big incident gets its first call, though a trivial one rings for him already: that one goes to a
// call-taker at once.
func TestBigIncidentRingsForTheVisitor(t *testing.T) {
	w := newWorld(t)
	p := w.phones(sim.PhonesOptions{PerDay: 20_000, Seed: 3, Visitor: func() bool { return true }, Wait: time.Hour})
	w.jump(w.clock.Now().Add(2*time.Minute), p)
	held := func() (out []callers.Call) {
		var ids []cad.CallID
		w.board.Look(func(h *joint.House) {
			for id, c := range h.Calls {
				if c.Phase == call.Ringing && w.clock.Now().Sub(c.Arrived) > 65*time.Second {
					ids = append(ids, id)
				}
			}
		})
		for _, id := range ids {
			if c, ok := p.Said(id); ok {
				out = append(out, c)
			}
		}
		return out
	}
	w.jump(w.clock.Now().Add(3*time.Minute), p)
	before := held()
	if len(before) != 1 || callers.OfBig(before[0].Event) {
		t.Fatalf("%d calls ring for the visitor; want one ordinary one", len(before))
	}
	if _, err := p.Begin(context.Background(), "gas", w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	w.jump(w.clock.Now().Add(5*time.Minute), p)
	after := held()
	if len(after) != 1 || !callers.OfBig(after[0].Event) || after[0].N != 0 {
		t.Fatalf("%d calls ring for the visitor; want the first of the big incident: %+v", len(after), after)
	}
	if told := p.Told(); len(told.Refused) > 0 {
		t.Errorf("%+v", told)
	}
}

func TestMade(t *testing.T) {
	for id, want := range map[string]bool{"": false, "x": false, "0190a5a2-1111-7222-8333-444444444444": false, strings.Repeat("0", 32): false} {
		if sim.Made(id) != want {
			t.Errorf("%q: want %v", id, want)
		}
	}
}

func TestPhonesRefuse(t *testing.T) {
	w := newWorld(t)
	if _, err := sim.NewPhones(sim.PhonesOptions{Desk: w.desk, Board: w.board}); err == nil {
		t.Error("telephones without a ground were made")
	}
	if _, err := sim.NewPhones(sim.PhonesOptions{Desk: w.desk, Board: w.board, Ground: w.ground(), Lang: "en"}); err == nil {
		t.Error("English callers on a Chinese ground were made")
	}
	p := w.phones(sim.PhonesOptions{})
	if p.SetSurge(callers.Surge{Kind: "war", Factor: 2}, w.clock.Now()) == nil || p.Surge() != (callers.Surge{}) {
		t.Error("a surge that does not exist was set")
	}
	if _, err := p.Begin(context.Background(), "war", w.clock.Now()); err == nil {
		t.Error("a big incident that does not exist was begun")
	}
}

// A centre that names types otherwise and has another partner for what is not its work gets English callers, too.
func TestPhonesOfSanFrancisco(t *testing.T) {
	dir := data(t)
	w := newWorldOf(t, charter(t, "../../centres/sf", dir), streets(t, filepath.Join(dir, "streets-osm-north-2019.osm.gz")))
	ground, err := callers.GroundOf(w.town, "en")
	if err != nil {
		t.Fatal(err)
	}
	r := w.listen()
	p := w.phones(sim.PhonesOptions{Ground: ground, Lang: "en", PerDay: 3_000})
	w.jump(w.clock.Now().Add(2*time.Hour), p)
	told := p.Told()
	if told.Calls < 150 || len(told.Refused) > 0 || told.Forwarded == 0 || told.Invalid == 0 {
		t.Errorf("%+v", told)
	}
	w.oneIncidentEach(p, r)
	w.board.Look(func(h *joint.House) {
		for _, i := range h.Incidents {
			if len(i.Aside) > 0 || i.Phase == incident.Classified && i.Type == "" && i.Priority == "" {
				t.Errorf("#%d: %v, type %q", i.Number, i.Aside, i.Type)
			}
		}
	})
}
