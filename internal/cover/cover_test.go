package cover_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/cover"
)

var noon = time.Date(2030, 6, 7, 12, 0, 0, 0, time.UTC)

// line is five cells in two areas: a, a, a, b, b; one class with a standard of 300 s.
func line() *cover.Model {
	cells := []cover.Cell{{Area: "a"}, {Area: "a"}, {Area: "a"}, {Area: "b"}, {Area: "b"}}
	return cover.New(cells, []cover.Class{{ID: "patrol", StandardS: 300}})
}

// stand puts a free unit on the line at a cell; each cell is 120 s from the next.
func stand(m *cover.Model, id cad.UnitID, at int) {
	m.Put(cover.Unit{ID: id, Classes: []int{0}, Free: true, Row: row(at)})
}

func row(at int) []float32 {
	out := make([]float32, 5)
	for i := range out {
		out[i] = float32(120 * max(at-i, i-at))
	}
	return out
}

func close9(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b)) }

// Two free units at both ends and one busy one: q is the usual 0.3, and a call that finds nobody
// waits 2*300 + 2400/3 s. Everything else is worked out by hand.
func TestPictureByHand(t *testing.T) {
	m := line()
	m.Weigh([]float64{2, 1, 0, 1, 4})
	stand(m, "u1", 0)
	stand(m, "u2", 4)
	m.Put(cover.Unit{ID: "u3", Classes: []int{0}, Row: row(2)})
	p := m.Picture(noon)
	const q, missing = cover.BusyUsual, 1400
	wait := func(first, second float64) float64 {
		return (1-q)*first + (1-q)*q*second + q*q*missing
	}
	c := p.Classes[0]
	if c.Free != 2 || c.Units != 3 || !close9(c.Busy, q) {
		t.Errorf("free %d of %d, busy %v; want 2 of 3, %v", c.Free, c.Units, c.Busy, q)
	}
	// The third cell is called from by nobody: its weight of 1e-9 calls an hour stays below the tolerance.
	want := (2*wait(0, 480) + wait(120, 360) + wait(120, 360) + 4*wait(0, 480)) / 8
	if math.Abs(c.ExpectedS-want) > 1e-6 {
		t.Errorf("expected %v s, want %v", c.ExpectedS, want)
	}
	// Within 300 s every cell has one unit but the third, which has both.
	if math.Abs(c.Covered-(1-q)) > 1e-9 {
		t.Errorf("covered %v, want %v", c.Covered, 1-q)
	}
	// 0.7 of the calls wait 0 or 120 s, 0.91 at most 480 s.
	if c.P90S != 480 {
		t.Errorf("p90 %v s, want 480", c.P90S)
	}
	if !close9(c.Nobody, q*q) || !close9(c.NobodyS, q*q*missing) {
		t.Errorf("%v of the calls find nobody, which makes %v s; want %v and %v s", c.Nobody, c.NobodyS, q*q, q*q*missing)
	}
	if m.FreeIn(0, "a") != 1 || m.FreeIn(0, "b") != 1 {
		t.Error("one free unit stands in each area")
	}
	a, b := p.Areas[0], p.Areas[1]
	if a.Area != "a" || a.State != cover.Thin || a.Within != 1 || math.Abs(a.NearestS-40) > 1e-6 {
		t.Errorf("%+v; want a thin with one unit, 40 s away", a)
	}
	if b.Area != "b" || b.State != cover.Thin || b.Within != 1 || math.Abs(b.NearestS-24) > 1e-6 {
		t.Errorf("%+v; want b thin with one unit, 24 s away", b)
	}
	// Without u1 the calls of a wait for u2 first.
	alone := func(first float64) float64 { return (1-q)*first + q*missing }
	gone := (2*alone(480) + alone(360) + alone(120) + 4*alone(0)) / 8
	l := p.Losses["u1"]
	if math.Abs(l.Seconds-(gone-want)) > 1e-6 || math.Abs(l.Calls-3*(1-q)) > 1e-6 {
		t.Errorf("without u1: %+v; want %v s and %v calls an hour", l, gone-want, 3*(1-q))
	}
	if !reflect.DeepEqual(l.Voids, []cover.Void{{Area: "a", Class: "patrol"}}) {
		t.Errorf("without u1 %v is void, want a", l.Voids)
	}
	if _, ok := p.Losses["u3"]; ok {
		t.Error("a busy unit leaves nothing behind, but has a loss")
	}
}

// An area is in order, then thin, then void, as its units leave one after another.
func TestAreaBecomesThinThenVoid(t *testing.T) {
	m := line()
	stand(m, "u1", 1)
	stand(m, "u2", 1)
	stand(m, "far", 4)
	for i, want := range []cover.State{cover.OK, cover.Thin, cover.Bare} {
		if got := m.Picture(noon).Areas[0]; got.State != want {
			t.Errorf("after %d left: %+v, want %s", i, got, want)
		}
		m.Remove(cad.UnitID(fmt.Sprintf("u%d", i+1)))
	}
}

// A standard of its own makes the same unit enough for one area and too far for another.
func TestStandardOfAnArea(t *testing.T) {
	cells := []cover.Cell{{Area: "a"}, {Area: "b"}}
	m := cover.New(cells, []cover.Class{{ID: "x", StandardS: 300, AreaS: map[cad.OrgID]float64{"b": 600}}})
	m.Put(cover.Unit{ID: "u", Classes: []int{0}, Free: true, Row: []float32{400, 400}})
	p := m.Picture(noon)
	if p.Areas[0].State != cover.Bare || p.Areas[1].State != cover.Thin {
		t.Errorf("%+v; want a void and b thin", p.Areas)
	}
}

// A crew counts in its own station's area only, however near the next one is; where nothing is promised nothing is shown.
func TestOwnAreaAndNoPromise(t *testing.T) {
	cells := []cover.Cell{{Area: "a"}, {Area: "b"}, {Area: "c"}, {}}
	m := cover.New(cells, []cover.Class{{ID: "crew", StandardS: 300, Own: true, AreaS: map[cad.OrgID]float64{"c": 0}}})
	m.Put(cover.Unit{ID: "u", Classes: []int{0}, Area: "a", Free: true, Row: []float32{100, 100, 100, 100}})
	p := m.Picture(noon)
	if len(p.Areas) != 2 || p.Areas[0].State != cover.Thin || p.Areas[1].State != cover.Bare {
		t.Errorf("%+v; want a thin, b void, and nothing of c", p.Areas)
	}
	if a, b := p.Areas[0], p.Areas[1]; a.Nobody || a.NearestS != 100 || !b.Nobody || b.NearestS != 0 || m.FreeIn(0, "a") != 1 || m.FreeIn(0, "b") != 0 {
		t.Errorf("%+v: the crew of a is 100 s away, and nobody comes to b", p.Areas)
	}
	const q = cover.BusyUsual
	if want := (1 - q) / 3; !close9(p.Classes[0].Covered, want) {
		t.Errorf("covered %v, want %v: one of three cells where something is promised", p.Classes[0].Covered, want)
	}
	if got := m.Moves(cover.Wanted{Max: 1, GainS: -1e9, Places: []cover.Place{{ID: "b", Cell: 1, Row: []float32{100, 0, 100, 100}}}}); len(got) > 0 {
		t.Errorf("%s: nothing is gained where it does not count", got[0].ID)
	}
}

// What nobody can reach is waited for as long as when all are busy, and no number is left undefined.
func TestNobodyThere(t *testing.T) {
	m := line()
	m.Put(cover.Unit{ID: "lost", Classes: []int{0}, Free: true})
	m.Put(cover.Unit{ID: "island", Classes: []int{0}, Free: true, Row: []float32{-1, -1, -1, -1, -1}})
	m.Put(cover.Unit{ID: "bad", Classes: []int{0}, Free: true, Row: []float32{1}})
	p := m.Picture(noon)
	if c := p.Classes[0]; c.ExpectedS != 1400 || c.P90S != 1400 || c.Covered != 0 || c.Free != 3 || c.Nobody != 1 {
		t.Errorf("%+v", c)
	}
	if l := p.Losses["island"]; l.Seconds != 0 || l.Calls != 0 || l.Voids != nil {
		t.Errorf("a unit that reaches nothing costs %+v", l)
	}
	if p := cover.New(nil, []cover.Class{{ID: "x"}}).Picture(noon); p.Classes[0].ExpectedS != 0 || len(p.Areas) != 0 {
		t.Errorf("no city at all: %+v", p)
	}
}

// crowd is a city of chance: cells, areas, classes and units.
func crowd(r *rand.Rand, cells, classes, units int) (*cover.Model, []cover.Unit) {
	var list []cover.Cell
	for range cells {
		list = append(list, cover.Cell{Area: cad.OrgID(fmt.Sprintf("st%d", r.IntN(4)))})
	}
	var kinds []cover.Class
	for c := range classes {
		kinds = append(kinds, cover.Class{ID: fmt.Sprintf("c%d", c), StandardS: 200 + 100*float64(c), Own: c == 1})
	}
	m := cover.New(list, kinds)
	weights := make([]float64, cells)
	for i := range weights {
		weights[i] = r.Float64() * 3
	}
	m.Weigh(weights)
	var us []cover.Unit
	for n := range units {
		u := cover.Unit{ID: cad.UnitID(fmt.Sprintf("u%02d", n)), Area: cad.OrgID(fmt.Sprintf("st%d", r.IntN(4))), Free: r.IntN(4) > 0, Row: chanceRow(r, cells)}
		for c := range classes {
			if r.IntN(2) == 0 {
				u.Classes = append(u.Classes, c)
			}
		}
		us = append(us, u)
		m.Put(u)
	}
	return m, us
}

func chanceRow(r *rand.Rand, cells int) []float32 {
	row := make([]float32, cells)
	for i := range row {
		if row[i] = float32(r.IntN(900)); r.IntN(20) == 0 {
			row[i] = -1
		}
	}
	return row
}

// away takes a unit out of reach but leaves it on duty, so that the share of busy units stays as it is.
func away(m *cover.Model, u cover.Unit) {
	u.Row = nil
	m.Put(u)
}

// What a unit costs is what the picture loses when it is taken away. Seen to fail when ranks are not moved up.
func TestLossAgainstTakingAway(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		classes := 1 + r.IntN(3)
		m, us := crowd(r, 1+r.IntN(30), classes, 1+r.IntN(9))
		before := m.Picture(noon)
		for _, u := range us {
			got, ok := before.Losses[u.ID]
			if !u.Free || len(u.Classes) == 0 {
				if ok {
					t.Fatalf("%s has a loss", u.ID)
				}
				continue
			}
			away(m, u)
			after := m.Picture(noon)
			m.Put(u)
			worst, voids := 0.0, []cover.Void(nil)
			for _, c := range u.Classes {
				worst = max(worst, after.Classes[c].ExpectedS-before.Classes[c].ExpectedS)
			}
			for i, a := range after.Areas {
				if a.State == cover.Bare && before.Areas[i].State != cover.Bare {
					voids = append(voids, cover.Void{Area: a.Area, Class: a.Class})
				}
			}
			slices.SortFunc(got.Voids, compareVoid)
			slices.SortFunc(voids, compareVoid)
			if math.Abs(got.Seconds-worst) > 1e-4 || !slices.Equal(got.Voids, voids) {
				t.Fatalf("%s: %+v, want %v s and %v", u.ID, got, worst, voids)
			}
		}
	}
}

func compareVoid(a, b cover.Void) int {
	if a.Area != b.Area {
		return int(a.Area[2]) - int(b.Area[2])
	}
	return int(a.Class[1]) - int(b.Class[1])
}

// Units that came, moved, became busy and left again leave no trace: the picture is that of a model made at once.
func TestPutLeavesNoTrace(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	m, us := crowd(r, 25, 2, 12)
	for range 500 {
		i := r.IntN(len(us))
		us[i].Free = r.IntN(3) > 0
		if r.IntN(2) == 0 {
			us[i].Row = chanceRow(r, 25)
		}
		if r.IntN(6) == 0 {
			m.Remove(us[i].ID)
		} else {
			m.Put(us[i])
		}
	}
	for _, u := range us {
		m.Put(u)
	}
	fresh, _ := crowd(rand.New(rand.NewPCG(3, 4)), 25, 2, 12)
	for _, u := range us {
		fresh.Put(u)
	}
	if a, b := m.Picture(noon), fresh.Picture(noon); !reflect.DeepEqual(a, b) {
		t.Errorf("%+v\n%+v", a, b)
	}
}

// Who is busy now is left out of the picture, and does not make the others seem busier: two free units are worth the same
// beside eight busy ones as beside none, but for when the next comes free. Seen to fail while the share was that of the
// moment.
func TestBusyIsOfTheLongRun(t *testing.T) {
	m := line()
	stand(m, "u1", 0)
	stand(m, "u2", 4)
	alone := m.Picture(noon).Classes[0]
	for n := range 8 {
		m.Put(cover.Unit{ID: cad.UnitID(fmt.Sprint("b", n)), Classes: []int{0}})
	}
	c := m.Picture(noon).Classes[0]
	if c.Busy != cover.BusyUsual || c.Covered != alone.Covered || c.Nobody != alone.Nobody || c.ExpectedS > alone.ExpectedS {
		t.Errorf("beside busy units %+v, alone %+v", c, alone)
	}
	for share, want := range map[float64]float64{0: cover.BusyLeast, 0.4: 0.4, 0.9: cover.BusyMost, math.NaN(): cover.BusyUsual, math.Inf(1): cover.BusyMost} {
		m.Busy(0, share)
		if got := m.Picture(noon).Classes[0].Busy; got != want {
			t.Errorf("a share of %v is reckoned with as %v, want %v", share, got, want)
		}
	}
}
