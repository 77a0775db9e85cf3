package gazetteer

import (
	"cmp"
	"slices"
	"strings"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
)

// finish puts the hits in order, leaves out what is said twice, and tells of those that are left who is responsible,
// how far they are, and which names have a double.
func (s *search) finish() []Hit {
	order := func() {
		slices.SortStableFunc(s.hits, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
	}
	order()
	s.hits = few(distinct(s.hits, 2*s.q.Limit))
	if s.q.Area != "" {
		for i := range s.hits {
			if s.ix.org.holds(s.q.Area, s.hits[i].Point) {
				s.hits[i].Score += bonusArea
			}
		}
		order()
	}
	s.hits = s.hits[:min(len(s.hits), s.q.Limit)]
	for i := range s.hits {
		h := &s.hits[i]
		h.Responsible = s.ix.org.responsible(h.Point)
		h.DistanceMeters = -1
		if s.q.Near != nil {
			h.DistanceMeters = geo.DistanceMeters(*s.q.Near, h.Point)
		}
		switch h.Kind {
		case Street, Crossing, Address, Point:
		default:
			h.Street = s.ix.streetBeside(h.Point, h.Name.Text)
		}
	}
	s.markAlike()
	return s.hits
}

// What only stands for the place that was asked for is hardly ever meant where the place itself was found: of the doubles
// that have not this number, two are enough to be warned.
const (
	exactEnough    = 2
	approximateFew = 2
)

// few keeps two of the hits that are not what was asked for, where enough others are.
func few(hits []Hit) []Hit {
	exact, kept := 0, 0
	for i := range hits {
		if !hits[i].Approximate {
			exact++
		}
	}
	if exact < exactEnough {
		return hits
	}
	return slices.DeleteFunc(hits, func(h Hit) bool {
		if h.Approximate {
			kept++
		}
		return h.Approximate && kept > approximateFew
	})
}

func (g *ground) holds(id cad.OrgID, p geo.Point) bool {
	return g.state.Orgs[id].Area.Contains(p)
}

// distinct keeps the first hit of each place, at most n.
func distinct(hits []Hit, n int) []Hit {
	type place struct{ kind, name, other, number, unit string }
	var out []Hit
	at := map[place][]spot{}
	for i := range hits {
		h := &hits[i]
		key := place{h.Kind, h.Name.Text, h.Other.Text, h.Number, h.Unit}
		switch h.Kind {
		case Station, Post, Place, Estate: // The centre and the map may both name it.
			key.kind = Place
		case Crossing:
			key.name, key.other = min(key.name, key.other), max(key.name, key.other)
		case Address, Building, Entrance:
			key.kind = Address
		}
		here := spotOf(h.Point)
		same := h.Kind == Street && len(at[key]) > 0
		if same || slices.ContainsFunc(at[key], func(o spot) bool { return metersBetween(o, here) < samePlaceM }) {
			continue
		}
		at[key] = append(at[key], here)
		if out = append(out, *h); len(out) == n {
			break
		}
	}
	return out
}

// streetBeside is the street beside a place.
func (ix *Index) streetBeside(p geo.Point, not string) Name {
	if ix.x.Streets == nil {
		return Name{}
	}
	snap, ok := ix.x.Streets.Snap(p, besideStreetM)
	if !ok || snap.Name == not {
		return Name{}
	}
	return ix.streetName(snap.Name)
}

// streetName is the name of a street of the network, in English, too.
func (ix *Index) streetName(text string) Name {
	key, _ := compact(fold(cutRunes(text, queryRunesMax)))
	if e := ix.lex.exact(key); e >= 0 {
		for _, id := range ix.thingsOf(e) {
			if ix.things[id].kind == kindStreet {
				if n := ix.name(id); n.Text == text {
					return n
				}
			}
		}
	}
	return Name{Text: text}
}

// markAlike marks the hits whose names are easily taken for each other, so that nobody takes the first one unseen.
func (s *search) markAlike() {
	type look struct{ key, pin, initials string }
	looks := make([]look, len(s.hits))
	for i, h := range s.hits {
		looks[i].key, _ = compact(fold(h.Name.Text + h.Other.Text))
		if sp := s.sp.spell(looks[i].key); len(sp) > 0 {
			looks[i].pin, looks[i].initials = sp[0].full, sp[0].initials
		}
	}
	alike := func(a, b look) bool {
		switch {
		case a.key == b.key || a.key == "" || b.key == "":
			return false
		case a.pin != "" && (a.pin == b.pin || a.initials == b.initials && len(a.initials) > 2):
			return true
		case hasHan(a.key) != hasHan(b.key):
			return false
		}
		return long(a.key) && oneMistake(a.key, b.key)
	}
	for i := range s.hits {
		for k := range i {
			if alike(looks[i], looks[k]) {
				s.hits[i].Alike, s.hits[k].Alike = true, true
			}
		}
	}
}

// Premises is the id of the key premises (要害部位) that a hit is, empty if it is none.
func (ix *Index) Premises(name string) string { return ix.org.premises[strings.TrimSpace(name)] }
