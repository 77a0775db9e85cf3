package org

import (
	"bytes"
	"encoding/json"
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

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
	Plans    []Card       `json:"plans,omitempty"`
	Cover    []CoverClass `json:"cover,omitempty"`
}

// Roster is the charter's units, each with the capabilities of its kind beside its own, sorted. This is what a unit
// is enrolled with, so that whoever asks for a capability looks in one place.
func (c Charter) Roster() []UnitSpec {
	out := slices.Clone(c.Units)
	for i, u := range out {
		can := slices.Clone(u.Capabilities)
		for _, k := range c.Kinds {
			if k.ID == u.Kind {
				can = append(can, k.Capabilities...)
			}
		}
		slices.Sort(can)
		out[i].Capabilities = slices.Compact(can)
		if out[i].CallSign == "" {
			out[i].CallSign = string(u.ID)
		}
	}
	return out
}

// State is the centre that a charter would make of an empty one. It shares the charter's memory.
func (c Charter) State() State {
	s := State{Centre: c.Centre}
	for _, f := range c.facts() {
		f.apply(&s)
	}
	return s
}

// facts are the charter, part by part.
func (c Charter) facts() []Fact {
	return []Fact{
		TypesSet{Centre: c.Centre, Types: c.Types, Tags: c.Tags, Grades: c.Grades},
		OrgsSet{Centre: c.Centre, Orgs: c.Orgs},
		KindsSet{Centre: c.Centre, Kinds: c.Kinds},
		SettingsSet{Centre: c.Centre, Settings: c.Settings},
		PlansSet{Centre: c.Centre, Plans: c.Plans},
		CoverSet{Centre: c.Centre, Cover: c.Cover},
	}
}

// Configure loads a folder's content. Its units are enrolled by the room above.
type Configure struct{ Charter Charter }

// Decide gives a fact for each part that differs. A charter with problems is refused whole: half a configuration
// is one that nobody wrote.
func (c Configure) Decide(s State, _ Around) ([]cad.Fact, error) {
	const op = "org.Configure"
	ch := c.Charter
	if s.Centre == "" || ch.Centre != s.Centre {
		return nil, fault.New(op, fault.Conflict, "this is the configuration of %q, the centre is %q", ch.Centre, s.Centre).
			Because("other_centre", "centre", string(s.Centre)).Mend("give the folder of this centre")
	}
	if bad := ch.Validate(); len(bad) > 0 {
		return nil, fault.New(op, fault.Invalid, "%s: %s", bad[0].Field, bad[0].Text).Because("bad_charter").At(bad[0].Field).Mend(bad[0].Remedy)
	}
	ch, err := written(ch)
	if err != nil {
		return nil, fault.Wrap(op, fault.Internal, err, "the configuration cannot be written")
	}
	var facts []cad.Fact
	for _, f := range ch.facts() {
		next := s
		f.apply(&next)
		differs, err := differ(s, next)
		if err != nil {
			return nil, fault.Wrap(op, fault.Internal, err, "the configuration cannot be compared")
		}
		if differs {
			facts = append(facts, f)
		}
	}
	return facts, nil
}

// written is a charter as it would be read back from the journal. It shares no memory with the original, which its
// reader may go on changing.
func written(c Charter) (Charter, error) {
	var out Charter
	b, err := json.Marshal(c)
	if err != nil {
		return out, err
	}
	err = json.Unmarshal(b, &out)
	return out, err
}

// differ compares by the written form, which is what a replay would see.
func differ(a, b State) (bool, error) {
	x, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	y, err := json.Marshal(b)
	return !bytes.Equal(x, y), err
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
