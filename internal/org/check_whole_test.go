package org

import (
	"fmt"
	"strings"
	"testing"

	"shuniu/internal/cad"
)

// What each line could have by itself may be too much for all of them. There are four cars, one of them with a dog, three
// crews at st1 and two at st2.
func TestWholeResponses(t *testing.T) {
	n := func(slot, can string, count int, or ...Need) Need {
		return Need{Slot: slot, Capability: can, Count: count, Or: or}
	}
	for name, tt := range map[string]struct {
		first, second []Need
		add           []Need // By a plan.
		field, says   string // Empty: it can be met.
	}{
		"two waves":               {first: []Need{n("patrol_car", "", 4)}, second: []Need{n("patrol_car", "", 1)}, field: "types[noise].second[0]", says: "type noise asks for 1 of patrol_car"},
		"two lines":               {first: []Need{n("near", "", 3), n("near", "", 2)}, field: "types[noise].need[1]"},
		"kind and capability":     {first: []Need{n("patrol_car", "dog", 1), n("any", "dog", 1)}, field: "types[noise].need[1]"},
		"all cars":                {first: []Need{n("near", "", 3), n("near", "dog", 1)}},
		"all cars, dog first":     {first: []Need{n("any", "dog", 1), n("near", "", 3)}},
		"own twice":               {first: []Need{n("own", "", 1), n("own", "", 2)}, field: "types[noise].need[1]", says: "station st2"},
		"own, and anybody's":      {first: []Need{n("own", "", 2), n("crew", "", 3)}},
		"own, and one too many":   {first: []Need{n("crew", "", 4), n("own", "", 2)}, field: "types[noise].need[1]"},
		"another way":             {first: []Need{n("near", "", 4), n("near", "", 1, n("crew", "", 2))}},
		"another way, too much":   {first: []Need{n("near", "", 4), n("own", "", 1), n("near", "", 1, n("crew", "", 5))}, field: "types[noise].need[2]"},
		"the way before it":       {first: []Need{n("near", "", 2, n("crew", "", 2)), n("patrol_car", "", 4)}},
		"some of both ways":       {first: []Need{n("near", "", 2), n("near", "", 4, n("crew", "", 4))}},
		"plan beside the type":    {first: []Need{n("near", "", 3)}, add: []Need{n("near", "", 2)}, field: "plans[more].waves[0].add[0]", says: "type noise with plan more"},
		"plan before second wave": {second: []Need{n("near", "", 3)}, add: []Need{n("near", "", 2)}, field: "plans[more]"},
		"plan that fits":          {first: []Need{n("near", "", 2)}, add: []Need{n("near", "", 2)}},
	} {
		c := charter()
		c.Types[1].Need, c.Types[1].Second = tt.first, tt.second
		if tt.add != nil {
			c.Plans = []Card{{ID: "more", Name: named("多"), When: When{Types: []cad.TypeID{"noise"}, Tags: []cad.TagID{"weapon_knife"}}, Waves: []Wave{{N: 1, Needs: tt.add}}}}
		}
		switch bad := c.Validate(); {
		case tt.field == "" && len(bad) > 0:
			t.Errorf("%s: %v", name, bad)
		case tt.field != "" && (len(bad) != 1 || bad[0].Field != tt.field || !strings.Contains(bad[0].Text, tt.says) || bad[0].Remedy == ""):
			t.Errorf("%s: %q, want %s", name, bad, tt.field)
		}
	}
}

// A response of so many alternatives that they cannot all be tried is believed rather than refused wrongly: here every
// line but the last must take its second way.
func TestWholeResponseEnds(t *testing.T) {
	c := charter()
	var lines []Need
	for i := range 30 {
		lines = append(lines, Need{Slot: "near", Count: 1, Or: []Need{{Slot: "crew", Count: 2}}})
		for k := range 2 {
			car, crew := c.Units[0], c.Units[2]
			car.ID, crew.ID = cad.UnitID(fmt.Sprintf("9%d%d", k, i)), cad.UnitID(fmt.Sprintf("8%d%d", k, i))
			crew.CallSign = ""
			c.Units = append(c.Units, car, crew)
		}
	}
	c.Types[1].Need = append(lines, Need{Slot: "near", Count: 64})
	if bad := c.Validate(); len(bad) > 0 {
		t.Error(bad)
	}
}
