package org

import (
	"fmt"
	"slices"
	"strings"

	"shuniu/internal/cad"
)

// whole fails where each line of a response could be filled by itself, and all of them together could not, even if every
// unit were free: by a type alone, and by a type with each card that can join it, all waves in force. It looks only where
// every part can be read.
func (v *checker) whole() {
	if slices.ContainsFunc(v.bad, func(p Problem) bool {
		return slices.ContainsFunc([]string{"kinds", "orgs", "units", "types", "plans"}, func(s string) bool { return strings.HasPrefix(p.Field, s) })
	}) {
		return
	}
	r := v.rosters()
	said := map[string]bool{}
	for _, t := range v.charter.Types {
		t = placed(t)
		if v.together(r, t, nil, said) {
			continue // Whatever joins it fails too.
		}
		for _, c := range v.charter.Plans {
			if oneOf(c.When.Types, t.ID) {
				v.together(r, t, new(placedCard(c)), said)
			}
		}
	}
}

// placed is a type whose lines know where they stand.
func placed(t Type) Type {
	t.Need, t.Second = marked(t.Need, fmt.Sprintf("types[%s].need", t.ID)), marked(t.Second, fmt.Sprintf("types[%s].second", t.ID))
	return t
}

// placedCard is a card whose lines know where they stand.
func placedCard(c Card) Card {
	c.Waves = slices.Clone(c.Waves)
	for i := range c.Waves {
		wave := fmt.Sprintf("plans[%s].waves[%d]", c.ID, i)
		c.Waves[i].Needs, c.Waves[i].AtLeast = marked(c.Waves[i].Needs, wave+".add"), marked(c.Waves[i].AtLeast, wave+".at_least")
	}
	return c
}

func marked(needs []Need, field string) []Need {
	needs = slices.Clone(needs)
	for i := range needs {
		needs[i].field = fmt.Sprintf("%s[%d]", field, i)
	}
	return needs
}

// together notes the first line that cannot be filled beside those before it; false if all can.
func (v *checker) together(r *rosters, t Type, card *Card, said map[string]bool) bool {
	p, when, cards := t.Priority, When{}, []Card(nil)
	if card != nil {
		cards, when = []Card{*card}, card.When
		if !oneOf(when.Priorities, p) {
			p = slices.Min(when.Priorities)
		}
	}
	lines := v.state.together(t, cards, p).Through(WaveMax).Needs
	line, where := r.short(lines, v.stations(when))
	if line < 0 {
		return false
	}
	n := lines[line]
	field, with := n.field, fmt.Sprintf("type %s", t.ID)
	if card != nil {
		with += fmt.Sprintf(" with plan %s", card.ID)
		if n.Card == "" {
			field = fmt.Sprintf("plans[%s]", card.ID) // The type alone can be met: it is the plan that asks too much.
		}
	}
	if said[field] {
		return true
	}
	said[field] = true
	at := ""
	if where != "" {
		at = fmt.Sprintf(" where station %s is responsible", where)
	}
	v.note(field, fmt.Sprintf("%s asks for %d of %s beside all that it asks for before, in all waves; that can never be met%s", with, n.Count, n.what(), at),
		"add such units, ask for fewer, or say in or what serves as well")
	return true
}

// group is units that fill the same lines.
type group struct {
	unit    UnitSpec // One of them.
	station string   // "own": of the responsible station.
	count   int
}

// rosters counts the units that can be sent, for each station that can be responsible. Stations whose crews are alike are
// looked at once.
type rosters struct {
	v      *checker
	key    map[cad.OrgID]string // By station: what its units are.
	groups map[string][]group
	of     map[string]cad.OrgID // By key: one such station.
}

func alike(u UnitSpec) string {
	return fmt.Sprintf("%q %q %d %d", u.Kind, u.Capabilities, u.Officers, u.Sworn)
}

func (v *checker) rosters() *rosters {
	r := &rosters{v: v, key: map[cad.OrgID]string{}, groups: map[string][]group{}, of: map[string]cad.OrgID{}}
	all, at := map[string]group{}, map[cad.OrgID]map[string]int{}
	var order []string
	for _, u := range v.roster {
		if !u.Dispatchable {
			continue
		}
		k := alike(u)
		g, known := all[k]
		if !known {
			order = append(order, k)
			g.unit = u
		}
		g.count++
		all[k] = g
		if at[u.Station] == nil {
			at[u.Station] = map[string]int{}
		}
		at[u.Station][k]++
	}
	slices.Sort(order)
	stations := map[cad.OrgID]bool{"": true}
	for _, o := range v.charter.Orgs {
		stations[o.ID] = true
	}
	for id := range stations {
		var key strings.Builder
		var groups []group
		for _, k := range order {
			g, here := all[k], at[id][k]
			if g.count -= here; g.count > 0 {
				groups = append(groups, g)
			}
			if here > 0 {
				_, _ = fmt.Fprintf(&key, "%s*%d;", k, here)
				groups = append(groups, group{g.unit, "own", here})
			}
		}
		r.key[id], r.groups[key.String()] = key.String(), groups
		if one, known := r.of[key.String()]; !known || id < one {
			r.of[key.String()] = id
		}
	}
	return r
}

// short gives the first line that cannot be filled beside those before it, and the station for which; -1 if all can
// always be. A centre without stations needs one crew's worth anywhere, as a single line does.
func (r *rosters) short(lines []Need, at []cad.OrgID) (line int, where cad.OrgID) {
	if !slices.ContainsFunc(lines, usesOwn) {
		return r.fill(lines, r.groups[r.key[""]]), ""
	}
	if len(at) == 0 {
		line = -1
		for _, key := range sortedKeys(r.groups) {
			got := r.fill(lines, r.groups[key])
			if got < 0 {
				return -1, ""
			}
			line = max(line, got)
		}
		return line, ""
	}
	seen := map[string]bool{}
	for _, st := range at {
		if key := r.key[st]; !seen[key] {
			seen[key] = true
			if line = r.fill(lines, r.groups[key]); line >= 0 {
				return line, st
			}
		}
	}
	return -1, ""
}

func usesOwn(n Need) bool { return n.Slot == "own" || slices.ContainsFunc(n.Or, usesOwn) }

func sortedKeys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// way is one way to fill a line: so many units, each of which may be of one of these groups.
type way struct {
	count int
	fits  []int
}

// ways are those of a line, its own first. Alternatives that take as many units as another may be mixed with it, as a
// recommendation does.
func (r *rosters) ways(n Need, groups []group) []way {
	var out []way
	for _, o := range append([]Need{n}, n.Or...) {
		i := slices.IndexFunc(out, func(w way) bool { return w.count == o.Count })
		if i < 0 {
			i = len(out)
			out = append(out, way{count: o.Count})
		}
		for k, g := range groups {
			if r.v.fills(o, g.unit) && (o.Slot != "own" || g.station == "own") && !slices.Contains(out[i].fits, k) {
				out[i].fits = append(out[i].fits, k)
			}
		}
	}
	return out
}

// triesMax bounds how many choices among alternatives are looked at. Beyond it a response is believed: a check that
// refuses must be right.
const triesMax = 2_000

// fill gives the furthest line that cannot be filled, whichever alternatives are taken; -1 if all can be.
func (r *rosters) fill(lines []Need, groups []group) int {
	m := matching{groups: groups, ways: make([][]way, len(lines))}
	for i, n := range lines {
		m.ways[i] = r.ways(n, groups)
	}
	m.furthest = -1
	if m.from(0, nil) || m.tries > triesMax {
		return -1
	}
	return m.furthest
}

// matching fills slots from groups along augmenting paths (Kuhn), each group as often as it has units.
type matching struct {
	groups   []group
	ways     [][]way // By line.
	furthest int
	tries    int
}

// place is a slot with the group that fills it.
type place struct {
	fits  []int
	group int
}

// from fills a line and all behind it, beside what is filled already.
func (m *matching) from(line int, filled []place) bool {
	if line == len(m.ways) {
		return true
	}
	for _, w := range m.ways[line] {
		if m.tries++; m.tries > triesMax {
			return false
		}
		next, ok := slices.Clone(filled), true
		for range w.count {
			next = append(next, place{w.fits, -1})
			if ok = m.augment(next, len(next)-1, make([]bool, len(m.groups))); !ok {
				break
			}
		}
		if ok && m.from(line+1, next) {
			return true
		}
		if !ok {
			m.furthest = max(m.furthest, line)
		}
	}
	return false
}

// augment fills a slot, moving others where that helps.
func (m *matching) augment(all []place, slot int, seen []bool) bool {
	for _, g := range all[slot].fits {
		if seen[g] {
			continue
		}
		seen[g] = true
		used := 0
		for _, p := range all {
			if p.group == g {
				used++
			}
		}
		if used < m.groups[g].count {
			all[slot].group = g
			return true
		}
		for other := range all {
			if all[other].group == g && m.augment(all, other, seen) {
				all[slot].group = g
				return true
			}
		}
	}
	return false
}
