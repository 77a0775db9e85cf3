package dispatch_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/org"
	"shuniu/internal/street"
	"shuniu/internal/unit"
)

// An alternative that takes another number of units fills the line with that number, all of one way: two patrols for one
// assault team, never one.
func TestAlternativesOfAnotherCount(t *testing.T) {
	team := org.Need{Slot: "swat", Count: 1, Or: []org.Need{{Slot: "near", Count: 2}}}
	twoTeams := org.Need{Slot: "own", Count: 2, Or: []org.Need{{Slot: "near", Count: 1}}}
	for _, tt := range []struct {
		name  string
		line  org.Need
		only  []cad.UnitID
		want  []string // As wantItems reads them.
		short int
	}{
		{"the first way", team, []cad.UnitID{"101", "102", "301"}, []string{"301=swat", "101", "102"}, 0},
		{"two for one", team, []cad.UnitID{"101", "102"}, []string{"101=near", "102=near"}, 0},
		{"one of two is not enough, and better than nobody", team, []cad.UnitID{"101"}, []string{"101=near"}, 1},
		{"nobody", team, []cad.UnitID{"900"}, nil, 1},
		{"one for two", twoTeams, []cad.UnitID{"211", "101"}, []string{"101=near", "211"}, 0},
		{"both of the first", twoTeams, []cad.UnitID{"211", "212", "101"}, []string{"211=own", "212=own", "101"}, 0},
		{"half of the first", twoTeams, []cad.UnitID{"211"}, []string{"211=own"}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t, grid(t), "", jointtest.At(0, 0))
			s.Incident.Responsible.Org = "st1"
			s.only(tt.only...)
			for i, id := range tt.only {
				s.at(id, 500+100*float64(i))
			}
			s.asks([]org.Need{tt.line})
			a := s.advise(t)
			got, _ := order(a)
			got = slices.DeleteFunc(got, func(w string) bool { return w == "900" })
			if !slices.Equal(got, tt.want) {
				t.Errorf("recommended %v, want %v", got, tt.want)
			}
			short := 0
			for _, f := range a.Shortfalls {
				short += f.Count
			}
			if short != tt.short {
				t.Errorf("short of %+v", a.Shortfalls)
			}
		})
	}
}

// A line that is filled in another way says so: what comes, how many, and instead of what.
func TestTheOtherWayIsSaid(t *testing.T) {
	s := newScene(t, grid(t), "", jointtest.At(0, 0))
	s.only("101", "102")
	s.at("101", 500)
	s.at("102", 600)
	s.asks([]org.Need{{Slot: "swat", Count: 1, Or: []org.Need{{Slot: "near", Count: 2}}}})
	a := s.advise(t)
	if n := a.Need[0]; n.What != "near" || n.For != "swat" || n.Count != 2 || n.Filled != 2 || !n.Or {
		t.Errorf("need %+v", n)
	}
	for _, id := range []cad.UnitID{"101", "102"} {
		c := item(t, a, id)
		if i := slices.IndexFunc(c.Reasons, func(r dispatch.Reason) bool { return r.Code == "alternative" }); i < 0 || c.Reasons[i].Params["for"] != "swat" || c.Reasons[i].Params["as"] != "near" {
			t.Errorf("%s: %v", id, c.Reasons)
		}
	}
	// Once they are on their way nothing is missing, also when an assault team comes free.
	s = newScene(t, grid(t), "", jointtest.At(0, 0))
	s.only("101", "102", "301")
	s.asks([]org.Need{{Slot: "swat", Count: 1, Or: []org.Need{{Slot: "near", Count: 2}}}})
	s.busy("101", "i1")
	s.busy("102", "i1")
	if a := s.advise(t); len(a.Need) != 0 || len(a.Choices) != 0 {
		t.Errorf("still needed: %+v, recommended %v", a.Need, a.Choices)
	}
	// One of the two there: the other is asked for, unless nobody but the team can go.
	delete(s.stacks, "102")
	s.at("102", 500)
	s.at("301", 1000)
	s.unit("301", func(u *unit.State) { u.Duty = unit.OffDuty })
	if a := s.advise(t); len(a.Choices) != 1 || a.Choices[0].Unit != "102" || a.Need[0].Count != 1 {
		t.Errorf("needed: %+v, recommended %v", a.Need, a.Choices)
	}
}

// The way that takes a more important line's units is not taken; a way that is much sooner is.
func TestTheWayThatServesAll(t *testing.T) {
	s := newScene(t, grid(t), "", jointtest.At(0, 0))
	s.only("101", "102", "301")
	s.at("101", 500)
	s.at("102", 600)
	s.asks([]org.Need{{Slot: "near", Count: 1}, {Slot: "swat", Count: 1, Or: []org.Need{{Slot: "near", Count: 2}}}})
	wantItems(t, s.advise(t), "101=near", "301=swat", "102")
	s = newScene(t, nil, "", jointtest.At(0, 0))
	s.only("101", "102", "301")
	s.at("101", 500)
	s.at("102", 600)
	s.at("301", 9000) // 18 minutes.
	s.asks([]org.Need{{Slot: "swat", Count: 1, Or: []org.Need{{Slot: "near", Count: 2}}}})
	wantItems(t, s.advise(t), "101=near", "102=near", "301")
}

// A unit that the streets do not reach goes where nobody else can, by a straight line that says so, and stands behind
// everybody whom they reach: on an island with a boat's crew for the only shield.
func TestAUnitThatNoStreetReaches(t *testing.T) {
	s := newScene(t, grid(t), "", jointtest.At(0, 0))
	s.only("101", "102")
	s.at("101", 1500)
	s.fix("102", 9_000, 0, dispatch.Trusted, 0) // 7 km from the last street.
	s.asks([]org.Need{{Slot: "near", Count: 1}})
	a := s.advise(t)
	wantItems(t, a, "101=near", "102")
	c := item(t, a, "102")
	if got := reasons(a, "102"); len(a.Degraded) != 0 || c.EtaS == nil || *c.EtaS != 1080 || !slices.Contains(got, "straight_line") || got[len(got)-1] != "not_reached" {
		t.Errorf("degraded %v, 102: %+v", a.Degraded, c)
	}
	s.unit("102", func(u *unit.State) { u.Capabilities = []string{"shield"} })
	s.asks([]org.Need{{Slot: "near", Count: 1}, {Slot: "any", Capability: "shield", Count: 1}})
	if a = s.advise(t); len(a.Choices) != 2 || len(a.Shortfalls) != 0 || item(t, a, "102").Slot != "any:shield" {
		t.Errorf("recommended %v, short of %+v", a.Choices, a.Shortfalls)
	}
	// Near by air and out of the streets' reach, it is no match for one that drives.
	s.fix("102", 0, 3_900, dispatch.Trusted, 0)
	s.Snaps = func(p geo.Point) street.Snap {
		if p == s.Fixes["102"].Point {
			return street.Snap{}
		}
		at, _ := s.Streets.Snap(p, dispatch.SnapMaxMeters)
		return at
	}
	s.fix("101", 0, -2_000, dispatch.Suspect, 0)
	s.asks([]org.Need{{Slot: "near", Count: 1}})
	if a = s.advise(t); len(a.Choices) != 1 || a.Items[0].Unit != "102" {
		t.Errorf("beside a suspect position: %v", a.Items)
	}
	// Nobody knows where it is: it is still better than nobody.
	s.unit("102", func(u *unit.State) { u.Home = nil })
	delete(s.Fixes, "102")
	s.at("101", 1500)
	s.asks([]org.Need{{Slot: "near", Count: 1}, {Slot: "any", Capability: "shield", Count: 1}})
	a = s.advise(t)
	if c := item(t, a, "102"); !c.Pick || c.EtaS != nil || c.Reasons[0].Code != "no_position" {
		t.Errorf("102: %+v", c)
	}
}

// Why a free unit does not go is told as it is: a tie, a stand-in, cover, or another way of filling the need.
func TestWhyNotPicked(t *testing.T) {
	last := func(a dispatch.Advice, id cad.UnitID) string {
		r := reasons(a, id)
		return r[len(r)-1]
	}
	scene := func(line org.Need, only ...cad.UnitID) *scene {
		s := newScene(t, grid(t), "", jointtest.At(0, 0))
		s.only(only...)
		for _, id := range only {
			s.at(id, 500)
		}
		s.asks([]org.Need{line})
		return s
	}
	near := org.Need{Slot: "near", Count: 1}
	s := scene(near, "101", "102")
	if a := s.advise(t); last(a, "102") != "as_good" {
		t.Errorf("of two at one place: %v", reasons(a, "102"))
	}
	s.Tally = &dispatch.Tally{Loads: map[cad.UnitID]dispatch.Load{"101": {Jobs: 5, BusyS: 7200}}}
	if a := s.advise(t); last(a, "101") != "worked_more" {
		t.Errorf("of two at one place: %v", reasons(a, "101"))
	}
	s.at("101", 600)
	if a := s.advise(t); last(a, "101") != "others_sooner" {
		t.Errorf("a little later: %v", reasons(a, "101"))
	}
	s = scene(org.Need{Slot: "swat", Count: 1, Or: []org.Need{near}}, "101", "301")
	s.at("301", 1500)
	if a := s.advise(t); last(a, "101") != "only_alternative" {
		t.Errorf("a stand-in that is near: %v", reasons(a, "101"))
	}
	s = scene(org.Need{Slot: "own", Count: 2, Or: []org.Need{near}}, "101", "211")
	if a := s.advise(t); last(a, "211") != "filled_otherwise" {
		t.Errorf("one of two that were wanted: %v", reasons(a, "211"))
	}
	if a := scene(near, "101", "211").advise(t); last(a, "211") != "fits_no_need" {
		t.Errorf("no patrol: %v", reasons(a, "211"))
	}
}

// Nobody is passed over in silence: who is not listed is counted by the reason.
func TestTheRestIsCounted(t *testing.T) {
	s := newScene(t, grid(t), "", jointtest.At(0, 0))
	s.only("101")
	for n := range 100 {
		u := *s.Units["101"]
		u.ID = cad.UnitID(fmt.Sprintf("u%03d", n))
		u.CallSign = string(u.ID)
		s.Units[u.ID] = &u
		s.at(u.ID, 1000)
		if n%2 == 1 {
			s.busy(u.ID, "i7")
		}
	}
	s.at("101", 500)
	s.asks([]org.Need{{Slot: "near", Count: 1}})
	a := s.advise(t)
	total := len(a.Items) + len(a.LeftOut)
	got := map[string]int{}
	for _, r := range a.Rest {
		n, _ := strconv.Atoi(r.Params["count"])
		got[r.Code] = n
		total += n
	}
	if total != len(s.Units) || got["rest.others_sooner"] != 51-len(a.Items) || got["rest.busy"] != 50-len(a.LeftOut) || a.Rest[0].Code != "rest.busy" {
		t.Errorf("%d of %d units are told of: %v", total, len(s.Units), a.Rest)
	}
}
