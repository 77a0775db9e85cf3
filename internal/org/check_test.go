package org

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
)

func TestRoster(t *testing.T) {
	c := charter()
	roster := c.Roster()
	if got := roster[1].Capabilities; !slices.Equal(got, []string{"armed", "dog"}) {
		t.Errorf("102 can %v", got)
	}
	if roster[0].CallSign != "101" || roster[2].CallSign != "2-1-1" {
		t.Errorf("call signs %q, %q", roster[0].CallSign, roster[2].CallSign)
	}
	if got := c.Units[1].Capabilities; !slices.Equal(got, []string{"dog", "armed"}) {
		t.Errorf("the charter changed: %v", got)
	}
}

func TestValidate(t *testing.T) {
	if bad := charter().Validate(); len(bad) > 0 {
		t.Fatalf("the sound charter has problems: %v", bad)
	}
	for field, change := range map[string]func(*Charter){
		"centre":                            func(c *Charter) { c.Centre = "" },
		"settings.name":                     func(c *Charter) { c.Settings.Name = Name{"fr": "x"} },
		"settings.border_within_m":          func(c *Charter) { c.Settings.BorderWithinM = cad.Meters(math.NaN()) },
		"settings.forget_after_days":        func(c *Charter) { c.Settings.ForgetAfterDays = -1 },
		"settings.answer_within_s":          func(c *Charter) { c.Settings.AnswerWithinS = -1 },
		"settings.silence_s":                func(c *Charter) { c.Settings.SilenceS = -1 },
		"settings.scene_s":                  func(c *Charter) { c.Settings.SceneS = -1 },
		"settings.zoom":                     func(c *Charter) { c.Settings.Zoom = math.NaN() },
		"types[noise].second[0]":            func(c *Charter) { c.Types[1].Second = []Need{{Slot: "own", Count: 3}} }, // Two at st2.
		"settings.bounds":                   func(c *Charter) { c.Settings.Bounds = [4]float64{11, 0, 10, 1} },
		"settings.reasons[meal]":            func(c *Charter) { c.Settings.Reasons = append(c.Settings.Reasons, c.Settings.Reasons[0]) },
		"settings.partners[120].mode":       func(c *Charter) { c.Settings.Partners[0].Mode = "shout" },
		"priorities[P5]":                    func(c *Charter) { c.Grades[0].ID = "P5" },
		"priorities[P3]":                    func(c *Charter) { c.Grades[0].ID = "P3" },
		"priorities[P1].limits[0].within_s": func(c *Charter) { c.Grades[0].Limits[0].WithinS = -1 },
		"priorities[P1].limits[0].kind":     func(c *Charter) { c.Grades[0].Limits[0].Kind = "lunch" },
		"priorities[P1].limits[1].kind":     func(c *Charter) { c.Grades[0].Limits[1] = Limit{"dispatch", "received", 5} },
		"priorities[P1].limits[1].from":     func(c *Charter) { c.Grades[0].Limits[1].From = "reported" },
		"tags[weapon_knife].name":           func(c *Charter) { c.Tags[0].Name = nil },
		"tags[weapon_knife]":                func(c *Charter) { c.Tags = append(c.Tags, c.Tags[0]) },
		"kinds[crew]":                       func(c *Charter) { c.Kinds = append(c.Kinds, c.Kinds[1]) },
		"kinds[near]":                       func(c *Charter) { c.Kinds[2].ID, c.Units[4].Kind = "near", "near" },
		"kinds[patrol_car].capabilities":    func(c *Charter) { c.Kinds[0].Capabilities = []string{"armed", "fly"} },
		"kinds[crew].kmh":                   func(c *Charter) { c.Kinds[1].Kmh = math.NaN() },
		"kinds[patrol_car].kmh":             func(c *Charter) { c.Kinds[0].Straight = true },
		"orgs[st2]":                         func(c *Charter) { c.Orgs = append(c.Orgs, c.Orgs[3]) },
		"orgs[st2].kind":                    func(c *Charter) { c.Orgs[3].Kind, c.Units[3].Kind, c.Units[9].Kind = "shop", "inspector", "inspector" },
		"orgs[st2].parent":                  func(c *Charter) { c.Orgs[3].Parent = "moon" },
		"orgs[bureau].parent":               func(c *Charter) { c.Orgs[0].Parent = "bureau" },
		"orgs[st2].place":                   func(c *Charter) { c.Orgs[3].Place.Lat = 91 },
		"orgs[st2].area":                    func(c *Charter) { c.Orgs[3].Area[0][0] = c.Orgs[3].Area[0][0][:2] },
		"orgs[st2].border_m":                func(c *Charter) { c.Orgs[3].Border = -1 },
		"units[101]":                        func(c *Charter) { c.Units = append(c.Units, c.Units[0]) },
		"units[221].call_sign":              func(c *Charter) { c.Units[3].CallSign = "2-1-1" },
		"units[221].sworn":                  func(c *Charter) { c.Units[3].Sworn = 3 },
		"units[221].beat":                   func(c *Charter) { c.Units[3].Beat = "nowhere" },
		"units[211].home":                   func(c *Charter) { c.Units[2].Home.Lon = 181 },
		"units[701].kind":                   func(c *Charter) { c.Units[4].Kind = "ghost" },
		"units[701].station":                func(c *Charter) { c.Units[4].Station = "moon" },
		"units[221].station":                func(c *Charter) { c.Units[3].Station, c.Types[0].Need[1].Slot = "b1", "any" },
		"units[221].capabilities":           func(c *Charter) { c.Units[3].Capabilities = []string{"fly"} },
		"types[noise]":                      func(c *Charter) { c.Types = append(c.Types, c.Types[1]) },
		"types[noise].name":                 func(c *Charter) { c.Types[1].Name = nil },
		"types[noise].priority":             func(c *Charter) { c.Types[1].Priority = "1" },
		"types[noise].level":                func(c *Charter) { c.Types[1].Level = "V" },
		"types[noise].tags":                 func(c *Charter) { c.Types[1].Tags = []cad.TagID{"loud"} },
		"types[noise].partners":             func(c *Charter) { c.Types[1].Partners = []cad.PartnerID{"12345"} },
		"types[noise].seats":                func(c *Charter) { c.Types[1].Seats = []string{"99"} },
		"types[knife].limits[0].from":       func(c *Charter) { c.Types[0].Limits[0].From = "received" },
		"types[noise].need[0].count":        func(c *Charter) { c.Types[1].Need[0].Count = 0 },
		"types[noise].need[0].slot":         func(c *Charter) { c.Types[1].Need[0].Slot = "far" },
		"types[noise].need[0].kind":         func(c *Charter) { c.Types[1].Need[0].Kind = []string{"ghost"} },
		"types[noise].need[0]":              func(c *Charter) { c.Types[1].Need[0] = Need{Slot: "inspector", Count: 1} },
		"types[knife].need[0]":              func(c *Charter) { c.Types[0].Need[0].Count = 5 },
		"types[knife].need[1]":              func(c *Charter) { c.Types[0].Need[1].Count = 3 },
		"types[knife].second[0]":            func(c *Charter) { c.Types[0].Second[0] = Need{Slot: "near", Capability: "dog", Count: 2} },
	} {
		t.Run(field, func(t *testing.T) {
			c := charter()
			change(&c)
			bad := c.Validate()
			if len(bad) != 1 || bad[0].Field != field || bad[0].Text == "" || bad[0].Remedy == "" {
				t.Errorf("got %q", bad)
			}
		})
	}
}

// One mistake must not hide another, and they come in the order of the folder's parts.
func TestValidateSaysAll(t *testing.T) {
	c := charter()
	c.Types[0].Priority, c.Units[0].Kind, c.Centre, c.Orgs[1].Parent = "P9", "ghost", "", "moon"
	c.Types[0].Need[0].Count = 4
	var got []string
	for _, p := range c.Validate() {
		got = append(got, p.Field)
		if !strings.HasPrefix(p.String(), p.Field+": ") {
			t.Errorf("%q does not begin with its place", p)
		}
	}
	want := []string{"centre", "orgs[b1].parent", "units[101].kind", "types[knife].priority", "types[knife].need[0]"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Whatever a folder holds, checking it ends and never panics; what it passes can be loaded and read back.
func FuzzValidate(f *testing.F) {
	sound, err := json.Marshal(charter())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sound)
	f.Add([]byte(`{"centre":"x","orgs":[{"id":"a","parent":"b"},{"id":"b","parent":"a"}],"types":[{"need":[{"count":1}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var c Charter
		if json.Unmarshal(data, &c) != nil || len(c.Validate()) > 0 {
			return
		}
		facts, err := Configure{c}.Decide(State{World: cad.Demo, Centre: c.Centre}, Around{})
		if err != nil {
			t.Fatalf("it passed, and cannot be loaded: %v", err)
		}
		var s State
		for _, f := range facts {
			s = Evolve(s, f.(Fact), cad.Stamp{})
		}
		s.Responsible(geo.Point{Lon: 10, Lat: 0})
	})
}
