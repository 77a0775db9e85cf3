package org

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// square is an area of a tenth of a degree, whose south-west corner is given in tenths: about 11 km a side.
func square(east, north float64) geo.MultiPolygon {
	w, s := 10+east/10, north/10
	return geo.MultiPolygon{{{{Lon: w, Lat: s}, {Lon: w + 0.1, Lat: s}, {Lon: w + 0.1, Lat: s + 0.1}, {Lon: w, Lat: s + 0.1}}}}
}

func house(lon, lat float64) *geo.Point { return &geo.Point{Lon: lon, Lat: lat} }

func named(zh string) Name { return Name{"zh": zh} }

// charter is a small sound centre: two stations side by side, a brigade, patrol cars and station crews.
func charter() Charter {
	return Charter{
		Centre: "yunze",
		Settings: Settings{
			Version: "7", Hash: "ab", Name: named("澜湖分局"), BorderWithinM: 500, ForgetAfterDays: 30, AnswerWithinS: 10,
			Zone: "Asia/Shanghai", Bounds: [4]float64{10, 0, 10.2, 0.1}, Zoom: 12,
			Results: []Item{{ID: "settled", Name: named("调解")}}, Reasons: []Item{{ID: "meal", Name: named("用餐")}},
			Partners:     []Item{{ID: "120", Name: named("急救"), Mode: "with"}},
			Seats:        []Item{{ID: "21", Name: named("值班指挥长")}},
			Capabilities: []Item{{ID: "armed", Name: named("持械处突")}, {ID: "dog", Name: named("搜爆")}},
		},
		Tags: []Tag{{ID: "weapon_knife", Name: named("涉刀"), Ack: true}},
		Grades: []Grade{
			{ID: "P1", Name: named("危及生命"), Limits: []Limit{{"dispatch", "received", 60}, {"sign", "dispatched", 30}}},
			{ID: "P3", Name: named("一般"), Limits: []Limit{{"dispatch", "received", 300}, {"review", "reported", 86_400}}},
		},
		Kinds: []Kind{
			{ID: "patrol_car", Name: named("车巡"), Capabilities: []string{"armed"}, Patrol: true},
			{ID: "crew", Name: named("派出所车组"), OwnStation: true},
			{ID: "inspector", Name: named("督察"), Capabilities: []string{"dog"}},
		},
		Orgs: []Org{
			{ID: "bureau", Kind: "department", Name: named("分局")},
			{ID: "b1", Kind: "brigade", Name: named("巡特警"), Parent: "bureau", Place: house(10.01, 0.01)},
			{ID: "st1", Kind: "station", Name: named("汀兰"), Parent: "bureau", Place: house(10.05, 0.05), Area: square(0, 0)},
			{ID: "st2", Kind: "station", Name: named("柳堰"), Parent: "bureau", Place: house(10.15, 0.05), Area: square(1, 0)},
		},
		Types: []Type{
			{
				ID: "knife", Name: named("持刀伤人"), Priority: "P1", Level: "III", Tags: []cad.TagID{"weapon_knife"}, Partners: []cad.PartnerID{"120"},
				Seats: []string{"21"}, Need: []Need{{Slot: "near", Capability: "armed", Count: 2}, {Slot: "own", Count: 1, Officers: 2, Sworn: 1}},
				Second: []Need{{Slot: "patrol_car", Count: 1}}, Limits: []Limit{{"sign", "dispatched", 15}, {"arrive", "acknowledged", 300}},
			},
			{ID: "noise", Name: named("噪音"), Priority: "P3", Need: []Need{{Slot: "any", Kind: []string{"crew"}, Count: 1}}},
		},
		Units: []UnitSpec{
			{ID: "101", Kind: "patrol_car", Station: "b1", Officers: 2, Sworn: 1, Dispatchable: true},
			{ID: "102", Kind: "patrol_car", Station: "b1", Capabilities: []string{"dog", "armed"}, Officers: 2, Sworn: 1, Dispatchable: true},
			{ID: "211", CallSign: "2-1-1", Kind: "crew", Station: "st1", Officers: 2, Sworn: 1, Dispatchable: true, Home: house(10.05, 0.05)},
			{ID: "221", Kind: "crew", Station: "st2", Officers: 2, Sworn: 1, Dispatchable: true},
			{ID: "701", Kind: "inspector"},
			{ID: "103", Kind: "patrol_car", Station: "b1", Officers: 2, Sworn: 1, Dispatchable: true},
			{ID: "104", Kind: "patrol_car", Station: "b1", Officers: 2, Sworn: 1, Dispatchable: true},
			{ID: "212", Kind: "crew", Station: "st1", Officers: 2, Sworn: 1, Dispatchable: true},
			{ID: "213", Kind: "crew", Station: "st1", Officers: 2, Sworn: 1, Dispatchable: true},
			{ID: "222", Kind: "crew", Station: "st2", Officers: 2, Sworn: 1, Dispatchable: true},
		},
	}
}

// configured is the state that the charter leads to.
func configured(t *testing.T, c Charter) State {
	t.Helper()
	var s State
	for _, cmd := range []Command{OpenWorld{cad.Demo, c.Centre}, Configure{c}} {
		facts, err := cmd.Decide(s, Around{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range facts {
			s = Evolve(s, f.(Fact), cad.Stamp{Seq: s.Changed + 1})
		}
	}
	return s
}

func TestOpenWorld(t *testing.T) {
	live := State{World: cad.Live, Centre: "yunze"}
	for _, tt := range []struct {
		name  string
		state State
		cmd   OpenWorld
		facts int // -1: refused with code.
		code  string
	}{
		{"the first record", State{}, OpenWorld{cad.Live, "yunze"}, 1, ""},
		{"again", live, OpenWorld{cad.Live, "yunze"}, 0, ""},
		{"a live journal as a drill", live, OpenWorld{cad.Drill, "yunze"}, -1, "other_world"},
		{"another centre's journal", live, OpenWorld{cad.Live, "sf"}, -1, "other_world"},
		{"no centre", State{}, OpenWorld{cad.Live, ""}, -1, "id_required"},
		{"a world that is none", State{}, OpenWorld{"dream", "yunze"}, -1, "bad_world"},
		{"no world", State{}, OpenWorld{"", "yunze"}, -1, "bad_world"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			facts, err := tt.cmd.Decide(tt.state, Around{})
			var e *fault.Error
			if tt.facts >= 0 && (err != nil || len(facts) != tt.facts) || tt.facts < 0 && (!errors.As(err, &e) || e.Code != tt.code) {
				t.Errorf("got %d facts, %v", len(facts), err)
			}
		})
	}
}

func TestConfigureWritesOnlyWhatDiffers(t *testing.T) {
	s := configured(t, charter())
	for _, tt := range []struct {
		name   string
		change func(*Charter)
		want   []string
	}{
		{"nothing", func(*Charter) {}, nil},
		{"an empty list for none", func(c *Charter) { c.Types[1].Tags = []cad.TagID{} }, nil},
		{"a type", func(c *Charter) { c.Types[0].Priority = "P3" }, []string{"org.types_set"}},
		{"the order of types", func(c *Charter) { slices.Reverse(c.Types) }, []string{"org.types_set"}},
		{"a border", func(c *Charter) { c.Orgs[2].Area[0][0][0].Lon += 0.001 }, []string{"org.orgs_set"}},
		{"a kind", func(c *Charter) { c.Kinds[2].Patrol = true }, []string{"org.kinds_set"}},
		{"a figure and a type", func(c *Charter) { c.Settings.Zoom, c.Types[0].Level = 13, "II" }, []string{"org.types_set", "org.settings_set"}},
		{"a unit: the unit room's", func(c *Charter) { c.Units[0].Officers = 3 }, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := charter()
			tt.change(&c)
			facts, err := Configure{c}.Decide(s, Around{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range facts {
				got = append(got, f.FactType())
				if !slices.Equal(f.Subjects(), []cad.Subject{"org:yunze"}) {
					t.Errorf("%s is about %v", f.FactType(), f.Subjects())
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestConfigureRefuses(t *testing.T) {
	other, bad := charter(), charter()
	other.Centre, bad.Types[0].Priority = "sf", "P9"
	for _, tt := range []struct {
		name  string
		state State
		c     Charter
		code  string
	}{
		{"before the world is opened", State{}, charter(), "other_centre"},
		{"another centre's folder", configured(t, charter()), other, "other_centre"},
		{"a folder with a mistake", configured(t, charter()), bad, "bad_charter"},
	} {
		var e *fault.Error
		if facts, err := (Configure{tt.c}).Decide(tt.state, Around{}); !errors.As(err, &e) || e.Code != tt.code || facts != nil {
			t.Errorf("%s: got %v, %v", tt.name, facts, err)
		}
	}
}

// Replay must give the same bytes (promise P5), and whoever read the folder may go on using its memory.
func TestStateIsWhatTheJournalSays(t *testing.T) {
	c := charter()
	s := configured(t, c)
	live, _ := json.Marshal(s)
	c.Types[0].Tags[0], c.Orgs[2].Area[0][0][0].Lon, c.Settings.Results[0].ID, c.Settings.Name["zh"] = "x", 99, "x", "x"
	if after, _ := json.Marshal(s); string(after) != string(live) {
		t.Error("the state followed the folder's memory")
	}
	var back State
	for _, f := range []Fact{
		WorldOpened{cad.Demo, "yunze"},
		TypesSet{Centre: "yunze", Types: charter().Types, Tags: charter().Tags, Grades: charter().Grades},
		OrgsSet{"yunze", charter().Orgs},
		KindsSet{"yunze", charter().Kinds},
		SettingsSet{"yunze", charter().Settings},
	} {
		data, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(Facts(), func(k cad.FactKind) bool { return k.Type == f.FactType() })
		read, err := Facts()[i].Decode(1, data)
		if err != nil {
			t.Fatal(err)
		}
		before, _ := json.Marshal(back)
		old := back
		back = Evolve(back, read.(Fact), cad.Stamp{Seq: back.Changed + 1})
		if same, _ := json.Marshal(old); string(same) != string(before) {
			t.Errorf("%s changed the old value", f.FactType())
		}
	}
	if replayed, _ := json.Marshal(back); string(replayed) != string(live) {
		t.Errorf("replayed\n%s\nlive\n%s", replayed, live)
	}
}

func TestResponsible(t *testing.T) {
	s := configured(t, charter())
	noArea := charter()
	noArea.Orgs[2].Area, noArea.Orgs[3].Area = nil, nil
	wide := charter()
	wide.Orgs[3].Border = 3_000
	overlap := charter()
	overlap.Orgs[3].Area = square(0, 0)
	homeless := charter()
	homeless.Orgs[2].Place = nil
	for _, tt := range []struct {
		name   string
		state  State
		at     geo.Point
		id     cad.OrgID
		by     string
		border []cad.OrgID
	}{
		{"in the middle of st1", s, geo.Point{Lon: 10.05, Lat: 0.05}, "st1", ByPolygon, nil},
		{"300 m from st2", s, geo.Point{Lon: 10.0973, Lat: 0.05}, "st1", ByPolygon, []cad.OrgID{"st2"}},
		{"600 m from st2", s, geo.Point{Lon: 10.0946, Lat: 0.05}, "st1", ByPolygon, nil},
		{"600 m from st2, which asks for 3 km", configured(t, wide), geo.Point{Lon: 10.0946, Lat: 0.05}, "st1", ByPolygon, []cad.OrgID{"st2"}},
		{"on the line: it is the eastern one's", s, geo.Point{Lon: 10.1, Lat: 0.05}, "st2", ByPolygon, []cad.OrgID{"st1"}},
		{"outside, nearer to st2", s, geo.Point{Lon: 10.3, Lat: 0.05}, "st2", ByNearest, nil},
		{"just outside both", s, geo.Point{Lon: 10.099, Lat: 0.101}, "st1", ByNearest, []cad.OrgID{"st2"}},
		{"no areas", configured(t, noArea), geo.Point{Lon: 10.12, Lat: 0.05}, "st2", ByNearest, nil},
		{"two areas by mistake: the id decides, the other is named", configured(t, overlap), geo.Point{Lon: 10.05, Lat: 0.05}, "st1", ByPolygon, []cad.OrgID{"st2"}},
		{"a station without a house is as far as its border", configured(t, homeless), geo.Point{Lon: 9.99, Lat: 0.05}, "st1", ByNearest, nil},
		{"nowhere on earth", s, geo.Point{Lon: math.NaN(), Lat: 0}, "", "", nil},
		{"a centre without stations", State{}, geo.Point{}, "", "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			id, by, border := tt.state.Responsible(tt.at)
			if id != tt.id || by != tt.by || !slices.Equal(border, tt.border) {
				t.Errorf("got %q %q %v, want %q %q %v", id, by, border, tt.id, tt.by, tt.border)
			}
		})
	}
}

// Every place on earth has exactly one responsible station, always the same, and it is never its own neighbour.
func TestResponsibleIsOne(t *testing.T) {
	s := configured(t, charter())
	rapid.Check(t, func(r *rapid.T) {
		p := geo.Point{Lon: rapid.Float64Range(9.95, 10.25).Draw(r, "lon"), Lat: rapid.Float64Range(-0.05, 0.15).Draw(r, "lat")}
		id, by, border := s.Responsible(p)
		id2, by2, border2 := s.Responsible(p)
		if id == "" || id != id2 || by != by2 || !slices.Equal(border, border2) {
			r.Fatalf("%v: %q %q %v, then %q %q %v", p, id, by, border, id2, by2, border2)
		}
		holds := s.Orgs["st1"].Area.Contains(p) || s.Orgs["st2"].Area.Contains(p)
		if holds != (by == ByPolygon) || holds && !s.Orgs[id].Area.Contains(p) || slices.Contains(border, id) {
			r.Fatalf("%v: %q by %q, border %v", p, id, by, border)
		}
	})
}

func TestGradeFor(t *testing.T) {
	s := configured(t, charter())
	for _, tt := range []struct {
		name     string
		typ      cad.TypeID
		priority cad.Priority
		want     cad.Priority
		level    cad.Level
		tags     []cad.TagID
		limits   []Limit
	}{
		{
			"the type's own", "knife", "", "P1", "III",
			[]cad.TagID{"weapon_knife"},
			[]Limit{{"dispatch", "received", 60}, {"sign", "dispatched", 15}, {"arrive", "acknowledged", 300}},
		},
		{
			"a person chose less", "knife", "P3", "P3", "III",
			[]cad.TagID{"weapon_knife"},
			[]Limit{{"dispatch", "received", 300}, {"review", "reported", 86_400}, {"sign", "dispatched", 15}, {"arrive", "acknowledged", 300}},
		},
		{"no type yet", "", "P3", "P3", "", nil, []Limit{{"dispatch", "received", 300}, {"review", "reported", 86_400}}},
		{"nothing known: as if a life were in danger", "", "", "", "", nil, []Limit{{"dispatch", "received", 60}, {"sign", "dispatched", 30}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, level, tags, limits := s.GradeFor(tt.typ, tt.priority)
			if p != tt.want || level != tt.level || !slices.Equal(tags, tt.tags) || !slices.Equal(limits, tt.limits) {
				t.Errorf("got %q %q %v %v", p, level, tags, limits)
			}
			if len(limits) > 0 {
				limits[0].WithinS = 1
			}
			if len(tags) > 0 {
				tags[0] = "x"
			}
		})
	}
	if again := configured(t, charter()); !reflect.DeepEqual(again, s) {
		t.Error("what was handed out changed the state")
	}
}
