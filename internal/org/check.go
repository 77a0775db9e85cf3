package org

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"shuniu/internal/cad"
)

// Problem is one thing wrong with a charter.
type Problem struct {
	Field  string // A path: "types[knife].need[0].capability".
	Text   string // What is wrong, for whoever wrote it.
	Remedy string // What to write instead.
}

// String is the problem in one line.
func (p Problem) String() string { return p.Field + ": " + p.Text + "; " + p.Remedy }

// Validate lists what is wrong, in the order of the folder's parts; nothing means that it can be loaded.
func (c Charter) Validate() []Problem {
	v := &checker{
		charter: c, orgs: map[cad.OrgID]Org{}, tags: map[cad.TagID]bool{}, kinds: map[string]Kind{},
		partners: map[string]bool{}, seats: map[string]bool{}, capabilities: map[string]bool{}, roster: c.Roster(), state: c.State(),
	}
	v.settings()
	v.grades()
	v.tagsAndKinds()
	v.organisation()
	v.beats()
	v.units()
	v.types()
	v.plans()
	v.cover()
	v.whole()
	slices.SortStableFunc(v.bad, func(a, b Problem) int { return cmp.Compare(part(a.Field), part(b.Field)) })
	return v.bad
}

func part(field string) int {
	for i, p := range []string{"centre", "settings", "priorities", "tags", "kinds", "orgs", "units", "types", "plans", "cover"} {
		if strings.HasPrefix(field, p) {
			return i
		}
	}
	return math.MaxInt
}

// checker walks a charter and notes problems.
type checker struct {
	charter      Charter
	orgs         map[cad.OrgID]Org
	tags         map[cad.TagID]bool
	kinds        map[string]Kind
	partners     map[string]bool
	seats        map[string]bool
	capabilities map[string]bool
	roster       []UnitSpec
	state        State // As the charter would make it.
	bad          []Problem
}

func (v *checker) note(field, text, remedy string) {
	v.bad = append(v.bad, Problem{Field: field, Text: text, Remedy: remedy})
}

// unknown notes a name that leads nowhere.
func (v *checker) unknown(field, what, id, remedy string) {
	v.note(field, fmt.Sprintf("there is no %s %q", what, id), remedy)
}

// once notes an id that is empty or taken; taken remembers those seen.
func once[T ~string](v *checker, field string, id T, taken bool) {
	if id == "" || taken {
		v.note(field, "the id is empty or given twice", "give each one its own id")
	}
}

func (v *checker) named(field string, n Name) {
	if n["zh"] == "" && n["en"] == "" {
		v.note(field+".name", "it has no name", "give a zh or en name")
	}
}

// zoomMax is the nearest that a map can be looked at.
const zoomMax = 24

func (v *checker) settings() {
	s := v.charter.Settings
	if v.charter.Centre == "" {
		v.note("centre", "the centre has no id", "give it a short one, such as yunze")
	}
	v.named("settings", s.Name)
	for _, figure := range []struct {
		field string
		good  bool
	}{
		{"border_within_m", distance(s.BorderWithinM)},
		{"forget_after_days", s.ForgetAfterDays >= 0},
		{"answer_within_s", s.AnswerWithinS >= 0},
		{"take_grace_s", s.TakeGraceS >= 0},
		{"seat_within_s", s.SeatWithinS >= 0},
		{"scheduled_lead_s", s.LeadS >= 0},
		{"silence_s", s.SilenceS >= 0},
		{"scene_s", s.SceneS >= 0},
		{"population", s.Population >= 0},
		{"zoom", s.Zoom >= 0 && s.Zoom <= zoomMax},
	} {
		if !figure.good {
			v.note("settings."+figure.field, "the figure is negative or out of range", "use 0 to switch it off")
		}
	}
	if b := s.Bounds; b != [4]float64{} && !(b[0] < b[2] && b[1] < b[3] && b[0] >= -180 && b[2] <= 180 && b[1] >= -90 && b[3] <= 90) {
		v.note("settings.bounds", "bounds are west, south, east, north in degrees", "put them in this order")
	}
	v.items("settings.results", s.Results, nil)
	v.items("settings.reasons", s.Reasons, nil)
	v.items("settings.partners", s.Partners, v.partners)
	v.items("settings.seats", s.Seats, v.seats)
	v.items("settings.capabilities", s.Capabilities, v.capabilities)
	if c := string(s.CommanderSeat); c != "" && !v.seats[c] {
		v.unknown("settings.commander_seat", "seat", c, "name one of settings.seats")
	}
	v.items("settings.neighbours", s.Neighbours, nil)
	v.items("settings.radio_groups", s.RadioGroups, nil)
	v.premises(s.Premises)
	v.items("settings.watches", s.Watches, nil)
	v.macros(s.Macros)
	v.watchChange(s)
	v.crew(s.Crew)
	v.clocks(s)
	for _, p := range s.Partners {
		if p.Mode != "" && p.Mode != "with" && p.Mode != "transfer" && p.Mode != "both" {
			v.note(fmt.Sprintf("settings.partners[%s].mode", p.ID), fmt.Sprintf("there is no mode %q", p.Mode), "with, transfer or both")
		}
	}
}

// clocks checks by when orders and urgent reports are due.
func (v *checker) clocks(s Settings) {
	for _, l := range s.AlertLevels {
		if l == "" || !l.Valid() {
			v.note("settings.alert_levels", fmt.Sprintf("there is no event level %q", l), "I, II, III or IV")
		}
	}
	urgencies := map[string]bool{}
	for i, c := range s.OrderClocks {
		field := fmt.Sprintf("settings.order_clocks[%d]", i)
		if c.Urgency != "routine" && c.Urgency != "urgent" && c.Urgency != "flash" || urgencies[c.Urgency] {
			v.note(field, fmt.Sprintf("%q is no urgency, or given twice", c.Urgency), "routine, urgent or flash, each once")
		}
		urgencies[c.Urgency] = true
		if c.SignS < 0 || c.RemindS < 0 || c.SuperviseS < 0 || c.RaiseS < 0 {
			v.note(field, "a time is negative", "use 0 to switch it off")
		}
		if c.RaiseS > 0 && c.RaiseS <= c.SuperviseS {
			v.note(field, "it is raised before it is supervised", "give raise a longer time than supervise")
		}
	}
	levels := map[cad.Level]bool{}
	for i, c := range s.ReportClocks {
		field := fmt.Sprintf("settings.report_clocks[%d]", i)
		if c.Level == "" || !c.Level.Valid() || levels[c.Level] {
			v.note(field, fmt.Sprintf("%q is no event level, or given twice", c.Level), "I, II, III or IV, each once")
		}
		levels[c.Level] = true
		if c.FirstS <= 0 || c.FollowS < 0 || c.FinalS < 0 {
			v.note(field, "the first report needs a time, and no time is negative", "leave the level out if no report is owed")
		}
	}
}

// watchChange checks when watches change.
func (v *checker) watchChange(s Settings) {
	const field = "settings.watch_change"
	if (len(s.Watches) == 0) != (len(s.WatchChange) == 0) {
		v.note(field, "watches and the times of their change belong together", `write both, such as watch_change: ["08:00", "20:00"]`)
	}
	for i, at := range s.WatchChange {
		if t, err := time.Parse("15:04", at); err != nil || t.Format("15:04") != at || i > 0 && at <= s.WatchChange[i-1] {
			v.note(field, fmt.Sprintf("%q is no time of day, or not later than the one before it", at), `write them as "08:00", the earliest first`)
		}
	}
}

// beats checks that each beat has a station of its own.
func (v *checker) beats() {
	seen := map[string]bool{}
	for _, b := range v.charter.Settings.Beats {
		field := fmt.Sprintf("settings.beats[%s]", b.ID)
		once(v, field, b.ID, seen[b.ID])
		v.named(field, b.Name)
		seen[b.ID] = true
		if v.orgs[b.Station].Kind != "station" {
			v.unknown(field+".station", "station", string(b.Station), "name one of the stations of org.yaml")
		}
	}
}

// items checks one list and remembers its ids.
func (v *checker) items(field string, list []Item, ids map[string]bool) {
	if ids == nil {
		ids = map[string]bool{}
	}
	for _, it := range list {
		at := fmt.Sprintf("%s[%s]", field, it.ID)
		once(v, at, it.ID, ids[it.ID])
		v.named(at, it.Name)
		ids[it.ID] = true
	}
}

// distance reports whether a number of metres can be used; not a number cannot.
func distance(m cad.Meters) bool { return m >= 0 && !math.IsInf(float64(m), 1) }

func (v *checker) grades() {
	seen := map[cad.Priority]bool{}
	for _, g := range v.charter.Grades {
		field := fmt.Sprintf("priorities[%s]", g.ID)
		if g.ID == "" || !g.ID.Valid() || seen[g.ID] {
			v.note(field, "priorities are P1 P2 P3 P4, each once", "remove or rename it")
		}
		seen[g.ID] = true
		v.limits(field, g.Limits)
	}
}

// starts are the milestones that a limit of each kind may start at. A limit that starts elsewhere would never be
// due, and nobody would notice.
func starts(kind string) []string {
	switch kind {
	case "dispatch":
		return []string{"received"}
	case "sign":
		return []string{"dispatched"}
	case "depart", "arrive":
		return []string{"dispatched", "acknowledged"}
	case "feedback":
		return []string{"received", "dispatched"}
	case "review":
		return []string{"reported"}
	}
	return nil
}

func (v *checker) limits(field string, limits []Limit) {
	seen := map[string]bool{}
	for i, l := range limits {
		at := fmt.Sprintf("%s.limits[%d]", field, i)
		from := starts(l.Kind)
		switch {
		case from == nil:
			v.unknown(at+".kind", "limit", l.Kind, "one of dispatch sign depart arrive feedback review")
		case seen[l.Kind]:
			v.note(at+".kind", fmt.Sprintf("%s has a limit already", l.Kind), "keep one of them")
		case !slices.Contains(from, l.From):
			v.note(at+".from", fmt.Sprintf("a limit for %s cannot start at %q", l.Kind, l.From), "start it at "+strings.Join(from, " or "))
		}
		seen[l.Kind] = true
		if l.WithinS <= 0 {
			v.note(at+".within_s", "a limit needs seconds above 0", "leave the limit out to have none")
		}
	}
}

func (v *checker) tagsAndKinds() {
	for _, t := range v.charter.Tags {
		field := fmt.Sprintf("tags[%s]", t.ID)
		once(v, field, t.ID, v.tags[t.ID])
		v.named(field, t.Name)
		v.tags[t.ID] = true
	}
	for _, k := range v.charter.Kinds {
		field := fmt.Sprintf("kinds[%s]", k.ID)
		_, twice := v.kinds[k.ID]
		once(v, field, k.ID, twice)
		v.named(field, k.Name)
		if isSlot(k.ID) {
			v.note(field, fmt.Sprintf("%q means something else in a need", k.ID), "give the kind another id")
		}
		v.can(field, k.Capabilities)
		v.pace(field, k)
		v.kinds[k.ID] = k
	}
}

func isSlot(word string) bool { return word == "near" || word == "own" || word == "any" }

// can checks capabilities against the centre's list, where it has one.
func (v *checker) can(field string, list []string) {
	for _, c := range list {
		if len(v.capabilities) > 0 && !v.capabilities[c] {
			v.unknown(field+".capabilities", "capability", c, "name one of settings.capabilities, or add it there")
		}
	}
}

func (v *checker) organisation() {
	for _, o := range v.charter.Orgs {
		_, twice := v.orgs[o.ID]
		once(v, fmt.Sprintf("orgs[%s]", o.ID), o.ID, twice)
		v.orgs[o.ID] = o
	}
	for _, o := range v.charter.Orgs {
		field := fmt.Sprintf("orgs[%s]", o.ID)
		v.named(field, o.Name)
		switch o.Kind {
		case "centre", "department", "brigade", "station":
		default:
			v.unknown(field+".kind", "kind of org", o.Kind, "centre, department, brigade or station")
		}
		if o.Place != nil && !o.Place.Valid() {
			v.note(field+".place", "it is nowhere on earth", "longitude first, degrees")
		}
		if len(o.Area) > 0 && !o.Area.Valid() {
			v.note(field+".area", "the polygon is not one", "give each ring at least three points, longitude first")
		}
		if !distance(o.Border) {
			v.note(field+".border_m", "a distance cannot be negative", "use 0 for the centre's own")
		}
		v.parents(field, o)
	}
}

// parents follows the chain upwards; it must end.
func (v *checker) parents(field string, o Org) {
	seen := map[cad.OrgID]bool{o.ID: true}
	for up := o.Parent; up != ""; {
		parent, ok := v.orgs[up]
		switch {
		case !ok && up == o.Parent:
			v.unknown(field+".parent", "org", string(up), "name one of the orgs")
			return
		case !ok, seen[up] && up != o.ID:
			return // Said where it stands.
		case up == o.ID:
			v.note(field+".parent", "it stands above itself", "break the circle")
			return
		}
		seen[up] = true
		up = parent.Parent
	}
}
