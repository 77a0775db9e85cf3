package sim_test

import (
	"testing"
	"testing/synctest"
	"time"

	"shuniu/internal/api"
	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/policy"
	"shuniu/internal/sim"
	"shuniu/internal/track"
)

func lend(t *testing.T, w *sim.World, speed, seconds float64, id cad.IncidentID) {
	t.Helper()
	l := api.Loan{Seconds: seconds, Incident: string(id)}
	if speed > 0 {
		l.Speed = &speed
	}
	if err := w.Lend(l); err != nil {
		t.Fatal(err)
	}
}

// A tour's speed ends with the tour, and when nobody asks for it any more: a browser may be gone without a word.
func TestLentSpeedComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, c := moved(t, &regular{next: morning().Add(24 * time.Hour), every: time.Hour}, nil)
		w.Go()
		is := func(what string, speed float64) {
			t.Helper()
			if got := c.Speed(); got != speed {
				t.Errorf("%s the world runs at %g, want %g", what, got, speed)
			}
		}
		lend(t, w, 30, 10, "i")
		is("lent", 30)
		if w.State().Chosen != 1 || !w.Held("i") {
			t.Errorf("it runs as %+v; the visitor holds his incident: %v", w.State(), w.Held("i"))
		}
		time.Sleep(8 * time.Second)
		lend(t, w, 0, 10, "i")
		time.Sleep(8 * time.Second)
		is("lent again", 30)
		time.Sleep(3 * time.Second)
		is("when nobody asked again", 1)
		if w.Held("i") {
			t.Error("the incident is held by nobody's tour")
		}

		lend(t, w, 120, 10, "i")
		if err := w.Pause(); err != nil {
			t.Fatal(err)
		}
		lend(t, w, 60, 10, "i")
		is("paused", 0)
		if err := w.SetSpeed(5); err != nil {
			t.Fatal(err)
		}
		is("after the visitor chose", 5)
		lend(t, w, 60, 10, "i")
		lend(t, w, 0, 0, "i")
		is("after the tour", 5)
		if !w.Left("i") || w.Held("i") {
			t.Error("a tour that ended holds its incident")
		}
		for _, bad := range []api.Loan{{Seconds: -1}, {Seconds: 61}, {Seconds: 1, Speed: new(float64(601))}} {
			if refusalOf(w.Lend(bad)) == "" {
				t.Errorf("%+v was lent", bad)
			}
		}
	})
}

// What a visitor left lying is handled like everything else: soon when he said so, after a while when he did not, and
// never while his tour is on it, while he works on it, or while the world stands still.
func TestAutopilotTakesOverWhatAVisitorLeft(t *testing.T) {
	w := newWorld(t)
	machine := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	steered, err := sim.NewWorld(sim.WorldOptions{Clock: sim.NewClock(w.clock.Now(), func() time.Time { return machine }), Board: w.board, Speed: 10, Autopilot: "recommended"})
	if err != nil {
		t.Fatal(err)
	}
	steered.Go()
	auto := sim.NewAutopilot(sim.AutopilotOptions{
		Desk: w.desk, Board: w.board, Track: track.NewBook(), Streets: w.town.Streets, Actor: pilot(), Sends: true,
		Leave: steered.Held, Left: steered.Left, Awake: steered.Awake, Seed: 1,
	})
	if err := auto.Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	visitor := cad.Actor{ID: "visitor", Role: policy.Commander, Seat: "c1"}
	open := func(id cad.IncidentID) {
		w.do(visitor, joint.Receive{ID: id, Type: "theft", Place: &geo.Point{Lon: 118.39, Lat: 31.2}})
	}
	// lives lets the visitor live through some time, and the world through much more.
	lives := func(d time.Duration) {
		machine = machine.Add(d)
		w.jump(w.clock.Now().Add(10*time.Minute), auto)
	}
	is := func(what string, id cad.IncidentID, sent bool) {
		t.Helper()
		if s := w.incident(id); (s.Phase == incident.InWork) != sent {
			t.Errorf("%s: %s is %s", what, id, s.Phase)
		}
	}

	open("forgotten")
	lives(110 * time.Second)
	is("he reads", "forgotten", false)
	w.do(visitor, joint.AboutIncident{ID: "forgotten", Name: "urge", Cmd: incident.Urge{ID: "forgotten"}})
	lives(110 * time.Second)
	is("he urged it", "forgotten", false)
	if err := steered.Pause(); err != nil {
		t.Fatal(err)
	}
	lives(time.Hour)
	is("the world stands still", "forgotten", false)
	if err := steered.Resume(); err != nil {
		t.Fatal(err)
	}
	lives(11 * time.Second)
	is("nothing happened for two minutes", "forgotten", true)

	open("skipped")
	lend(t, steered, 1, 10, "skipped")
	lives(time.Hour)
	is("his tour is on it", "skipped", false)
	lend(t, steered, 0, 0, "skipped")
	lives(15 * time.Second)
	is("he has just left", "skipped", false)
	lives(10 * time.Second)
	is("he left", "skipped", true)
}
