package dispatch_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/org"
	"shuniu/internal/street"
	"shuniu/internal/unit"
)

var noon = time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)

// grid is a town of blocks of 500 m, 4 km wide, whose streets are driven at 30 km/h. A river runs between the columns
// at 0 and at 500 m east; the only bridge is at its north end, 2 km away from the middle.
func grid(t testing.TB) *street.Network {
	t.Helper()
	var b street.Builder
	id := func(x, y int) int64 { return int64((x+5)*100 + y + 5) }
	way := int64(1)
	join := func(x, y, x2, y2 int) {
		b.AddWay(street.Way{ID: way, Nodes: []int64{id(x, y), id(x2, y2)}, Name: fmt.Sprintf("street %d", way), Class: "residential"})
		way++
	}
	for x := -4; x <= 4; x++ {
		for y := -4; y <= 4; y++ {
			b.AddNode(id(x, y), *jointtest.At(float64(x)*500, float64(y)*500))
			if x < 4 && (x != 0 || y == 4) {
				join(x, y, x+1, y)
			}
			if y < 4 {
				join(x, y, x, y+1)
			}
		}
	}
	n, _, err := b.Build(t.Context(), street.Profile{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// scene is an incident in the town, with all units available at their posts until a test says otherwise.
type scene struct {
	dispatch.Input
	stacks map[cad.UnitID][]*assignment.State
}

func newScene(t testing.TB, n *street.Network, typ cad.TypeID, at *geo.Point) *scene {
	t.Helper()
	h := joint.NewHouse(nil)
	codec, err := joint.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []joint.Command{
		joint.OpenWorld{World: cad.Live, Centre: jointtest.Centre},
		joint.Configure{Charter: jointtest.Charter(jointtest.Centre)},
		joint.Receive{ID: "i1", Type: typ, Place: at},
	} {
		out, err := c.Decide(h, joint.Moment{Now: noon})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range out.Facts {
			if err := h.Evolve(codec, f, cad.Stamp{Seq: h.Seq + 1, At: noon, Happened: noon}); err != nil {
				t.Fatal(err)
			}
		}
	}
	s := &scene{stacks: map[cad.UnitID][]*assignment.State{}}
	s.Input = dispatch.Input{
		Now: noon, Incident: h.Incident("i1"), Org: h.Org, Units: maps.Clone(h.Units), Fixes: map[cad.UnitID]dispatch.Fix{},
		Stack:  func(u cad.UnitID) []*assignment.State { return s.stacks[u] },
		Number: func(cad.IncidentID) int64 { return 7 },
	}
	if n != nil {
		s.Streets = n
	}
	if n != nil && at != nil {
		s.Snap, _ = n.Snap(*at, 2000)
	}
	for id := range s.Units {
		s.unit(id, func(u *unit.State) { u.Duty = unit.Available })
	}
	return s
}

func (s *scene) unit(id cad.UnitID, f func(*unit.State)) {
	u := *s.Units[id]
	f(&u)
	s.Units[id] = &u
}

func (s *scene) only(ids ...cad.UnitID) {
	maps.DeleteFunc(s.Units, func(id cad.UnitID, _ *unit.State) bool { return !slices.Contains(ids, id) })
}

func (s *scene) fix(id cad.UnitID, eastM, northM float64, trust dispatch.Trust, age time.Duration) {
	s.Fixes[id] = dispatch.Fix{Point: *jointtest.At(eastM, northM), At: s.Now.Add(-age), Trust: trust}
}

func (s *scene) busy(id cad.UnitID, at cad.IncidentID) {
	s.stacks[id] = []*assignment.State{{ID: cad.AssignmentID(id), Unit: id, Incident: at, Stage: assignment.OnScene, Primary: true}}
}

// order is the units of an advice as a dispatcher reads them: picked ones with their slot, why others are left out.
func order(a dispatch.Advice) (items []string, left map[cad.UnitID]string) {
	left = map[cad.UnitID]string{}
	for _, c := range a.Items {
		word := string(c.Unit)
		if c.Pick {
			word += "=" + c.Slot
		}
		items = append(items, word)
	}
	for _, c := range a.LeftOut {
		left[c.Unit] = c.Reasons[0].Code
	}
	return items, left
}

func wantItems(t *testing.T, a dispatch.Advice, want ...string) {
	t.Helper()
	if got, _ := order(a); !slices.Equal(got, want) {
		t.Errorf("recommended %v, want %v", got, want)
	}
}

func reasons(a dispatch.Advice, id cad.UnitID) []string {
	var out []string
	for _, c := range slices.Concat(a.Items, a.LeftOut) {
		for _, r := range c.Reasons {
			if c.Unit == id {
				out = append(out, r.Code)
			}
		}
	}
	return out
}

func TestNearestByStreetNotByAir(t *testing.T) {
	s := newScene(t, grid(t), "", jointtest.At(0, 0))
	s.only("101", "102")
	s.fix("101", 500, 0, dispatch.Trusted, 0)   // Across the river.
	s.fix("102", -1500, 0, dispatch.Trusted, 0) // Three times as far by air.
	a := dispatch.Recommend(t.Context(), s.Input)
	wantItems(t, a, "102=any", "101")
	if *a.Items[0].EtaS != 180 || *a.Items[1].EtaS < 540 || *a.Items[1].EtaS > 600 || len(a.Degraded) != 0 {
		t.Errorf("expected after %d s and %d s, want 1500 m, and 4500 m with their turns, at 30 km/h; degraded %v", *a.Items[0].EtaS, *a.Items[1].EtaS, a.Degraded)
	}
}

// Lists are lists on the wire also when nobody is there.
func TestNobodyIsAnEmptyList(t *testing.T) {
	s := newScene(t, nil, "", jointtest.At(0, 0))
	s.only()
	out, err := json.Marshal(dispatch.Recommend(t.Context(), s.Input))
	if err != nil || strings.Contains(string(out), "null") {
		t.Errorf("%s, %v", out, err)
	}
}

// Doubt about a position counts as time: half of its age for a stale one, two minutes for a unit taken to be at its post.
func TestDoubtCountsAsTime(t *testing.T) {
	for _, tt := range []struct {
		name  string
		trust dispatch.Trust
		age   time.Duration
		want  []string
	}{
		{"fresh and near", dispatch.Trusted, 0, []string{"101=any", "102"}},
		{"a little old and near", dispatch.Stale, 90 * time.Second, []string{"101=any", "102"}}, // 120 s + 45 s before 240 s.
		{"old and near", dispatch.Stale, 5 * time.Minute, []string{"102=any", "101"}},           // 120 s + 150 s after 240 s.
		{"suspect and near", dispatch.Suspect, 0, []string{"102=any", "101"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t, grid(t), "", jointtest.At(0, 0))
			s.only("101", "102")
			s.fix("101", -1000, 0, tt.trust, tt.age)
			s.fix("102", -2000, 0, dispatch.Trusted, 0)
			wantItems(t, dispatch.Recommend(t.Context(), s.Input), tt.want...)
		})
	}
	s := newScene(t, grid(t), "", jointtest.At(0, 0))
	s.only("101", "102") // 101 waits at its post, 500 m away: 60 s and 120 s of doubt.
	s.fix("102", -1400, 0, dispatch.Trusted, 0)
	a := dispatch.Recommend(t.Context(), s.Input)
	wantItems(t, a, "102=any", "101")
	if !slices.Contains(reasons(a, "101"), "assumed_at_post") {
		t.Errorf("nothing says that its place is assumed: %v", reasons(a, "101"))
	}
}

// Nobody is refused advice because something is missing; what it had to do without is said.
func TestWithoutMapOrPlace(t *testing.T) {
	s := newScene(t, nil, "", jointtest.At(0, 0))
	s.only("101", "102")
	s.fix("101", 500, 0, dispatch.Trusted, 0)
	s.fix("102", -1500, 0, dispatch.Trusted, 0)
	a := dispatch.Recommend(t.Context(), s.Input)
	wantItems(t, a, "101=any", "102") // By air, and it says so.
	if !slices.Equal(a.Degraded, []string{"no_streets"}) || !slices.Contains(reasons(a, "101"), "straight_line") {
		t.Errorf("degraded %v, %v", a.Degraded, reasons(a, "101"))
	}
	s.unit("102", func(u *unit.State) { u.Home = nil })
	delete(s.Fixes, "102")
	a = dispatch.Recommend(t.Context(), s.Input)
	if c := a.Items[1]; c.Unit != "102" || c.EtaS != nil || c.DistanceM != nil {
		t.Errorf("a unit that nobody has seen comes after %v s: %+v", c.EtaS, a.Items)
	}
	s = newScene(t, grid(t), "knife", nil)
	a = dispatch.Recommend(t.Context(), s.Input)
	for _, c := range a.Items {
		if c.EtaS != nil || c.DistanceM != nil {
			t.Errorf("%s is %v m and %v s from a place that nobody knows", c.Unit, c.DistanceM, c.EtaS)
		}
	}
	if !slices.Equal(a.Degraded, []string{"no_place"}) || len(a.Shortfalls) != 0 || len(a.Items) != 6 {
		t.Errorf("degraded %v, shortfalls %v, %d units", a.Degraded, a.Shortfalls, len(a.Items))
	}
	if got, _ := order(a); !slices.Equal(got[:3], []string{"101=near", "211=own", "301=any:shield"}) {
		t.Errorf("recommended %v", got)
	}
}

// The needs of the type are filled in their order: the nearest patrol, the responsible station's crew, what can do it.
func TestSlots(t *testing.T) {
	s := newScene(t, grid(t), "knife", jointtest.At(-400, 0)) // In the west: st1's.
	s.fix("221", -500, 0, dispatch.Trusted, 0)                // st2's crew is the nearest of all.
	a := dispatch.Recommend(t.Context(), s.Input)
	got, _ := order(a)
	if !slices.Contains(got, "101=near") || !slices.Contains(got, "211=own") || !slices.Contains(got, "301=any:shield") || !slices.Contains(got, "221") {
		t.Errorf("recommended %v", got)
	}
	if len(a.Shortfalls) != 0 || !slices.Contains(reasons(a, "211"), "responsible_station") {
		t.Errorf("shortfalls %v, 211: %v", a.Shortfalls, reasons(a, "211"))
	}
	// What is on its way is not asked for twice.
	s.busy("101", "i1")
	a = dispatch.Recommend(t.Context(), s.Input)
	got, left := order(a)
	if len(a.Need) != 2 || slices.ContainsFunc(got, func(w string) bool { return w == "102=near" }) || left["101"] != "on_its_way" {
		t.Errorf("with 101 on its way: need %v, recommended %v, left out %v", a.Need, got, left)
	}
	// A type may ask for people.
	s = newScene(t, grid(t), "theft", jointtest.At(-400, 0))
	o := *s.Org
	o.Types = maps.Clone(o.Types)
	typ := o.Types["theft"]
	typ.Need = []org.Need{{Slot: "any", Count: 1, Officers: 4, Sworn: 2}}
	o.Types["theft"], s.Org = typ, &o
	s.unit("221", func(u *unit.State) { u.Officers, u.Sworn = 4, 2 })
	s.unit("101", func(u *unit.State) { u.Officers, u.Sworn = 6, 1 })
	a = dispatch.Recommend(t.Context(), s.Input)
	if got, _ := order(a); got[0] != "221=any" {
		t.Errorf("recommended %v", got)
	}
}

// A need that nobody free can fill is said, with the best that can be done about it.
func TestShortfalls(t *testing.T) {
	s := newScene(t, grid(t), "knife", jointtest.At(-400, 0))
	s.busy("211", "i7")
	s.busy("212", "i7")
	s.unit("101", func(u *unit.State) { u.Duty = unit.OffDuty })
	s.unit("102", func(u *unit.State) { u.Duty, u.Reason = unit.Unavailable, "meal" })
	s.unit("301", func(u *unit.State) { u.Dispatchable = false })
	a := dispatch.Recommend(t.Context(), s.Input)
	got := map[string]string{}
	for _, f := range a.Shortfalls {
		got[f.What] = f.Remedy.Code
		if f.Count != 1 || f.Remedy.Code == "reassign_nearest" && (f.Remedy.Params["unit"] != "211" || f.Remedy.Params["number"] != "7") {
			t.Errorf("shortfall %+v", f)
		}
	}
	if want := map[string]string{"near": "call_in_off_duty", "own": "reassign_nearest", "any:shield": "without_capability"}; !maps.Equal(got, want) {
		t.Errorf("shortfalls %v, want %v", got, want)
	}
	_, left := order(a)
	if want := map[cad.UnitID]string{"211": "busy", "212": "busy", "101": "off_duty", "102": "unavailable"}; !maps.Equal(left, want) {
		t.Errorf("left out %v, want %v", left, want)
	}
	if wantItemsOf := a.Items; len(wantItemsOf) != 1 || wantItemsOf[0].Unit != "221" || wantItemsOf[0].Pick {
		t.Errorf("free: %+v", wantItemsOf)
	}
}

func TestWhoCannotGo(t *testing.T) {
	s := newScene(t, grid(t), "", jointtest.At(0, 0))
	s.only("101", "102", "211", "212", "900")
	s.unit("101", func(u *unit.State) { u.Duress = &unit.Duress{Since: noon} })
	s.unit("102", func(u *unit.State) { u.OutOfContact = noon })
	s.busy("211", "i7")
	s.stacks["211"][0].Redeployable = true
	s.unit("212", func(u *unit.State) { u.Retired = true })
	a := dispatch.Recommend(t.Context(), s.Input)
	_, left := order(a)
	if want := map[cad.UnitID]string{"101": "in_duress", "102": "out_of_contact"}; len(a.Items) != 1 || a.Items[0].Unit != "211" || a.Items[0].Pick || !maps.Equal(left, want) {
		t.Errorf("can go: %v; left out %v, want %v", a.Items, left, want)
	}
}

// drawn is any state of the town's units.
func drawn(t *rapid.T, tb testing.TB, n *street.Network) *scene {
	at := jointtest.At(float64(rapid.IntRange(-2000, 2000).Draw(t, "east")), float64(rapid.IntRange(-2000, 2000).Draw(t, "north")))
	if rapid.IntRange(0, 9).Draw(t, "nowhere") == 0 {
		at = nil
	}
	s := newScene(tb, n, rapid.SampledFrom([]cad.TypeID{"", "knife", "theft", "noise"}).Draw(t, "type"), at)
	for _, id := range slices.Sorted(maps.Keys(s.Units)) {
		switch rapid.IntRange(0, 6).Draw(t, "state of "+string(id)) {
		case 0:
			s.busy(id, rapid.SampledFrom([]cad.IncidentID{"i1", "i7"}).Draw(t, "at"))
			s.stacks[id][0].Redeployable = rapid.Bool().Draw(t, "redeployable")
		case 1:
			s.unit(id, func(u *unit.State) { u.Duty = unit.OffDuty })
		case 2:
			s.fix(id, 0, 0, dispatch.Suspect, 0)
		case 3, 4:
			s.fix(id, float64(rapid.IntRange(-2000, 2000).Draw(t, "x")), float64(rapid.IntRange(-2000, 2000).Draw(t, "y")),
				rapid.SampledFrom([]dispatch.Trust{dispatch.Trusted, dispatch.Stale}).Draw(t, "trust"), time.Duration(rapid.IntRange(0, 900).Draw(t, "age"))*time.Second)
		}
	}
	return s
}

// Whatever the state: the same input gives the same advice; only who can go is recommended, once; needs plus shortfalls
// are whole; and a suspect position is behind every position that is not.
func TestAdviceLaws(t *testing.T) {
	n := grid(t)
	rapid.Check(t, func(rt *rapid.T) {
		s := drawn(rt, t, n)
		a := dispatch.Recommend(t.Context(), s.Input)
		if again := dispatch.Recommend(t.Context(), s.Input); !reflect.DeepEqual(a, again) {
			rt.Fatalf("the same input gave %+v and %+v", a, again)
		}
		seen := map[cad.UnitID]bool{}
		for i, c := range a.Items {
			u := s.Units[c.Unit]
			free := len(s.stacks[c.Unit]) == 0
			if seen[c.Unit] || u.Duty != unit.Available || !u.Dispatchable || c.Pick && !free || free != (c.State == dispatch.StateFree) || !free && c.Slot == "" {
				rt.Fatalf("%s is offered twice, taken from its work, or cannot go", c.Unit)
			}
			if len(c.Reasons) == 0 {
				rt.Fatalf("nothing is said about %s", c.Unit)
			}
			seen[c.Unit] = true
			for _, later := range a.Items[i+1:] {
				if a.Degraded == nil && c.Trust == dispatch.Suspect && later.Trust != dispatch.Suspect && c.Pick == later.Pick && c.State == later.State {
					rt.Fatalf("%s, whose position is suspect, stands before %s", c.Unit, later.Unit)
				}
				if !c.Pick && later.Pick {
					rt.Fatalf("%s is picked and stands behind %s", later.Unit, c.Unit)
				}
			}
		}
		for _, need := range a.Need {
			short := 0
			for _, f := range a.Shortfalls {
				if f.What == need.What {
					short = f.Count
				}
			}
			if need.Filled+short != need.Count || need.Count <= 0 {
				rt.Fatalf("need %+v, shortfalls %+v", need, a.Shortfalls)
			}
		}
	})
}

func BenchmarkRecommend200(b *testing.B) {
	s := newScene(b, grid(b), "knife", jointtest.At(-400, 100))
	for n := range 200 {
		id := cad.UnitID(fmt.Sprintf("u%03d", n))
		u := *s.Units[[]cad.UnitID{"101", "211", "301"}[n%3]]
		u.ID, u.CallSign = id, string(id)
		s.Units[id] = &u
		s.fix(id, float64(n*37%4000-2000), float64(n*91%4000-2000), dispatch.Trusted, 0)
		f := s.Fixes[id]
		f.Snap, _ = s.Streets.Snap(f.Point, 2000)
		s.Fixes[id] = f
	}
	for b.Loop() {
		dispatch.Recommend(b.Context(), s.Input)
	}
}
