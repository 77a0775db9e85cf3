package trial_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/org"
	"shuniu/internal/street"
	"shuniu/internal/trial"
)

var noon = time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)

// grid is a town of blocks of 500 m, 6 km wide, whose streets are driven at 30 km/h.
func grid(t testing.TB) *street.Network {
	t.Helper()
	var b street.Builder
	id := func(x, y int) int64 { return int64((x+10)*100 + y + 10) }
	way := int64(1)
	for x := -6; x <= 6; x++ {
		for y := -6; y <= 6; y++ {
			b.AddNode(id(x, y), *jointtest.At(float64(x)*500, float64(y)*500))
			for _, to := range [][2]int{{x + 1, y}, {x, y + 1}} {
				if to[0] <= 6 && to[1] <= 6 {
					b.AddWay(street.Way{ID: way, Nodes: []int64{id(x, y), id(to[0], to[1])}, Name: fmt.Sprintf("street %d", way), Class: "residential"})
					way++
				}
			}
		}
	}
	n, _, err := b.Build(t.Context(), street.Profile{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// centre is the made-up centre, founded.
func centre(t testing.TB) (*org.State, []trial.Unit) {
	t.Helper()
	o, units, err := trial.Found(jointtest.Charter(jointtest.Centre))
	if err != nil {
		t.Fatal(err)
	}
	return o, units
}

// some are so many calls an hour, of all types, all over the town.
func some(seed uint64, n int, every time.Duration) []trial.Call {
	rng := rand.New(rand.NewPCG(seed, 1))
	out := make([]trial.Call, n)
	at := noon
	for i := range out {
		at = at.Add(time.Duration(rng.ExpFloat64() * float64(every)))
		out[i] = trial.Call{
			ID: fmt.Sprintf("c%04d", i), At: at, Ready: time.Duration(rng.IntN(90)) * time.Second, Turnout: 20 * time.Second,
			Place: *jointtest.At(rng.Float64()*5000-2500, rng.Float64()*5000-2500), Type: []cad.TypeID{"knife", "theft", "noise"}[rng.IntN(3)],
			Scene: time.Duration(5+rng.IntN(40)) * time.Minute,
		}
	}
	return out
}

func play(t testing.TB, w trial.World, calls []trial.Call, units []trial.Unit, opt trial.Options) (*trial.Trial, trial.Outcome) {
	t.Helper()
	tr, err := trial.New(t.Context(), w, calls)
	if err != nil {
		t.Fatal(err)
	}
	out, err := tr.Run(t.Context(), units, opt)
	if err != nil {
		t.Fatal(err)
	}
	return tr, out
}

// Every call ends in one way, whatever the load; what units drove for is what calls were given; the same seed gives the same.
func TestNothingIsLost(t *testing.T) {
	o, units := centre(t)
	streets := grid(t)
	for _, every := range []time.Duration{time.Hour, 10 * time.Minute, 2 * time.Minute} {
		for _, finder := range []street.Finder{streets, nil} {
			w, opt := trial.World{Org: o, Streets: finder}, trial.Options{Seed: 7, Sigma: 0.3, GiveUp: 40 * time.Minute}
			tr, out := play(t, w, some(3, 300, every), units, opt)
			sent, jobs := 0, 0
			for i, s := range out.Served {
				sent += s.Sent
				switch {
				case !s.Needed && s.Sent == 0:
				case s.GaveUp && s.Sent == 0 && s.First < 0:
				case s.Sent > 0 && s.First >= s.Order && s.Order >= 0 && (s.Short || s.Whole >= s.First):
				default:
					t.Errorf("every %v, call %d ended as %+v", every, i, s)
				}
			}
			for _, u := range out.Work {
				jobs += u.Jobs
			}
			if sent != jobs || sent == 0 {
				t.Errorf("calls were given %d units, units had %d jobs", sent, jobs)
			}
			sum := tr.Sum(out, trial.Bootstrap{})
			if sum.Calls+sum.NoNeed != 300 || sum.Reached+sum.GaveUp != sum.Calls {
				t.Errorf("every %v: %+v", every, sum)
			}
			_, again := play(t, w, some(3, 300, every), units, opt)
			if !reflect.DeepEqual(out, again) {
				t.Errorf("every %v: the same seed gave another answer", every)
			}
		}
	}
}

// No unit is on two calls at once, and none arrives before it was sent.
func TestNobodyIsInTwoPlaces(t *testing.T) {
	o, units := centre(t)
	free, jobs := map[cad.UnitID]time.Time{}, 0
	tr, out := play(t, trial.World{Org: o, Streets: grid(t)}, some(5, 400, 90*time.Second), units, trial.Options{Each: func(j trial.Job) {
		if jobs++; j.Order.Before(free[j.Unit]) || j.Arrive.Before(j.Order) || j.Free.Before(j.Arrive) {
			t.Errorf("%s was busy until %v: %+v", j.Unit, free[j.Unit], j)
		}
		free[j.Unit] = j.Free
	}})
	if sum := tr.Sum(out, trial.Bootstrap{}); sum.Waited == 0 || sum.MostAt == 0 || jobs < 100 {
		t.Errorf("a town that is overrun made nobody wait: %d jobs, %+v", jobs, sum)
	}
}

// A router whose homes are put in order gives the same playing as the router itself, and as the streets searched slowly.
func TestHomesInOrderAnswerAlike(t *testing.T) {
	o, units := centre(t)
	streets := grid(t)
	h, err := streets.Prepare(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	router, err := streets.Router(t.Context(), h, street.Conditions{})
	if err != nil {
		t.Fatal(err)
	}
	calls := some(11, 300, 8*time.Minute)
	var all []trial.Outcome
	for _, f := range []street.Finder{router, struct{ street.Finder }{router}, streets} {
		_, out := play(t, trial.World{Org: o, Streets: f}, calls, units, trial.Options{})
		all = append(all, out)
	}
	for i, out := range all[1:] {
		if !reflect.DeepEqual(out.Served, all[0].Served) {
			t.Errorf("playing %d differs", i+1)
		}
	}
}

// With one kind of need and calls so rare that everybody is at home, a fleet without a unit is never better, call by call;
// one with a unit more is never worse.
func TestFewerUnitsAreNeverBetter(t *testing.T) {
	o, all := centre(t)
	streets := grid(t)
	rapid.Check(t, func(rt *rapid.T) {
		calls := some(rapid.Uint64().Draw(rt, "seed"), 20, time.Minute)
		for i := range calls {
			calls[i].At, calls[i].Type, calls[i].Scene = noon.Add(time.Duration(i)*24*time.Hour), "", time.Minute
		}
		gone := rapid.IntRange(0, len(all)-1).Draw(rt, "gone")
		fewer, err := trial.Apply(all, []trial.Change{{Do: "remove", Unit: all[gone].State.ID}}, o)
		if err != nil {
			rt.Fatal(err)
		}
		w := trial.World{Org: o, Streets: streets}
		tr, was := play(t, w, calls, all, trial.Options{})
		_, is := play(t, w, calls, fewer, trial.Options{})
		for i := range was.Served {
			if is.Served[i].First < was.Served[i].First {
				rt.Fatalf("call %d is reached after %v without %s, and after %v with it", i, is.Served[i].First, all[gone].State.ID, was.Served[i].First)
			}
		}
		if d := tr.Compare(was, is, trial.Bootstrap{Draws: 100}); d.Mean.Mid < 0 || d.P50.Mid < 0 {
			rt.Fatalf("fewer units are better: %+v", d)
		}
	})
}

// A call is reached by the street time of the nearest unit that may go, from where it is on its way home.
func TestTimesAreThoseOfTheStreets(t *testing.T) {
	o, units := centre(t)
	calls := []trial.Call{
		{ID: "a", At: noon, Ready: 30 * time.Second, Turnout: 20 * time.Second, Place: *jointtest.At(-2500, 0), Type: "theft", Scene: 10 * time.Minute},
		{ID: "b", At: noon.Add(time.Hour), Place: *jointtest.At(-2500, 0), Type: "theft", Scene: time.Minute},
		{ID: "c", At: noon.Add(time.Hour + 2*time.Minute + time.Minute + time.Minute), Place: *jointtest.At(-2500, 0), Type: "theft", Scene: time.Minute},
	}
	for i := range units { // One crew only.
		units[i].State.Kind = map[bool]string{true: "crew", false: "swat"}[units[i].State.ID == "211"]
	}
	_, out := play(t, trial.World{Org: o, Streets: grid(t)}, calls, units, trial.Options{})
	want := []time.Duration{30*time.Second + 20*time.Second + 2*time.Minute, 2 * time.Minute, time.Minute} // 1,000 m at 30 km/h; the third from half way.
	for i, s := range out.Served {
		if d := (s.First - want[i]).Abs(); d > 2*time.Second {
			t.Errorf("call %d is reached after %v, want %v", i, s.First, want[i])
		}
	}
	for _, w := range out.Work {
		if km := w.Km; w.Unit == "211" && math.Abs(km-(1+1+1+0.5+0.5+1)) > 0.02 {
			t.Errorf("211 drove %v km, want 5", km)
		}
	}
}

// A crew on foot walks there and back.
func TestFootCrewsWalk(t *testing.T) {
	o, units := centre(t)
	kind := o.Kinds["crew"]
	kind.Kmh = 6
	o.Kinds["crew"] = kind
	late := noon.Add(time.Hour)
	calls := []trial.Call{
		{ID: "a", At: noon, Place: *jointtest.At(-2500, 0), Type: "theft", Scene: time.Minute},
		{ID: "b", At: late, Place: *jointtest.At(-2500, 0), Type: "theft", Scene: time.Minute},
		{ID: "c", At: late.Add(16 * time.Minute), Place: *jointtest.At(-2500, 0), Type: "theft", Scene: time.Minute},
	}
	for i := range units { // One crew only.
		units[i].State.Kind = map[bool]string{true: "crew", false: "swat"}[units[i].State.ID == "211"]
	}
	_, out := play(t, trial.World{Org: o, Streets: grid(t)}, calls, units, trial.Options{})
	want := []time.Duration{10 * time.Minute, 10 * time.Minute, 5 * time.Minute} // 1,000 m at 6 km/h; the third from half way.
	for i, s := range out.Served {
		if d := (s.First - want[i]).Abs(); d > 5*time.Second {
			t.Errorf("call %d is reached after %v, want %v", i, s.First, want[i])
		}
	}
}

// A unit off its shift is not sent; when its shift begins it takes who waits.
func TestShifts(t *testing.T) {
	o, units := centre(t)
	only := units[:1]
	only[0].Shift = trial.Shift{FromS: 13 * 3600, ToS: 15 * 3600}
	calls := []trial.Call{
		{ID: "a", At: noon, Place: *only[0].State.Home, Type: "", Scene: time.Minute},
		{ID: "b", At: noon.Add(4 * time.Hour), Place: *only[0].State.Home, Type: "", Scene: time.Minute},
	}
	_, out := play(t, trial.World{Org: o, Streets: grid(t)}, calls, only, trial.Options{})
	if s := out.Served[0]; s.First != time.Hour || !s.Waited {
		t.Errorf("before the shift: %+v, want an hour", s)
	}
	if s := out.Served[1]; !s.GaveUp {
		t.Errorf("after the shift: %+v, want that nobody came", s)
	}
	night := trial.Shift{FromS: 22 * 3600, ToS: 6 * 3600}
	if !night.Has(23*3600) || !night.Has(0) || night.Has(12*3600) {
		t.Error("a night does not pass midnight")
	}
}

func TestChanges(t *testing.T) {
	o, units := centre(t)
	o.Posts = []org.Post{{ID: "p1", Place: *jointtest.At(2000, 2000)}, {ID: "p2", Place: *jointtest.At(-2000, 2000)}}
	place := jointtest.At(0, -2000)
	got, err := trial.Apply(units, []trial.Change{
		{Do: "move", Unit: "101", Post: "p1"},
		{Do: "add", Unit: "101", Post: "p1"},
		{Do: "add", Kind: "crew", Place: place},
		{Do: "remove", Unit: "102"},
		{Do: "move", Post: "p1", Place: place},
		{Do: "remove", Post: "p1"},
	}, o)
	if err != nil || len(got) != len(units)+1 {
		t.Fatalf("%d units, %v", len(got), err)
	}
	for _, u := range got {
		if u.State.ID == "102" {
			t.Error("102 is still there")
		}
		if u.State.ID == "101" && (u.Post != "" || *u.State.Home != *place) {
			t.Errorf("101 waits at %v, %q", u.State.Home, u.Post)
		}
		if u.State.ID == "new-3" && u.State.Station == "" {
			t.Error("a new crew belongs to nobody")
		}
	}
	if len(units) != 6 || units[0].Post != "" {
		t.Error("the fleet that was given is changed")
	}
	for _, c := range []trial.Change{
		{Do: "fly"},
		{Do: "add"},
		{Do: "add", Kind: "tank", Place: place},
		{Do: "add", Kind: "crew", Post: "p9"},
		{Do: "remove", Unit: "999"},
		{Do: "remove"},
		{Do: "move", Unit: "101"},
		{Do: "move", Post: "p1"},
		{Do: "move", Unit: "101", Place: &geo.Point{Lon: math.NaN()}},
		{Do: "add", Unit: "x", Place: place},
	} {
		var f *fault.Error
		if _, err := trial.Apply(units, []trial.Change{c}, o); !errors.As(err, &f) || f.Kind != fault.Invalid || f.Remedy == "" {
			t.Errorf("%+v gives %v", c, err)
		}
	}
	if _, err := trial.Apply(units, make([]trial.Change, 51), o); err == nil {
		t.Error("fifty-one changes are taken")
	}
}

func TestHostileInput(t *testing.T) {
	o, units := centre(t)
	good := trial.Call{ID: "a", At: noon, Place: jointtest.Middle()}
	with := func(change func(*trial.Call)) []trial.Call {
		c := good
		change(&c)
		return []trial.Call{c}
	}
	for name, calls := range map[string][]trial.Call{
		"none":         nil,
		"no time":      with(func(c *trial.Call) { c.At = time.Time{} }),
		"nowhere":      with(func(c *trial.Call) { c.Place = geo.Point{Lon: math.NaN(), Lat: 91} }),
		"backwards":    with(func(c *trial.Call) { c.Scene = -time.Second }),
		"never ready":  with(func(c *trial.Call) { c.Ready = math.MaxInt64 }),
		"bad services": with(func(c *trial.Call) { c.Scenes = []time.Duration{-1} }),
	} {
		var f *fault.Error
		if _, err := trial.New(t.Context(), trial.World{Org: o}, calls); !errors.As(err, &f) || f.Kind != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	tr, err := trial.New(t.Context(), trial.World{Org: o, Streets: grid(t)}, with(func(c *trial.Call) { c.Scene, c.Type = math.MaxInt64, "no such type" }))
	if err != nil {
		t.Fatal(err)
	}
	if out, err := tr.Run(t.Context(), nil, trial.Options{}); err != nil || !out.Served[0].GaveUp {
		t.Errorf("nobody on duty: %+v, %v", out, err)
	}
	if _, err := tr.Run(t.Context(), append(units, units[0]), trial.Options{}); err == nil {
		t.Error("a unit twice is taken")
	}
}
