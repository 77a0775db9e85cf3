package sim_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"shuniu/internal/api"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/sim"
	"shuniu/internal/track"
)

// regular acts at equal distances and writes down when.
type regular struct {
	mu    sync.Mutex
	next  time.Time
	every time.Duration
	acted []time.Time
	do    func()
}

func (r *regular) Next() (time.Time, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.next, true
}

func (r *regular) Run(_ context.Context, now time.Time) error {
	if r.do != nil {
		r.do()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.acted = append(r.acted, now)
	r.next = r.next.Add(r.every)
	return nil
}

func (r *regular) times() []time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.acted)
}

// moved is a world without a desk that runs as fast as life, and whoever acts in it.
func moved(t *testing.T, r *regular, more sim.Happenings) (*sim.World, *sim.Clock) {
	t.Helper()
	c := sim.NewClock(r.next, nil)
	w, err := sim.NewWorld(sim.WorldOptions{Clock: c, Speed: 1, Autopilot: "off", More: more})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Live(ctx, func(err error) { t.Error(err) }, r)
	}()
	t.Cleanup(func() { stop(); <-done })
	return w, c
}

func morning() time.Time { return time.Date(2030, 6, 7, 8, 0, 0, 0, time.UTC) }

func TestStepLetsEverybodyActAtHisMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from := morning()
		r := &regular{next: from, every: 7 * time.Second}
		w, c := moved(t, r, nil)
		w.Go()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if n := len(r.times()); n != 2 {
			t.Fatalf("%d acts in the first ten seconds, want 2", n)
		}
		if err := w.Step(t.Context(), time.Minute); refusalOf(err) != "not_paused" {
			t.Errorf("a running world was stepped: %v", err)
		}
		if err := w.Pause(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if n := len(r.times()); n != 2 {
			t.Fatalf("%d acts while time stood still", n-2)
		}
		begin := c.Now()
		if err := w.Step(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
		if got := c.Now().Sub(begin); got != time.Minute {
			t.Errorf("the step took %v of the world's time, want a minute", got)
		}
		acted := r.times()[2:]
		if len(acted) != 9 {
			t.Fatalf("%d acts in a minute, want 9", len(acted))
		}
		for i, at := range acted {
			if want := from.Add(time.Duration(i+2) * r.every); !at.Equal(want) {
				t.Errorf("act %d came at %v, its moment is %v", i, at, want)
			}
		}
		if st := w.State(); !st.Paused || st.Speed != 0 || st.Chosen != 1 {
			t.Errorf("after the step the world runs as %+v, want paused", st)
		}
	})
}

// Live and the visitor's hand never act at once: what is stepped was written for one caller at a time.
func TestNobodyActsWhileTheVisitorSteps(t *testing.T) {
	var inside, overlaps atomic.Int64
	r := &regular{next: morning(), every: time.Millisecond, do: func() {
		if inside.Add(1) > 1 {
			overlaps.Add(1)
		}
		for range 20 {
			runtime.Gosched()
		}
		inside.Add(-1)
	}}
	w, _ := moved(t, r, nil)
	if err := w.SetSpeed(600); err != nil {
		t.Fatal(err)
	}
	const looks = 40 * time.Millisecond
	began := time.Now()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for time.Since(began) < 10*looks { // Long enough for Live to look around some times.
				_ = w.Pause()
				_ = w.Step(t.Context(), 5*time.Millisecond) // Refused when another hand has resumed meanwhile.
				_ = w.Resume()
				runtime.Gosched()
			}
		})
	}
	wg.Wait()
	if n := overlaps.Load(); n > 0 || len(r.times()) == 0 {
		t.Errorf("%d of %d acts met another", n, len(r.times()))
	}
}

func TestHowTheWorldRuns(t *testing.T) {
	w := newWorld(t)
	w.do(pilot(), joint.Receive{ID: "i"})
	steered, err := sim.NewWorld(sim.WorldOptions{Clock: w.clock, Board: w.board, Speed: 10, Autopilot: "off"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	for _, step := range []struct {
		name          string
		do            func() error
		speed, chosen float64
		paused        bool
	}{
		{"at first", func() error { steered.Go(); return nil }, 10, 10, false},
		{"paused", steered.Pause, 0, 10, true},
		{"paused again", steered.Pause, 0, 10, true},
		{"resumed", steered.Resume, 10, 10, false},
		{"the speed nought pauses", func() error { return steered.SetSpeed(0) }, 0, 10, true},
		{"a speed resumes", func() error { return steered.SetSpeed(30) }, 30, 30, false},
		{"held", func() error { return steered.Take(ctx, "i") }, 1, 30, false},
		{"held and paused", steered.Pause, 0, 30, true},
		{"held and resumed", steered.Resume, 1, 30, false},
		{"let go while paused", func() error { return errors.Join(steered.Pause(), steered.Release(ctx)) }, 0, 30, true},
		{"as before", steered.Resume, 30, 30, false},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if st := steered.State(); st.Speed != step.speed || st.Chosen != step.chosen || st.Paused != step.paused {
			t.Errorf("%s: speed %g, chosen %g, paused %v; want %g, %g, %v", step.name, st.Speed, st.Chosen, st.Paused, step.speed, step.chosen, step.paused)
		}
		for _, s := range steered.Able().Next {
			want := map[string]bool{"pause": !step.paused, "resume": step.paused, "step": step.paused, "speed": true}[s.Verb]
			if s.Allowed != want || !want && s.Code == "" {
				t.Errorf("%s: %s is offered as %+v, want allowed %v and a reason if not", step.name, s.Verb, s, want)
			}
		}
	}
}

// A world of recorded calls refuses with a reason and a way out what only generated callers can do.
func TestRecordedCallsCannotBeStirred(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, _ := moved(t, &regular{next: morning(), every: time.Second}, nil)
		for _, err := range []error{w.SetSurge(api.Surge{Kind: "storm"}), w.Begin(t.Context(), "fire")} {
			var f *fault.Error
			if refusalOf(err) != "recorded_calls" || !errors.As(err, &f) || f.Remedy == "" {
				t.Errorf("it answered %v", err)
			}
		}
		if st := w.State(); st.Surge != nil {
			t.Errorf("it tells a surge: %+v", st.Surge)
		}
		if a := w.Able(); len(a.Surges) != 0 || len(a.Scenarios) != 0 || a.Surges == nil || a.Scenarios == nil {
			t.Errorf("it offers %+v", a)
		}
	})
}

func refusalOf(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}

// When all of a kind are busy, the nearest patrol goes after a while, so that nobody waits for ever.
func TestAutopilotSendsSomebodyElseAfterAWhile(t *testing.T) {
	for name, patience := range map[string]time.Duration{"never": 0, "after three minutes": 3 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			var traffic []cad.UnitID
			w.board.Look(func(h *joint.House) {
				for id, u := range h.Units {
					if slices.Contains(u.Capabilities, "traffic") && u.Dispatchable {
						traffic = append(traffic, id)
					}
				}
			})
			for _, id := range traffic {
				w.do(pilot(), joint.SayUnit{Unit: id, To: "unavailable", Reason: "meal"})
			}
			auto := sim.NewAutopilot(sim.AutopilotOptions{
				Desk: w.desk, Board: w.board, Track: track.NewBook(), Streets: w.town.Streets, Actor: pilot(), Sends: true, Seed: 1, Patience: patience,
			})
			if err := auto.Watch(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.do(pilot(), joint.Receive{ID: "i", Type: "traffic_minor", Place: &geo.Point{Lon: 118.39, Lat: 31.2}})
			from := w.clock.Now()
			w.jump(from.Add(time.Minute), auto)
			if s := w.incident("i"); s.Phase != incident.Classified {
				t.Fatalf("after a minute it is %s, although nobody of the kind is free", s.Phase)
			}
			w.jump(from.Add(2*time.Minute), auto) // Its limit for sending.
			if s := w.incident("i"); (s.Phase == incident.InWork) != (patience > 0) {
				t.Errorf("after two minutes it is %s", s.Phase)
			}
			w.jump(from.Add(5*time.Minute), auto)
			if s := w.incident("i"); (s.Phase == incident.InWork) != (patience > 0) {
				t.Errorf("after five minutes it is %s", s.Phase)
			}
		})
	}
}

// What the panel offers is what the callers of the world do.
func TestVisitorStirsSimulatedCallers(t *testing.T) {
	w := newWorld(t)
	phones := w.phones(sim.PhonesOptions{})
	steered, err := sim.NewWorld(sim.WorldOptions{Clock: w.clock, Board: w.board, Autopilot: "off", More: sim.Moved(phones)})
	if err != nil {
		t.Fatal(err)
	}
	over, stop := context.WithCancel(t.Context())
	stop()
	steered.Live(over, func(err error) { t.Error(err) }, phones) // It knows its people from here on; nobody acts but when it is stepped.

	able := steered.Able()
	if len(able.Scenarios) != 12 || len(able.Surges) != 4 {
		t.Fatalf("it offers %d big incidents and %d surges, want 12 and 4", len(able.Scenarios), len(able.Surges))
	}
	for _, s := range able.Scenarios {
		if s.ID == "" || s.Name["zh"] == "" || s.Name["en"] == "" {
			t.Errorf("a big incident without a name: %+v", s)
		}
	}
	for _, s := range able.Surges {
		if err := steered.SetSurge(s); err != nil || *steered.State().Surge != s {
			t.Errorf("turned to %+v it stands at %+v, %v", s, steered.State().Surge, err)
		}
	}
	if err := steered.SetSurge(api.Surge{Kind: "festival"}); err != nil || steered.State().Surge.Factor <= 1 {
		t.Errorf("a festival without a figure is %+v, %v", steered.State().Surge, err)
	}
	if err := steered.SetSurge(api.Surge{Kind: "flood"}); refusalOf(err) != "no_surge" {
		t.Errorf("an unknown surge: %v", err)
	}
	if err := steered.SetSurge(api.Surge{Kind: "none"}); err != nil {
		t.Fatal(err)
	}

	heard := w.listen()
	if err := steered.Begin(t.Context(), "picnic"); refusalOf(err) != "no_scenario" {
		t.Errorf("an unknown big incident: %v", err)
	}
	if err := steered.Begin(t.Context(), able.Scenarios[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := steered.Step(t.Context(), 20*time.Second); err != nil {
		t.Fatal(err)
	}
	if len(heard.arrived) == 0 {
		t.Fatal("nobody called within 20 s of a big incident")
	}
	for id := range heard.arrived {
		if said := steered.Said(id); !said.Simulated {
			t.Errorf("nobody speaks on %s", id)
		}
	}
	if said := steered.Said("nobody"); said != (api.Said{}) {
		t.Errorf("nobody spoke: %+v", said)
	}
}
