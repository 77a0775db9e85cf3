package org

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
)

// planned is the sound charter with plans and cover.
func planned() Charter {
	c := charter()
	c.Settings.Crew = &Crew{Officers: 2, Sworn: 1, Priorities: []cad.Priority{"P1"}}
	c.Plans = []Card{
		{ID: "blade", Name: named("涉刀"), When: When{Tags: []cad.TagID{"weapon_knife"}}, Waves: []Wave{
			{N: 1, AtLeast: []Need{{Slot: "near", Capability: "armed", Count: 2}, {Slot: "any", Kind: []string{"crew"}, Count: 1, Crew: true}}, Partners: []cad.PartnerID{"120"}},
			{N: 3, Needs: []Need{{Slot: "patrol_car", Count: 1, Hold: true, Or: []Need{{Slot: "crew", Count: 2}}}}, Notify: []string{"duty_chief"}},
		}},
		{ID: "east", Name: named("东片"), When: When{Types: []cad.TypeID{"noise"}, Stations: []cad.OrgID{"st2"}}, Waves: []Wave{
			{N: 1, Needs: []Need{{Slot: "near", Count: 1}}, Seats: []string{"21"}},
		}},
		{ID: "river", Name: named("沿江"), When: When{Area: square(0, 0), Priorities: []cad.Priority{"P1"}}, Waves: []Wave{
			{N: 2, Needs: []Need{{Slot: "own", Count: 1, Crew: true}}},
		}},
	}
	c.Cover = []CoverClass{
		{ID: "patrol", Name: named("巡逻"), Slot: "near", StandardS: 300, Areas: []CoverArea{{Station: "st2", StandardS: 600}}},
		{ID: "crew", Name: named("车组"), Slot: "own", StandardS: 480, Areas: []CoverArea{{Station: "st1"}}},
		{ID: "cars", Name: named("车"), Kinds: []string{"patrol_car", "crew"}, StandardS: 600},
	}
	return c
}

// spellOut is a response in one line for each wave.
func spellOut(r Response) string {
	out := []string{strings.Join(r.Cards, " ")}
	for _, w := range r.Waves {
		line := fmt.Sprintf("%d:", w.N)
		for _, n := range w.Needs {
			line += fmt.Sprintf(" %d %s %s", n.Count, n.Slot, n.Capability)
			if n.Officers > 0 {
				line += fmt.Sprintf("(%d/%d)", n.Officers, n.Sworn)
			}
			if n.Hold {
				line += " back"
			}
			for _, o := range n.Or {
				line += fmt.Sprintf(" or %d %s", o.Count, o.Slot)
			}
			if n.Card != "" {
				line += " by " + n.Card
			}
			line += ";"
		}
		out = append(out, fmt.Sprint(line, w.Seats, w.Notify, w.Partners))
	}
	return strings.Join(out, "\n")
}

func TestResponse(t *testing.T) {
	s := configured(t, planned())
	inside := &geo.Point{Lon: 10.05, Lat: 0.05}
	for _, tt := range []struct {
		name string
		ask  Ask
		want string
	}{
		{
			"the type alone: every line asks for a crew at P1, the kind's does not",
			Ask{Type: "knife", Priority: "P1"},
			"\n1: 2 near armed(2/1); 1 own (2/1);[21] [] [120]\n2: 1 patrol_car ;[] [] []",
		},
		{
			"the tag's plan: two are asked for already; the partner is told once; the third wave stays back",
			Ask{Type: "knife", Priority: "P2", Tags: []cad.TagID{"weapon_knife"}},
			"blade\n1: 2 near armed; 1 own (2/1); 1 any (2/1) by blade;[21] [] [120]\n2: 1 patrol_car ;[] [] []\n3: 1 patrol_car  back or 2 crew by blade;[] [duty_chief] []",
		},
		{
			"what must be there at least is added where nobody asks for it, and makes a crew of what is there",
			Ask{Type: "noise", Priority: "P3", Tags: []cad.TagID{"weapon_knife"}},
			"blade\n1: 1 any (2/1); 2 near armed by blade;[] [] [120]\n2:[] [] []\n3: 1 patrol_car  back or 2 crew by blade;[] [duty_chief] []",
		},
		{
			"of a station",
			Ask{Type: "noise", Priority: "P3", Station: "st2"},
			"east\n1: 1 any ; 1 near  by east;[21] [] []",
		},
		{"of another station", Ask{Type: "noise", Priority: "P3", Station: "st1"}, "\n1: 1 any ;[] [] []"},
		{
			"in the area, with a crew of its own",
			Ask{Type: "noise", Priority: "P1", Place: inside},
			"river\n1: 1 any (2/1);[] [] []\n2: 1 own (2/1) by river;[] [] []",
		},
		{"nobody knows where", Ask{Type: "noise", Priority: "P1"}, "\n1: 1 any (2/1);[] [] []"},
		{"nobody has graded it: as if a life were in danger", Ask{Type: "noise"}, "\n1: 1 any (2/1);[] [] []"},
		{"nothing is known", Ask{}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, _ := json.Marshal(s)
			if got := spellOut(s.Response(tt.ask)); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			if after, _ := json.Marshal(s); string(after) != string(before) {
				t.Error("asking changed the state")
			}
		})
	}
}

func TestWavesOfAResponse(t *testing.T) {
	r := configured(t, planned()).Response(Ask{Type: "noise", Priority: "P3", Tags: []cad.TagID{"weapon_knife"}})
	if a, b, c := r.Next(0), r.Next(1), r.Next(3); a != 1 || b != 3 || c != 0 {
		t.Errorf("after 0, 1 and 3 come %d, %d and %d", a, b, c)
	}
	if w := r.Through(0); w.N != 1 || len(w.Needs) != 2 {
		t.Errorf("the first wave is %+v", w)
	}
	if w := r.Through(3); len(w.Needs) != 3 || !slices.Equal(w.Notify, []string{"duty_chief"}) || !slices.Equal(w.Partners, []cad.PartnerID{"120"}) {
		t.Errorf("up to the third it is %+v", w)
	}
}

// The order in which a folder lists its plans changes no number: what is added is added, and what must be there at least
// is there at least.
func TestTheOrderOfPlansChangesNoNumber(t *testing.T) {
	need := rapid.Custom(func(r *rapid.T) Need {
		return Need{Slot: rapid.SampledFrom([]string{"near", "own"}).Draw(r, "slot"), Count: rapid.IntRange(1, 4).Draw(r, "count"), Hold: rapid.Bool().Draw(r, "hold")}
	})
	rapid.Check(t, func(r *rapid.T) {
		var cards []Card
		for i := range rapid.IntRange(1, 5).Draw(r, "cards") {
			cards = append(cards, Card{ID: fmt.Sprint(i), Waves: []Wave{{
				N: rapid.IntRange(1, 3).Draw(r, "wave"), Needs: rapid.SliceOfN(need, 0, 3).Draw(r, "add"), AtLeast: rapid.SliceOfN(need, 0, 3).Draw(r, "at_least"),
			}}})
		}
		count := func(plans []Card) map[string]int {
			out := map[string]int{}
			for _, w := range (State{Plans: plans}).Response(Ask{}).Waves {
				for _, n := range w.Needs {
					out[fmt.Sprint(w.N, n.Slot, n.Hold)] += n.Count
				}
			}
			return out
		}
		one, other := count(cards), count(rapid.Permutation(cards).Draw(r, "order"))
		if fmt.Sprint(one) != fmt.Sprint(other) {
			r.Fatalf("%v, in another order %v", one, other)
		}
		for _, c := range cards {
			for _, n := range c.Waves[0].AtLeast {
				if got := one[fmt.Sprint(c.Waves[0].N, n.Slot, n.Hold)]; got < n.Count {
					r.Fatalf("%d of %+v", got, n)
				}
			}
		}
	})
}

func TestCovers(t *testing.T) {
	s := configured(t, planned())
	patrol, crew, cars := s.Cover[0], s.Cover[1], s.Cover[2]
	if a, b, c := patrol.StandardFor("st1"), patrol.StandardFor("st2"), crew.StandardFor("st1"); a != 300 || b != 600 || c != 0 {
		t.Errorf("standards %d, %d, %d", a, b, c)
	}
	for _, tt := range []struct {
		class         CoverClass
		kind          string
		station, area cad.OrgID
		want          bool
	}{
		{patrol, "patrol_car", "b1", "st1", true},
		{patrol, "crew", "st1", "st1", false},
		{crew, "crew", "st1", "st1", true},
		{crew, "crew", "st1", "st2", false},
		{crew, "crew", "st1", "", true},
		{cars, "crew", "st1", "st2", true},
		{cars, "inspector", "", "st2", false},
		{cars, "ghost", "", "st2", false},
	} {
		if got := s.Covers(tt.class, tt.kind, tt.station, tt.area); got != tt.want {
			t.Errorf("%s of %s for %s in %q: %v", tt.kind, tt.station, tt.class.ID, tt.area, got)
		}
	}
}

func TestValidatePlans(t *testing.T) {
	if bad := planned().Validate(); len(bad) > 0 {
		t.Fatalf("the sound charter has problems: %v", bad)
	}
	for field, change := range map[string]func(*Charter){
		"settings.crew":                func(c *Charter) { c.Settings.Crew = &Crew{Officers: 1, Sworn: 2} },
		"settings.crew.priorities":     func(c *Charter) { c.Settings.Crew.Priorities = []cad.Priority{"P9"} },
		"plans[east]":                  func(c *Charter) { c.Plans[2].ID = "east" },
		"plans[river].name":            func(c *Charter) { c.Plans[2].Name = nil },
		"plans[east].when":             func(c *Charter) { c.Plans[1].When = When{} },
		"plans[east].when.types":       func(c *Charter) { c.Plans[1].When.Types = []cad.TypeID{"ghost"} },
		"plans[blade].when.tags":       func(c *Charter) { c.Plans[0].When.Tags = []cad.TagID{"ghost"} },
		"plans[blade].when.levels":     func(c *Charter) { c.Plans[0].When.Levels = []cad.Level{"V"} },
		"plans[river].when.priorities": func(c *Charter) { c.Plans[2].When.Priorities = []cad.Priority{""} },
		"plans[east].when.stations":    func(c *Charter) { c.Plans[1].When.Stations = []cad.OrgID{"b1"} },
		"plans[river].when.area":       func(c *Charter) { c.Plans[2].When.Area = square(9, 9) },
		"plans[river].when": func(c *Charter) {
			c.Plans[2].When.Area, c.Plans[2].When.Stations = square(-3, 0), []cad.OrgID{"st2"}
			c.Settings.Bounds = [4]float64{}
		},
		"plans[blade].waves":                 func(c *Charter) { c.Plans[0].Waves = []Wave{{N: 1}} },
		"plans[blade].waves[1].wave":         func(c *Charter) { c.Plans[0].Waves[1].N = 1 },
		"plans[blade].waves[0].partners":     func(c *Charter) { c.Plans[0].Waves[0].Partners[0] = "119" },
		"plans[east].waves[0].seats":         func(c *Charter) { c.Plans[1].Waves[0].Seats[0] = "99" },
		"plans[east].waves[0].add[0].slot":   func(c *Charter) { c.Plans[1].Waves[0].Needs[0].Slot = "far" },
		"plans[east].waves[0].add[0].count":  func(c *Charter) { c.Plans[1].Waves[0].Needs[0].Count = -1 },
		"plans[east].waves[0].add[0]":        func(c *Charter) { c.Plans[1].Waves[0].Needs[0].Count = 5 },
		"plans[blade].waves[0].at_least[0]":  func(c *Charter) { c.Plans[0].Waves[0].AtLeast[0].Capability = "fly"; c.Settings.Capabilities = nil },
		"plans[blade].waves[1].add[0].or[0]": func(c *Charter) { c.Plans[0].Waves[1].Needs[0].Or[0].Hold = true },
		"plans[blade].waves[1].add[0]":       func(c *Charter) { n := &c.Plans[0].Waves[1].Needs[0]; n.Count, n.Or[0].Count = 6, 6 },
		"plans[river].waves[0].add[0]": func(c *Charter) {
			c.Units[2].Sworn, c.Units[7].Sworn, c.Units[8].Sworn, c.Types[0].Need[1].Slot = 0, 0, 0, "any"
		}, // st1 has no crew (警组).
		"plans[river].waves[0].add[0].crew": func(c *Charter) { c.Settings.Crew = nil },
		"cover[patrol]":                     func(c *Charter) { c.Cover[2].ID = "patrol" },
		"cover[cars]":                       func(c *Charter) { c.Cover[2].Kinds = []string{"inspector"} },
		"cover[cars].name":                  func(c *Charter) { c.Cover[2].Name = nil },
		"cover[cars].kinds":                 func(c *Charter) { c.Cover[2].Kinds = []string{"crew", "ghost"} },
		"cover[patrol].slot":                func(c *Charter) { c.Cover[0].Slot, c.Cover[0].Kinds = "any", []string{"crew"} },
		"cover[crew].standard_s":            func(c *Charter) { c.Cover[1].StandardS = 0 },
		"cover[crew].areas[b1].station":     func(c *Charter) { c.Cover[1].Areas[0].Station = "b1" },
		"cover[crew].areas[st1].standard_s": func(c *Charter) { c.Cover[1].Areas[0].StandardS = -1 },
		"cover[patrol].areas[st2]":          func(c *Charter) { c.Cover[0].Areas = append(c.Cover[0].Areas, c.Cover[0].Areas[0]) },
	} {
		c := planned()
		change(&c)
		bad := c.Validate()
		if !slices.ContainsFunc(bad, func(p Problem) bool { return p.Field == field && p.Text != "" && p.Remedy != "" }) {
			t.Errorf("%s: %v", field, bad)
		}
	}
	// What is missing may be had in another way.
	c := planned()
	c.Plans[0].Waves[1].Needs[0].Count = 9
	if bad := c.Validate(); len(bad) > 0 {
		t.Errorf("two crews serve as well: %v", bad)
	}
	c.Plans[1].When, c.Plans[1].Waves, c.Plans[1].Name = c.Plans[0].When, c.Plans[0].Waves, named("又一个")
	if bad := c.Validate(); len(bad) != 1 || bad[0].Field != "plans[east]" {
		t.Errorf("one plan twice: %v", bad)
	}
}

func TestConfigurePlans(t *testing.T) {
	s := configured(t, planned())
	for name, tt := range map[string]struct {
		change func(*Charter)
		want   []string
	}{
		"nothing":    {func(*Charter) {}, nil},
		"a plan":     {func(c *Charter) { c.Plans[1].Waves[0].Needs[0].Count = 2 }, []string{"org.plans_set"}},
		"no plans":   {func(c *Charter) { c.Plans = nil }, []string{"org.plans_set"}},
		"a standard": {func(c *Charter) { c.Cover[0].StandardS = 360 }, []string{"org.cover_set"}},
	} {
		c := planned()
		tt.change(&c)
		facts, err := Configure{c}.Decide(s, Around{})
		if err != nil {
			t.Fatal(name, err)
		}
		var got []string
		for _, f := range facts {
			got = append(got, f.FactType())
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
	if facts, err := (Configure{charter()}).Decide(configured(t, charter()), Around{}); err != nil || len(facts) > 0 {
		t.Errorf("a centre without plans writes %v, %v", facts, err)
	}
}

// What is there at least counts for the alternatives too: for what is still missing they take as much less.
func TestAlternativesOfWhatIsMissing(t *testing.T) {
	pair := Need{Slot: "swat", Count: 2, Or: []Need{{Slot: "near", Count: 3}, {Slot: "own", Count: 2}}}
	s := State{
		Types: map[cad.TypeID]Type{"siege": {Need: []Need{{Slot: "swat", Count: 1}}}},
		Plans: []Card{{ID: "hostage", Waves: []Wave{{N: 1, AtLeast: []Need{pair}}}}},
	}
	for typ, want := range map[cad.TypeID]string{
		"siege": "hostage\n1: 1 swat ; 1 swat  or 2 near or 1 own by hostage;[] [] []",
		"other": "hostage\n1: 2 swat  or 3 near or 2 own by hostage;[] [] []",
	} {
		if got := spellOut(s.Response(Ask{Type: typ})); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", typ, got, want)
		}
	}
	if s.Plans[0].Waves[0].AtLeast[0].Or[0].Count != 3 {
		t.Error("asking changed the plan")
	}
}
