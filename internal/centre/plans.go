package centre

import (
	"fmt"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/org"
)

// plansFile is plans.yaml.
type plansFile struct {
	Plans []planEntry `yaml:"plans"`
}

type planEntry struct {
	ID string `yaml:"id"`
	label

	When  whenEntry   `yaml:"when"`
	Waves []waveEntry `yaml:"waves"`
}

// whenEntry is which incidents a plan is for: each part that is given must hold, of a list one is enough.
type whenEntry struct {
	Types      []string `yaml:"types"`
	Tags       []string `yaml:"tags"`
	Levels     []string `yaml:"levels"`
	Priorities []string `yaml:"priorities"`
	Stations   []string `yaml:"stations"` // The responsible one. A pattern stands for several: "st{1..4}".
	Area       []lonLat `yaml:"area"`     // One ring that holds the place.
}

type waveEntry struct {
	Wave     *int        `yaml:"wave"`     // Its place in the list when it is not given.
	Add      []needEntry `yaml:"add"`      // Beside what others ask for.
	AtLeast  []needEntry `yaml:"at_least"` // As many in all.
	Seats    []string    `yaml:"seats"`
	Notify   []string    `yaml:"notify"`
	Partners []string    `yaml:"partners"`
}

// coverFile is cover.yaml.
type coverFile struct {
	Cover []coverEntry `yaml:"cover"`
}

type coverEntry struct {
	ID string `yaml:"id"`
	label

	Slot   string           `yaml:"slot"`
	Kinds  []string         `yaml:"kinds"`
	Within time.Duration    `yaml:"within"`
	Areas  []coverAreaEntry `yaml:"areas"`
}

// coverAreaEntry is the standard in some stations' areas; 0s promises nothing there.
type coverAreaEntry struct {
	Stations []string       `yaml:"stations"` // Patterns too.
	Within   *time.Duration `yaml:"within"`
}

func (e *crewEntry) crew() *org.Crew {
	if e == nil {
		return nil
	}
	return &org.Crew{Officers: e.Officers, Sworn: e.Sworn, Priorities: words[cad.Priority](e.Priorities)}
}

func (l *loader) plans(f plansFile) {
	for i, e := range f.Plans {
		s := spot{plansYAML, fmt.Sprintf("plans[%d]", i)}
		l.alias[fmt.Sprintf("plans[%s]", e.ID)] = s
		c := org.Card{ID: e.ID, Name: e.name(), When: org.When{
			Types: words[cad.TypeID](e.When.Types), Tags: words[cad.TagID](e.When.Tags), Levels: words[cad.Level](e.When.Levels),
			Priorities: words[cad.Priority](e.When.Priorities), Stations: l.stations(spot{s.file, s.path + ".when.stations"}, e.When.Stations),
		}}
		if len(e.When.Area) > 0 {
			c.When.Area = geo.MultiPolygon{{ring(e.When.Area)}}
		}
		for j, w := range e.Waves {
			n := j + 1
			if w.Wave != nil {
				n = *w.Wave
			}
			c.Waves = append(c.Waves, org.Wave{
				N: n, Needs: needs(w.Add), AtLeast: needs(w.AtLeast), Seats: w.Seats, Notify: w.Notify, Partners: words[cad.PartnerID](w.Partners),
			})
		}
		l.charter.Plans = append(l.charter.Plans, c)
	}
}

// ring is an outline; it closes itself.
func ring(places []lonLat) geo.Ring {
	var out geo.Ring
	for _, p := range places {
		out = append(out, *p.point())
	}
	return out
}

// stations are the ids that patterns stand for.
func (l *loader) stations(s spot, patterns []string) []cad.OrgID {
	var out []cad.OrgID
	for _, p := range patterns {
		ids, err := expand(p, nil)
		if err != nil {
			l.note(s, err.Error(), `write an id, or a range such as "st{1..4}"`)
		}
		out = append(out, words[cad.OrgID](ids)...)
	}
	return out
}

func (l *loader) cover(f coverFile) {
	for i, e := range f.Cover {
		s := spot{coverYAML, fmt.Sprintf("cover[%d]", i)}
		l.alias[fmt.Sprintf("cover[%s]", e.ID)] = s
		c := org.CoverClass{ID: e.ID, Name: e.name(), Slot: e.Slot, Kinds: e.Kinds, StandardS: int64(e.Within / time.Second)}
		for j, a := range e.Areas {
			at := spot{s.file, fmt.Sprintf("%s.areas[%d]", s.path, j)}
			if a.Within == nil || len(a.Stations) == 0 {
				l.note(at, "it needs stations and a time", "write {stations: st9, within: 900s}, or within: 0s where nothing is promised")
				continue
			}
			for _, st := range l.stations(spot{at.file, at.path + ".stations"}, a.Stations) {
				l.alias[fmt.Sprintf("cover[%s].areas[%s]", e.ID, st)] = at
				c.Areas = append(c.Areas, org.CoverArea{Station: st, StandardS: int64(*a.Within / time.Second)})
			}
		}
		l.charter.Cover = append(l.charter.Cover, c)
	}
}
