package tile

import (
	"slices"
	"strings"

	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/osm"
)

// samePlaceMeters is how near a place of the extract and a mark with the same name are one thing.
const samePlaceMeters = 500

// Mark is a place that the centre itself knows: a station, a post, key premises.
type Mark struct {
	Kind    string // "centre", "department", "brigade", "station", "post" or "premises" (要害部位).
	ID      string // In the centre's configuration.
	Name    string
	NameEn  string // May be empty.
	Service string // "police", "fire" or "medical", as its name or its superiors' says; empty when none does.
	Point   geo.Point
}

// MarksOf gives the marks of a centre. Key premises stand where the extract has a place or a street of the same name, in
// Chinese or English; when it has none, where the configuration says, and those of which it says nothing are left out.
func MarksOf(c org.Charter, x *osm.Extract) []Mark {
	var out []Mark
	for _, o := range c.Orgs {
		if o.Place != nil {
			m := markAt(o.Kind, string(o.ID), o.Name, *o.Place)
			m.Service = serviceOf(c, o)
			out = append(out, m)
		}
	}
	for _, p := range c.Settings.Posts {
		m := markAt("post", p.ID, p.Name, p.Place)
		m.Service = serviceOf(c, org.Org{})
		out = append(out, m)
	}
	if x == nil {
		return out
	}
	for _, item := range c.Settings.Premises {
		if at, ok := find(x, item.Name); ok {
			out = append(out, markAt("premises", item.ID, item.Name, at))
		} else if item.Place != nil {
			out = append(out, markAt("premises", item.ID, item.Name, *item.Place))
		}
	}
	return out
}

// serviceOf tells from the names of an organisation, then of those above it, then of the centre, which service it is.
func serviceOf(c org.Charter, o org.Org) string {
	names := []org.Name{o.Name}
	for range c.Orgs { // Not more steps than there are: a ring of superiors must end.
		i := slices.IndexFunc(c.Orgs, func(above org.Org) bool { return o.Parent != "" && above.ID == o.Parent })
		if i < 0 {
			break
		}
		o = c.Orgs[i]
		names = append(names, o.Name)
	}
	for _, n := range append(names, c.Settings.Name) {
		if s := serviceNamed(n); s != "" {
			return s
		}
	}
	return ""
}

// serviceNamed is the service that a name says; empty when it says none, or several.
func serviceNamed(n org.Name) string {
	found := ""
	for _, s := range []struct {
		service string
		words   []string
	}{
		{"police", []string{"公安", "派出所", "警", "police", "sheriff"}},
		{"fire", []string{"消防", "fire"}},
		{"medical", []string{"急救", "救护", "ambulance", "medical"}},
	} {
		text := strings.ToLower(n["zh"] + " " + n["en"])
		if !slices.ContainsFunc(s.words, func(w string) bool { return strings.Contains(text, w) }) {
			continue
		}
		if found != "" {
			return ""
		}
		found = s.service
	}
	return found
}

func markAt(kind, id string, n org.Name, at geo.Point) Mark {
	m := Mark{Kind: kind, ID: id, Name: n["zh"], NameEn: n["en"], Point: at}
	if m.Name == "" {
		m.Name, m.NameEn = m.NameEn, ""
	}
	return m
}

// find gives the first place with one of the names.
func find(x *osm.Extract, n org.Name) (geo.Point, bool) {
	zh, en := n["zh"], n["en"]
	i := slices.IndexFunc(x.Places, func(p osm.Place) bool {
		return zh != "" && p.Name == zh || en != "" && (strings.EqualFold(p.Name, en) || strings.EqualFold(p.NameEn, en))
	})
	if i >= 0 {
		return x.Places[i].Point, true
	}
	if x.Streets == nil {
		return geo.Point{}, false
	}
	for _, l := range x.Streets.Drawing() { // A street may be one of them.
		if zh != "" && l.Name == zh && len(l.Points) > 0 {
			return l.Points[len(l.Points)/2], true
		}
	}
	return geo.Point{}, false
}
