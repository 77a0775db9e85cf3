package centre_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shuniu/internal/centre"
	"shuniu/internal/geo"
)

// small is a folder in order, as little as one can be. Broken folders are this one with one thing changed.
func small() map[string]string {
	return map[string]string{
		"centre.yaml": `id: hamlet
en: Hamlet
zone: Europe/Vienna
bounds: [16.0, 48.0, 16.5, 48.5]
partners:
  - {id: fire, en: Fire service, mode: with}
capabilities:
  - {id: first_aid, en: First aid}
crew: {officers: 2, sworn: 1, priorities: [P1]}
`,
		"types.yaml": `priorities:
  - id: P1
    en: Now
    limits:
      - {kind: sign, from: dispatched, within: 30s}
  - {id: P2, en: Soon}
  - {id: P3, en: Today}
  - {id: P4, en: By appointment}
tags:
  - {id: gun, en: Gun}
types:
  - id: fall
    en: Somebody fell
    priority: P1
    tags: [gun]
    need:
      - {slot: near, capability: first_aid, kinds: [car], count: 1}
    partners: [fire]
`,
		"units.yaml": `kinds:
  - {id: car, en: Car, capabilities: [first_aid], patrol: true}
units:
  - {ids: "{1..3}", kind: car, station: st1, officers: 2, sworn: 1}
  - {ids: "2{s}1", for: {s: 1..2}, kind: car, station: "st{s}", officers: 2, sworn: 1, at: [post, st1]}
`,
		"org.yaml": `stations:
  - {ids: "st{n}", for: {n: 1..2}, en: "Station {n}", place: [16.1, 48.1]}
places:
  - {id: post, en: Post, place: [16.2, 48.2]}
areas: {file: areas.geojson, property: id}
`,
		"plans.yaml": `plans:
  - id: armed
    en: Gun seen
    when: {tags: [gun], stations: "st{1..2}", area: [[16.0, 48.0], [16.3, 48.0], [16.3, 48.3]]}
    waves:
      - add: [{slot: car, count: 2, hold: true, or: [{slot: near, capability: first_aid}]}]
      - wave: 3
        at_least:
          - {slot: near, count: 2, crew: true}
        partners: [fire]
`,
		"cover.yaml": `cover:
  - id: car
    en: Cars
    slot: near
    within: 300s
    areas:
      - {stations: "st{2..2}", within: 0s}
`,
		"intake.yaml": `greeting: {en: Speak}
questions:
  - id: hurt
    ask: {en: Is anybody hurt?}
    kind: number
    options:
      - {id: one, from: 1, raises: {priority: P1, tags: [gun]}}
types:
  - id: fall
    words: {en: [fell]}
    ask: [hurt]
`,
		"areas.geojson": `{"type": "FeatureCollection", "name": "two halves", "features": [
{"type": "Feature", "properties": {"id": "st1"}, "geometry": {"type": "Polygon", "coordinates": [[[16.0,48.0],[16.2,48.0],[16.2,48.5],[16.0,48.0]]]}},
{"type": "Feature", "properties": {"id": "st2"}, "geometry": {"type": "MultiPolygon", "coordinates": [[[[16.2,48.0],[16.5,48.0],[16.5,48.5],[16.2,48.0]]]]}}
]}
`,
	}
}

// broken writes the small folder with one text in one file replaced, and gives its path.
func broken(t *testing.T, file, from, to string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range small() {
		if name == file {
			if !strings.Contains(text, from) {
				t.Fatalf("%s does not hold %q", file, from)
			}
			text = strings.Replace(text, from, to, 1)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestSmallFolder(t *testing.T) {
	c, problems := centre.Load(broken(t, "", "", ""), centre.Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var ids []string
	for _, u := range c.Units {
		ids = append(ids, string(u.ID)+"@"+string(u.Station))
	}
	if got := strings.Join(ids, " "); got != "1@st1 2@st1 3@st1 211@st1 221@st2" {
		t.Errorf("the ranges stand for %s", got)
	}
	if c.Units[3].Home.Lon != 16.2 || c.Units[4].Home.Lon != 16.1 {
		t.Errorf("211 waits at the post, 221 at st1: %v %v", c.Units[3].Home, c.Units[4].Home)
	}
	inFirst, inSecond := geo.Point{Lon: 16.15, Lat: 48.1}, geo.Point{Lon: 16.4, Lat: 48.1}
	if one, two := c.Orgs[0].Area, c.Orgs[1].Area; !one.Contains(inFirst) || one.Contains(inSecond) || !two.Contains(inSecond) {
		t.Error("the areas were not read")
	}
}

// TestProblems: each mistake is named once, with its file, its line and what to do.
func TestProblems(t *testing.T) {
	for name, c := range map[string]struct{ file, from, to, want string }{
		"key misspelt":             {"types.yaml", "    priority: P1", "    prority: P1", `types.yaml:14: unknown key "prority"`},
		"key misspelt in a line":   {"units.yaml", "officers: 2", "oficers: 2", `units.yaml:4: unknown key "oficers"`},
		"no such question":         {"intake.yaml", "ask: [hurt]", "ask: [hurt, name]", `intake.yaml:11: there is no question "name"`},
		"a question nobody asks":   {"intake.yaml", "    ask: [hurt]\n", "", `intake.yaml:3: nobody asks the question "hurt"`},
		"a question of a type":     {"intake.yaml", "  - id: fall", "  - id: fell", `intake.yaml:9: there is no type "fell"`},
		"no such kind of question": {"intake.yaml", "kind: number", "kind: figure", `intake.yaml:5: `},
		"it raises no tag":         {"intake.yaml", "tags: [gun]", "tags: [gnu]", `intake.yaml:7: `},
		"no seat to go to":         {"intake.yaml", "    words:", "    seat: 61\n    words:", `intake.yaml:10: `},
		"a warning nobody sees":    {"centre.yaml", "capabilities:", "premises: [{id: mill, en: Mill, warnings: [{en: Deep water}]}]\ncapabilities:", `centre.yaml:7: `},
		"key twice":                {"centre.yaml", "en: Hamlet", "en: Hamlet\nen: Village", `centre.yaml:3: `},
		"quote left open":          {"centre.yaml", "en: Hamlet", `en: "Hamlet`, "centre.yaml:"},
		"bracket left open":        {"centre.yaml", "48.5]", "48.5", "centre.yaml:"},
		"alias":                    {"centre.yaml", "id: hamlet\nen: Hamlet", "id: &x hamlet\nen: *x", "centre.yaml:1: anchors, aliases and tags"},
		"tag":                      {"centre.yaml", "id: hamlet", "id: !!str hamlet", "centre.yaml:1: anchors, aliases and tags"},
		"two documents":            {"centre.yaml", "en: Hamlet", "en: Hamlet\n---\nother: x", "centre.yaml:4: a second document"},
		"not UTF-8":                {"centre.yaml", "Hamlet", "H\xe4mlet", "centre.yaml: the file is not UTF-8"},
		"deep nest":                {"centre.yaml", "Hamlet", strings.Repeat("[\n", 300), "centre.yaml:"},
		"word for a list":          {"units.yaml", "kinds:\n", "kinds: car\nold:\n", "units.yaml:1: kinds needs a list"},
		"list for a word":          {"centre.yaml", "en: Hamlet", "en: [Hamlet]", "centre.yaml:2: en needs one value"},
		"words for keys":           {"types.yaml", "  - {id: gun, en: Gun}", "  - gun", "types.yaml:10: tags[0] needs keys"},
		"no number":                {"units.yaml", "officers: 2", "officers: two", `units.yaml:4: officers: "two" is no whole number`},
		"no figure":                {"centre.yaml", "16.0,", "west,", `centre.yaml:4: bounds[0]: "west" is no number`},
		"no span":                  {"types.yaml", "30s", "30", `types.yaml:5: within: "30" is no time span`},
		"no yes or no":             {"units.yaml", "patrol: true", "patrol: yes", `units.yaml:2: patrol: "yes" is neither`},
		"speed of nothing":         {"units.yaml", "patrol: true", "patrol: true, kmh: 0", `units.yaml:2: a unit with a speed of 0`},
		"speed of light":           {"units.yaml", "patrol: true", "patrol: true, kmh: 6000", `units.yaml:2: kind car: no unit moves at such a speed`},
		"straight without a speed": {"units.yaml", "patrol: true", "patrol: true, straight: true", `units.yaml:2: kind car: it goes straight, and nobody says how fast`},
		"three corners":            {"centre.yaml", ", 48.5]", "]", "centre.yaml:4: bounds needs 4 numbers"},
		"empty entry":              {"org.yaml", "places:\n", "places:\n  -\n", "org.yaml:"},
		"no id":                    {"centre.yaml", "id: hamlet\n", "", "centre.yaml:1: the centre has no id"},
		"no name":                  {"centre.yaml", "en: Hamlet\n", "", "centre.yaml:1: "},
		"no zone":                  {"centre.yaml", "Europe/Vienna", "Europe/Wienna", `centre.yaml:3: there is no time zone "Europe/Wienna"`},
		"bounds swapped":           {"centre.yaml", "[16.0, 48.0, 16.5, 48.5]", "[16.5, 48.0, 16.0, 48.5]", "centre.yaml:4: bounds are west"},
		"partner without a mode":   {"centre.yaml", ", mode: with", "", "centre.yaml:6: partner fire"},
		"item without a name":      {"centre.yaml", ", en: First aid", "", "centre.yaml:8: capability first_aid: it has no name"},
		"item twice":               {"centre.yaml", "  - {id: first_aid", "  - {id: first_aid, en: Twice}\n  - {id: first_aid", "centre.yaml:9: capability first_aid: the id is empty or given twice"},
		"partner's mode unknown":   {"centre.yaml", "mode: with", "mode: without", "centre.yaml:6: partner fire: there is no mode"},
		"priority unknown":         {"types.yaml", "  - id: P1", "  - id: P9", "types.yaml:2: priority P9"},
		"type's priority":          {"types.yaml", "    priority: P1", "    priority: P9", `types.yaml:14: type fall: there is no priority "P9"`},
		"no priority":              {"types.yaml", "    priority: P1\n", "", "types.yaml:12: type fall has no priority"},
		"limit unknown":            {"types.yaml", "kind: sign", "kind: signs", `types.yaml:5: priority P1: there is no limit "signs"`},
		"limit of nothing":         {"types.yaml", "30s", "0s", "types.yaml:5: priority P1: a limit needs seconds"},
		"level unknown":            {"types.yaml", "    tags: [gun]", "    level: V\n    tags: [gun]", `types.yaml:15: type fall: there is no event level "V"`},
		"tag unknown":              {"types.yaml", "tags: [gun]", "tags: [gum]", `types.yaml:15: type fall: there is no tag "gum"`},
		"partner unknown":          {"types.yaml", "partners: [fire]", "partners: [fir]", `types.yaml:18: type fall: there is no partner "fir"`},
		"slot unknown":             {"types.yaml", "slot: near", "slot: nearest", `types.yaml:17: type fall: there is no slot or kind "nearest"`},
		"need of none":             {"types.yaml", "count: 1", "count: 0", "types.yaml:17: type fall: a need asks for at least one unit"},
		"nobody can":               {"units.yaml", ", patrol: true", "", "types.yaml:17: type fall: "},
		"nobody may":               {"units.yaml", "station: st1, officers: 2", "station: st1, dispatchable: false, officers: 2", "plans.yaml:9: plan armed: type fall with plan armed asks for 2 of near"},
		"need's kind unknown":      {"types.yaml", "kinds: [car]", "kinds: [car, cart]", `types.yaml:17: type fall: there is no kind "cart"`},
		"need's ability unknown":   {"types.yaml", "capability: first_aid", "capability: first_ade", `types.yaml:17: type fall: it asks for 1 of near with first_ade`},
		"ability unknown":          {"units.yaml", "officers: 2", "capabilities: [fly], officers: 2", `units.yaml:4: unit 1: there is no capability "fly"`},
		"kind unknown":             {"units.yaml", "kind: car, station: st1", "kind: cart, station: st1", `units.yaml:4: unit 1: there is no kind "cart"`},
		"station unknown":          {"units.yaml", "station: st1", "station: st7", "units.yaml:4: unit 1: there is no "},
		"name of a type missing":   {"types.yaml", "    en: Somebody fell\n", "", "types.yaml:12: type fall: it has no name"},
		"second wave too large":    {"types.yaml", "    partners: [fire]", "    second: [{slot: car, count: 9}]\n    partners: [fire]", "types.yaml:18: type fall: it asks for 9 of car"},
		"seat unknown":             {"types.yaml", "    partners: [fire]", "    seats: ['61']\n    partners: [fire]", `types.yaml:18: type fall: there is no seat "61"`},
		"commander's seat unknown": {"centre.yaml", "zone:", "commander_seat: '21'\nzone:", `centre.yaml:3: there is no seat "21"`},
		"figure negative":          {"centre.yaml", "zone:", "answer_within: -5s\nzone:", "centre.yaml:3: the figure is negative"},
		"urgency unknown":          {"centre.yaml", "partners:", "orders:\n  - {urgency: soon, sign: 30s}\npartners:", `centre.yaml:6: order_clock 0: "soon" is no urgency`},
		"raised too soon":          {"centre.yaml", "partners:", "orders:\n  - {urgency: flash, supervise: 5m, raise: 5m}\npartners:", `centre.yaml:6: order_clock 0: it is raised before`},
		"order's time negative":    {"centre.yaml", "partners:", "orders:\n  - {urgency: flash, sign: -5s}\npartners:", `centre.yaml:6: order_clock 0: a time is negative`},
		"report of no level":       {"centre.yaml", "partners:", "reports:\n  - {level: V, first: 15m}\npartners:", `centre.yaml:6: report_clock 0: "V" is no event level`},
		"report without a time":    {"centre.yaml", "partners:", "reports:\n  - {level: I, follow: 15m}\npartners:", `centre.yaml:6: report_clock 0: the first report needs a time`},
		"alert of no level":        {"centre.yaml", "partners:", "alert_levels: [V]\npartners:", `centre.yaml:5: there is no event level "V"`},
		"border negative":          {"org.yaml", ", place: [16.1, 48.1]", ", border_m: -1, place: [16.1, 48.1]", "org.yaml:2: org st1: a distance cannot be negative"},
		"more sworn than people":   {"units.yaml", "sworn: 1", "sworn: 3", "units.yaml:4: unit 1: sworn officers"},
		"unit twice":               {"units.yaml", "{1..3}", "{1,2,1}", "units.yaml:4: unit 1: the id is empty or given twice"},
		"range backwards":          {"units.yaml", "{1..3}", "{3..1}", `units.yaml:4: "{3..1}"`},
		"range too long":           {"units.yaml", "{1..3}", "{1..999}{1..999}", "units.yaml:4: "},
		"brace alone":              {"units.yaml", "{1..3}", "{1..3", "units.yaml:4: "},
		"name unbound":             {"units.yaml", `"2{s}1"`, `"2{x}1"`, `units.yaml:5: "2{x}1": nothing says what {x} stands for`},
		"station pattern unbound":  {"units.yaml", `"st{s}"`, `"st{x}"`, "units.yaml:5: "},
		"for no numbers":           {"units.yaml", "{s: 1..2}", "{s: a..b}", `units.yaml:5: s: "a..b" stands for no numbers`},
		"too many combinations":    {"units.yaml", "{s: 1..2}", "{s: 1..99, t: 1..99}", "units.yaml:5: the rule stands for more than"},
		"no unit id":               {"units.yaml", `ids: "{1..3}", `, "", "units.yaml:4: it has no id"},
		"beat without a station":   {"centre.yaml", "partners:", "beats:\n  - {id: b1, en: Beat, station: st9}\npartners:", `centre.yaml:6: beat b1: there is no station "st9"`},
		"beat twice":               {"centre.yaml", "partners:", "beats:\n  - {id: b1, en: Beat, station: st1}\n  - {id: b1, en: Beat, station: st2}\npartners:", `centre.yaml:7: beat b1: the id is empty or given twice`},
		"watch without hours":      {"centre.yaml", "partners:", "watches:\n  - {id: a, en: A}\npartners:", `centre.yaml:1: watches and the times`},
		"hours that are none":      {"centre.yaml", "partners:", "watches:\n  - {id: a, en: A}\nwatch_change: ['8:00']\npartners:", `centre.yaml:7: "8:00" is no time of day`},
		"hours out of order":       {"centre.yaml", "partners:", "watches:\n  - {id: a, en: A}\nwatch_change: ['20:00', '08:00']\npartners:", `centre.yaml:7: "08:00" is no time of day, or not later`},
		"radio without a name":     {"centre.yaml", "partners:", "radio_groups:\n  - {id: r1}\npartners:", `centre.yaml:6: radio_group r1: it has no name`},
		"fewer than nobody":        {"centre.yaml", "partners:", "population: -1\npartners:", `centre.yaml:5: the figure is negative`},
		"post unknown":             {"units.yaml", "at: [post, st1]", "at: [pots, st1]", `units.yaml:5: there is no place or org "pots"`},
		"home and post":            {"units.yaml", "at: [post, st1]", "home: [16.1, 48.1], at: [post]", "units.yaml:5: it has both home and at"},
		"home elsewhere":           {"units.yaml", "at: [post, st1]", "home: [48.1, 16.1]", "units.yaml:5: the place 48.1, 16.1 lies outside"},
		"station nowhere":          {"org.yaml", "[16.1, 48.1]", "[16.1, 148.1]", "org.yaml:2: org st1: it is nowhere on earth"},
		"station elsewhere":        {"org.yaml", "[16.1, 48.1]", "[17.1, 48.1]", "org.yaml:2: the place 17.1, 48.1 lies outside"},
		"parent unknown":           {"org.yaml", `en: "Station {n}"`, `en: "Station {n}", parent: hq`, "org.yaml:2: org st1: there is no "},
		"station's name unbound":   {"org.yaml", `"Station {n}"`, `"Station {m}"`, "org.yaml:2: the name is no pattern"},
		"post without a place":     {"org.yaml", ", place: [16.2, 48.2]", "", `org.yaml:4: place "post" needs`},
		"area file missing":        {"org.yaml", "areas.geojson", "area.geojson", `org.yaml:5: there is no file "area.geojson"`},
		"area file outside":        {"org.yaml", "areas.geojson", "../areas.geojson", "org.yaml:5: areas needs a property and a file"},
		"area property unknown":    {"org.yaml", "property: id", "property: key", "areas.geojson:2: key names the station"},
		"area match not one":       {"org.yaml", "property: id", `property: id, match: "st"`, "org.yaml:5: a match ends in one name"},
		"area match fits none":     {"org.yaml", "property: id", `property: id, match: "station {n}"`, "org.yaml:5: no feature of areas.geojson"},
		"no P3":                    {"types.yaml", "  - {id: P3, en: Today}\n", "", "types.yaml:1: there is no priority P3"},
		"no types":                 {"types.yaml", small()["types.yaml"], "tags: []\n", "types.yaml:1: there is no type"},
		"no units":                 {"units.yaml", small()["units.yaml"][strings.Index(small()["units.yaml"], "units:"):], "units: []\n", "units.yaml:1: there is no unit"},
		"area of nobody":           {"areas.geojson", `"id": "st2"`, `"id": "st9"`, `areas.geojson:3: id names the station "st9"`},
		"area missing":             {"org.yaml", "{n: 1..2}", "{n: 1..3}", "org.yaml:2: station st3 has no area"},
		"area twice":               {"areas.geojson", `"id": "st2"`, `"id": "st1"`, "areas.geojson:3: station st1 is here twice"},
		"area is a line":           {"areas.geojson", `"MultiPolygon"`, `"LineString"`, "areas.geojson:3: station st2: a LineString"},
		"area is open":             {"areas.geojson", "[16.5,48.5],[16.2,48.0]]]]", "[16.5,48.5]]]]", "areas.geojson:3: station st2: an outline is not closed: its last corner must repeat its first, at 16.500000, 48.500000"},
		"area crosses itself":      {"areas.geojson", "[16.5,48.0],[16.5,48.5]", "[16.5,48.5],[16.5,48.0],[16.2,48.4]", "areas.geojson:3: station st2: an outline crosses itself"},
		"area is flat":             {"areas.geojson", "[16.5,48.0],[16.5,48.5],", "", "areas.geojson:3: station st2: a MultiPolygon"},
		"area damaged":             {"areas.geojson", `"coordinates": [[[[`, `"coordinates": [[[`, "areas.geojson:"},
		"areas cut off":            {"areas.geojson", "]]]]}}\n]}", "]]]]}}", "areas.geojson:"},
		"crew of nobody":           {"centre.yaml", "crew: {officers: 2", "crew: {officers: 0", "centre.yaml:9: a crew is at least one person"},
		"crew's priority":          {"centre.yaml", "priorities: [P1]", "priorities: [P7]", `centre.yaml:9: there is no priority "P7"`},
		"plan misspelt":            {"plans.yaml", "at_least:", "atleast:", `plans.yaml:8: unknown key "atleast"`},
		"plan for everything":      {"plans.yaml", `{tags: [gun], stations: "st{1..2}", area: [[16.0, 48.0], [16.3, 48.0], [16.3, 48.3]]}`, "{}", "plans.yaml:4: plan armed: it says no condition"},
		"plan twice":               {"plans.yaml", "plans:\n", "plans:\n  - {id: armed, en: Twice, when: {tags: [gun]}, waves: [{partners: [fire]}]}\n", "plans.yaml:3: plan armed: the id is empty or given twice"},
		"plan's tag unknown":       {"plans.yaml", "[gun]", "[gum]", `plans.yaml:4: plan armed: there is no tag "gum"`},
		"plan's station unknown":   {"plans.yaml", "{1..2}", "{1..3}", `plans.yaml:4: plan armed: there is no station "st3"`},
		"plan's range unbound":     {"plans.yaml", "{1..2}", "{n}", `plans.yaml:4: "st{n}"`},
		"plan elsewhere":           {"plans.yaml", "[[16.0, 48.0], [16.3, 48.0], [16.3, 48.3]]", "[[48.0, 16.0], [48.0, 16.3], [48.3, 16.3]]", "plans.yaml:4: plan armed: the area lies outside"},
		"plan without an area":     {"plans.yaml", ", [16.3, 48.3]]", "]", "plans.yaml:4: plan armed: the polygon is not one"},
		"plan that never matches":  {"plans.yaml", `"st{1..2}", area: [[16.0, 48.0], [16.3, 48.0], [16.3, 48.3]]`, `st1, area: [[16.4, 48.0], [16.5, 48.0], [16.5, 48.3]]`, "plans.yaml:4: plan armed: its area lies in none of its stations"},
		"plan of too many":         {"plans.yaml", "{slot: near, capability: first_aid}", "{slot: near, count: 9}", ""},
		"plan that cannot be met":  {"plans.yaml", "count: 2, hold: true, or: [{slot: near, capability: first_aid}]", "count: 9, or: [{slot: near, count: 9}]", "plans.yaml:6: plan armed: it asks for 9 of car, the centre has 5 that can be sent; nor can any"},
		"plan's crew too small":    {"centre.yaml", "crew: {officers: 2", "crew: {officers: 3", "plans.yaml:9: plan armed: it asks for 2 of near with 3 people"},
		"plan's second or":         {"plans.yaml", "capability: first_aid}", "hold: true}", "plans.yaml:6: plan armed: an alternative has no alternatives"},
		"wave zero":                {"plans.yaml", "wave: 3", "wave: 0", "plans.yaml:7: plan armed: waves are numbered"},
		"wave's partner unknown":   {"plans.yaml", "partners: [fire]", "partners: [fir]", `plans.yaml:10: plan armed: there is no partner "fir"`},
		"cover without a time":     {"cover.yaml", "    within: 300s\n", "", "cover.yaml:2: cover car: a standard needs seconds"},
		"cover's slot unknown":     {"cover.yaml", "slot: near", "slot: far", `cover.yaml:4: cover car: there is no slot "far"`},
		"cover of nobody":          {"cover.yaml", "slot: near", "slot: own", "cover.yaml:2: cover car: no unit that can be sent counts"},
		"cover's station unknown":  {"cover.yaml", "{2..2}", "{2..3}", `cover.yaml:7: cover car: there is no station "st3"`},
		"cover's area without":     {"cover.yaml", ", within: 0s", "", "cover.yaml:7: it needs stations and a time"},
		"cover below zero":         {"cover.yaml", "within: 0s", "within: -1s", "cover.yaml:7: cover car: a time cannot be negative"},
		"areas no object":          {"areas.geojson", `{"type": "FeatureCollection"`, `[`, "areas.geojson:1: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, problems := centre.Load(broken(t, c.file, c.from, c.to), centre.Options{})
			if c.want == "" {
				if len(problems) > 0 {
					t.Errorf("the others still can: %v", problems)
				}
				return
			}
			if len(problems) == 0 {
				t.Fatal("no problem was found")
			}
			found := false
			for _, p := range problems {
				found = found || strings.HasPrefix(p.String(), c.want)
				if p.File == "" || p.Text == "" || p.Remedy == "" || strings.Contains(p.File, string(os.PathSeparator)) {
					t.Errorf("a problem names file, text and remedy: %+v", p)
				}
			}
			seen := map[string]bool{}
			for _, p := range problems {
				if line := p.String(); seen[line] {
					t.Errorf("told twice: %s", line)
				} else {
					seen[line] = true
				}
			}
			if !found {
				t.Errorf("want %q..., got %v", c.want, problems)
			}
		})
	}
}

func TestMissingFiles(t *testing.T) {
	_, problems := centre.Load(t.TempDir(), centre.Options{})
	if len(problems) != 4 {
		t.Errorf("four files are missing, %d problems: %v", len(problems), problems)
	}
	dir := broken(t, "", "", "")
	if err := os.Rename(filepath.Join(dir, "areas.geojson"), filepath.Join(t.TempDir(), "gone")); err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, "areas.geojson"), []byte(small()["areas.geojson"]), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, problems := centre.Load(dir, centre.Options{DataDir: data}); len(problems) > 0 || len(c.Orgs[0].Area) == 0 {
		t.Errorf("areas come from the data folder too: %v", problems)
	}
}

// FuzzLoad: whatever a file holds, every complaint has a place and a remedy, and no complaint means a charter that
// the centre takes.
func FuzzLoad(f *testing.F) {
	for name, text := range small() {
		f.Add(name, text)
	}
	f.Add("units.yaml", "units: [{ids: '{1..2000}{1..2000}', for: {a: 1..2000, b: 1..2000}}]")
	f.Add("org.yaml", "a: &a [*a]")
	f.Fuzz(func(t *testing.T, name, text string) {
		files := small()
		if _, ok := files[name]; !ok {
			return
		}
		files[name] = text
		dir := t.TempDir()
		for file, text := range files {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		c, problems := centre.Load(dir, centre.Options{})
		for _, p := range problems {
			if p.File == "" || p.Text == "" || p.Remedy == "" || p.Line < 0 {
				t.Errorf("a problem without a place or a remedy: %+v", p)
			}
		}
		if bad := c.Validate(); len(problems) == 0 && len(bad) > 0 {
			t.Errorf("the loader is content, the centre is not: %v", bad)
		}
	})
}
