// Package org is what a centre is made of: its world, its departments and stations with their areas, its types,
// priorities, limits and kinds of units. All of it came in as facts, as values, so that a decision never reads a
// file and a replay needs none. It is pure and knows no other room.
package org

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// Name is a name by language: "zh", "en".
type Name = map[string]string

// Limit is a time within which something must happen. It has the same JSON as an incident's.
type Limit struct {
	Kind    string `json:"kind"`     // "dispatch", "sign", "depart", "arrive", "feedback", "review".
	From    string `json:"from"`     // "received", "dispatched", "acknowledged", "reported".
	WithinS int64  `json:"within_s"` // Seconds.
}

// Need is one line of a type's first wave: how many units of what.
type Need struct {
	Slot       string   `json:"slot"`                 // "near" 近, "own" 属, "any", or the id of a kind of unit.
	Capability string   `json:"capability,omitempty"` // What each of them must be able to do; empty asks nothing.
	Kind       []string `json:"kind,omitempty"`       // Only units of these kinds; empty means all.
	Count      int      `json:"count"`
}

// Type is one category of incidents.
type Type struct {
	ID       cad.TypeID      `json:"id"`
	Name     Name            `json:"name"`
	Category string          `json:"category,omitempty"`
	Priority cad.Priority    `json:"priority,omitempty"` // The default; a person may choose another.
	Level    cad.Level       `json:"level,omitempty"`
	Tags     []cad.TagID     `json:"tags,omitempty"`
	Keywords []string        `json:"keywords,omitempty"`
	Need     []Need          `json:"need,omitempty"`
	Partners []cad.PartnerID `json:"partners,omitempty"` // Whom to tell.
	Limits   []Limit         `json:"limits,omitempty"`   // Take the place of the priority's, kind by kind.
}

// Tag marks incidents beside their type.
type Tag struct {
	ID   cad.TagID `json:"id"`
	Name Name      `json:"name"`
	Ack  bool      `json:"ack,omitempty"` // The duty commander must acknowledge it at once.
}

// Grade is one priority with its limits.
type Grade struct {
	ID     cad.Priority `json:"id"`
	Name   Name         `json:"name"`
	Limits []Limit      `json:"limits,omitempty"`
}

// Org is a department, brigade or station.
type Org struct {
	ID     cad.OrgID        `json:"id"`
	Kind   string           `json:"kind"` // "centre", "department", "brigade", "station".
	Name   Name             `json:"name"`
	Parent cad.OrgID        `json:"parent,omitempty"`
	Place  *geo.Point       `json:"place,omitempty"`
	Area   geo.MultiPolygon `json:"area,omitempty"` // 管辖; stations only.
}

// Kind is a kind of units.
type Kind struct {
	ID           string   `json:"id"`
	Name         Name     `json:"name"`
	Capabilities []string `json:"capabilities,omitempty"` // Given to each unit of the kind.
	Patrol       bool     `json:"patrol,omitempty"`       // Counts as 近: nearest patrol.
	OwnStation   bool     `json:"own_station,omitempty"`  // Counts as 属: a crew of the responsible station.
}

// Item is a word of a list that forms offer: a result, a reason, a partner, a seat, a capability.
type Item struct {
	ID   string `json:"id"`
	Name Name   `json:"name"`
	Mode string `json:"mode,omitempty"` // Partners: "with", "transfer" or "both".
}

// UnitSpec is what a folder says of a unit. It has the same shape as the unit room's own.
type UnitSpec struct {
	ID           cad.UnitID `json:"id"`
	CallSign     string     `json:"call_sign"`
	Kind         string     `json:"kind"`
	Station      cad.OrgID  `json:"station,omitempty"`
	Capabilities []string   `json:"capabilities,omitempty"`
	Officers     int        `json:"officers,omitempty"`
	Sworn        int        `json:"sworn,omitempty"`
	Dispatchable bool       `json:"dispatchable"`
	Home         *geo.Point `json:"home,omitempty"`
}

// Settings are the centre's own figures.
type Settings struct {
	Name            Name       `json:"name"`
	Superior        Name       `json:"superior,omitempty"`
	BorderWithinM   cad.Meters `json:"border_within_m"`   // Neighbours nearer than this are named (接合部).
	ForgetAfterDays int        `json:"forget_after_days"` // Ended lives leave memory after this; 0 never.
	AnswerWithinS   int64      `json:"answer_within_s"`   // Ringing calls; 0 means no limit.
	Zone            string     `json:"zone"`              // IANA time zone of the glass.
	Bounds          [4]float64 `json:"bounds"`            // West, south, east, north, degrees.
	Zoom            float64    `json:"zoom"`
	Results         []Item     `json:"results,omitempty"`
	Reasons         []Item     `json:"reasons,omitempty"` // Why a unit may be unavailable.
	Partners        []Item     `json:"partners,omitempty"`
	Seats           []Item     `json:"seats,omitempty"`
	Capabilities    []Item     `json:"capabilities,omitempty"`
}

// Charter is the content of a centre's folder.
type Charter struct {
	Centre   cad.CentreID `json:"centre"`
	Settings Settings     `json:"settings"`
	Types    []Type       `json:"types"`
	Tags     []Tag        `json:"tags"`
	Grades   []Grade      `json:"priorities"`
	Orgs     []Org        `json:"orgs"`
	Kinds    []Kind       `json:"kinds"`
	Units    []UnitSpec   `json:"units"`
}

// State is the centre as its facts made it.
type State struct {
	World     cad.World              `json:"world"`
	Centre    cad.CentreID           `json:"centre"`
	Types     map[cad.TypeID]Type    `json:"types,omitempty"`
	TypeOrder []cad.TypeID           `json:"type_order,omitempty"` // As the folder lists them.
	Tags      map[cad.TagID]Tag      `json:"tags,omitempty"`
	Grades    map[cad.Priority]Grade `json:"grades,omitempty"`
	Orgs      map[cad.OrgID]Org      `json:"orgs,omitempty"`
	Kinds     map[string]Kind        `json:"kinds,omitempty"`
	Settings
	Changed cad.Seq `json:"changed"`
}

// Command is a wish about the centre.
type Command interface {
	Decide(s State, a Around) ([]cad.Fact, error)
}

// Around is what a decision needs to know from outside the room.
type Around struct {
	Now   time.Time
	Actor cad.ActorID
}

// Fact is something that happened to the centre.
type Fact interface {
	cad.Fact
	apply(s *State)
}

// Evolve folds one fact. Parts are replaced whole, so the old value stays as it was.
func Evolve(s State, f Fact, st cad.Stamp) State {
	f.apply(&s)
	s.Changed = st.Seq
	return s
}

// Subject is the journal's name of a centre.
func Subject(id cad.CentreID) cad.Subject { return cad.SubjectOf("org", id) }

// Facts is the room's table.
func Facts() []cad.FactKind {
	return []cad.FactKind{cad.Kind[WorldOpened](), cad.Kind[TypesSet](), cad.Kind[OrgsSet](), cad.Kind[KindsSet](), cad.Kind[SettingsSet]()}
}

// Responsible is the station for a place: the one whose polygon holds it, else the one whose house is nearest.
// Neighbours within BorderWithinM are named, because at a border people will argue.
func (s State) Responsible(p geo.Point) (id cad.OrgID, by string, border []cad.OrgID) {
	best := -1.0
	for _, key := range slices.Sorted(maps.Keys(s.Orgs)) {
		o := s.Orgs[key]
		if o.Kind != "station" {
			continue
		}
		switch {
		case len(o.Area) > 0 && o.Area.Contains(p):
			if by != "polygon" {
				id, by = o.ID, "polygon"
			}
		case by != "polygon" && o.Place != nil:
			if d := geo.DistanceMeters(p, *o.Place); best < 0 || d < best {
				best, id, by = d, o.ID, "nearest"
			}
		}
	}
	if by != "polygon" {
		return id, by, nil
	}
	for _, key := range slices.Sorted(maps.Keys(s.Orgs)) {
		o := s.Orgs[key]
		if o.ID != id && len(o.Area) > 0 && cad.Meters(o.Area.DistanceToEdgeMeters(p)) <= s.BorderWithinM {
			border = append(border, o.ID)
		}
	}
	return id, by, border
}

// GradeFor gives the values that a type and priority stand for on the day of grading. An empty priority takes
// the type's.
func (s State) GradeFor(t cad.TypeID, p cad.Priority) (cad.Priority, cad.Level, []cad.TagID, []Limit) {
	typ := s.Types[t]
	if p == "" {
		p = typ.Priority
	}
	limits := slices.Clone(s.Grades[p].Limits)
	for _, own := range typ.Limits {
		i := slices.IndexFunc(limits, func(l Limit) bool { return l.Kind == own.Kind })
		if i < 0 {
			limits = append(limits, own)
			continue
		}
		limits[i] = own
	}
	return p, typ.Level, typ.Tags, limits
}

// OpenWorld writes what world a journal is, once.
type OpenWorld struct {
	World  cad.World
	Centre cad.CentreID
}

// Decide refuses to make one world another.
func (c OpenWorld) Decide(s State, _ Around) ([]cad.Fact, error) {
	const op = "org.OpenWorld"
	switch {
	case c.Centre == "":
		return nil, fault.New(op, fault.Invalid, "a centre needs an id").Because("id_required").At("centre")
	case s.World == c.World && s.Centre == c.Centre:
		return nil, nil
	case s.World != "":
		return nil, fault.New(op, fault.Conflict, "this is the %s world of %s", s.World, s.Centre).Because("other_world")
	}
	return []cad.Fact{WorldOpened(c)}, nil
}

// WorldOpened is the first record of every journal.
type WorldOpened struct {
	World  cad.World    `json:"world"`
	Centre cad.CentreID `json:"centre"`
}

// FactType is the name in the journal.
func (WorldOpened) FactType() string { return "org.world_opened" }

// Subjects are the centre.
func (f WorldOpened) Subjects() []cad.Subject { return []cad.Subject{Subject(f.Centre)} }

func (f WorldOpened) apply(s *State) { s.World, s.Centre = f.World, f.Centre }

// Configure loads a folder's content.
type Configure struct{ Charter Charter }

// Decide gives a fact for each part that differs. A charter with problems is refused whole.
func (c Configure) Decide(s State, _ Around) ([]cad.Fact, error) {
	const op = "org.Configure"
	ch := c.Charter
	if s.Centre == "" || ch.Centre != s.Centre {
		return nil, fault.New(op, fault.Conflict, "this is the configuration of %q, the centre is %q", ch.Centre, s.Centre).Because("other_centre").
			Mend("give the folder of this centre")
	}
	if bad := ch.Validate(); len(bad) > 0 {
		return nil, fault.New(op, fault.Invalid, "%s: %s", bad[0].Field, bad[0].Text).Because("bad_charter").At(bad[0].Field).Mend(bad[0].Remedy)
	}
	var facts []cad.Fact
	next := s
	for _, f := range []Fact{
		TypesSet{Centre: s.Centre, Types: ch.Types, Tags: ch.Tags, Grades: ch.Grades}, OrgsSet{Centre: s.Centre, Orgs: ch.Orgs},
		KindsSet{Centre: s.Centre, Kinds: ch.Kinds}, SettingsSet{Centre: s.Centre, Settings: ch.Settings},
	} {
		was := next
		f.apply(&next)
		if !same(was, next) {
			facts = append(facts, f)
		}
	}
	return facts, nil
}

// same compares by the written form, which is what a replay would see.
func same(a, b State) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && slices.Equal(x, y)
}

// TypesSet replaces types, tags and priorities.
type TypesSet struct {
	Centre cad.CentreID `json:"centre"`
	Types  []Type       `json:"types"`
	Tags   []Tag        `json:"tags"`
	Grades []Grade      `json:"priorities"`
}

// FactType is the name in the journal.
func (TypesSet) FactType() string { return "org.types_set" }

// Subjects are the centre.
func (f TypesSet) Subjects() []cad.Subject { return []cad.Subject{Subject(f.Centre)} }

func (f TypesSet) apply(s *State) {
	s.Types, s.Tags, s.Grades, s.TypeOrder = map[cad.TypeID]Type{}, map[cad.TagID]Tag{}, map[cad.Priority]Grade{}, nil
	for _, t := range f.Types {
		s.Types[t.ID] = t
		s.TypeOrder = append(s.TypeOrder, t.ID)
	}
	for _, t := range f.Tags {
		s.Tags[t.ID] = t
	}
	for _, g := range f.Grades {
		s.Grades[g.ID] = g
	}
}

// OrgsSet replaces departments and stations.
type OrgsSet struct {
	Centre cad.CentreID `json:"centre"`
	Orgs   []Org        `json:"orgs"`
}

// FactType is the name in the journal.
func (OrgsSet) FactType() string { return "org.orgs_set" }

// Subjects are the centre.
func (f OrgsSet) Subjects() []cad.Subject { return []cad.Subject{Subject(f.Centre)} }

func (f OrgsSet) apply(s *State) {
	s.Orgs = map[cad.OrgID]Org{}
	for _, o := range f.Orgs {
		s.Orgs[o.ID] = o
	}
}

// KindsSet replaces kinds of units.
type KindsSet struct {
	Centre cad.CentreID `json:"centre"`
	Kinds  []Kind       `json:"kinds"`
}

// FactType is the name in the journal.
func (KindsSet) FactType() string { return "org.kinds_set" }

// Subjects are the centre.
func (f KindsSet) Subjects() []cad.Subject { return []cad.Subject{Subject(f.Centre)} }

func (f KindsSet) apply(s *State) {
	s.Kinds = map[string]Kind{}
	for _, k := range f.Kinds {
		s.Kinds[k.ID] = k
	}
}

// SettingsSet replaces the centre's figures and lists.
type SettingsSet struct {
	Centre   cad.CentreID `json:"centre"`
	Settings Settings     `json:"settings"`
}

// FactType is the name in the journal.
func (SettingsSet) FactType() string { return "org.settings_set" }

// Subjects are the centre.
func (f SettingsSet) Subjects() []cad.Subject { return []cad.Subject{Subject(f.Centre)} }

func (f SettingsSet) apply(s *State) { s.Settings = f.Settings }

// Problem is one thing wrong with a charter.
type Problem struct {
	Field  string // A path: "types[knife].need[0].capability".
	Text   string
	Remedy string
}

// Validate lists what is wrong, in the order of the folder's parts.
func (c Charter) Validate() []Problem {
	v := &checker{charter: c, orgs: map[cad.OrgID]bool{}, tags: map[cad.TagID]bool{}, kinds: map[string]Kind{}, partners: map[string]bool{}}
	v.settings()
	v.lists()
	v.units()
	v.types()
	slices.SortStableFunc(v.bad, func(a, b Problem) int { return cmp.Compare(part(a.Field), part(b.Field)) })
	return v.bad
}

func part(field string) int {
	for i, p := range []string{"centre", "settings", "priorities", "tags", "kinds", "orgs", "units", "types"} {
		if len(field) >= len(p) && field[:len(p)] == p {
			return i
		}
	}
	return 99
}
