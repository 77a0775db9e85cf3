package bulletin

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// maker makes one bulletin.
type maker struct {
	Options
	b      *Bulletin
	now    []ref // Incidents of the period and of the units asked for.
	before []ref // Those of the period before.
	year   []ref // Those of the year before.
}

// Make makes the bulletin of a period. The incidents may be of any time: those of the periods that it is compared with
// are among them as far as the records reach. They are kept, not copied. Errors: fault.Invalid for options that make no
// sense.
func Make(incidents []Incident, o Options) (*Bulletin, error) {
	o, err := o.filled()
	if err != nil {
		return nil, err
	}
	p := Period{From: o.From, To: o.To}
	m := &maker{Options: o, b: &Bulletin{
		Period: p, Zone: o.Zone.String(), Unit: o.Unit, UnitName: o.Units[o.Unit], Since: o.Since, AsOf: o.AsOf, Over: o.AsOf.IsZero() || !o.AsOf.Before(o.To),
		Start: o.Start, Percentile: "nearest_rank", Basis: "valid", incidents: incidents, behind: map[string][]ref{},
	}}
	last, year := p.Before(), p.YearBefore()
	for k := range incidents {
		i := &incidents[k]
		r := ref{int32(k), -1}
		if !m.ours(i.Unit) {
			continue
		}
		if p.Holds(i.Received) {
			m.now = append(m.now, r)
		}
		if last.Holds(i.Received) {
			m.before = append(m.before, r)
		}
		if year.Holds(i.Received) {
			m.year = append(m.year, r)
		}
	}
	m.counts()
	m.speeds(p)
	m.tables()
	return m.b, nil
}

// count is a number with what is behind it.
func (m *maker) count(key string, refs []ref) Count {
	m.b.behind[key] = refs
	return Count{Key: key, N: len(refs)}
}

func (m *maker) of(r ref) *Incident { return &m.b.incidents[r.incident] }

// those are the incidents of a list for which something holds.
func (m *maker) those(refs []ref, holds func(*Incident) bool) []ref {
	out := make([]ref, 0, len(refs))
	for _, r := range refs {
		if holds(m.of(r)) {
			out = append(out, r)
		}
	}
	return out
}

func isValid(i *Incident) bool { return i.Void == "" }

// counts are what came in, what of it was valid, and what is not finished.
func (m *maker) counts() {
	b := m.b
	b.Received = Compared{
		Count: m.count("received", m.now), Before: m.change(b.Before(), len(m.now), len(m.before)),
		Year: m.change(b.YearBefore(), len(m.now), len(m.year)),
	}
	b.Void, b.Open.States, b.Open.Cells = []Share{}, []Share{}, []OpenCell{}
	if lack := m.lacks(States); lack != "" {
		b.Basis, b.Valid.Absent, b.Open.Absent = "received", lack, lack
		return
	}
	valid := m.those(m.now, isValid)
	b.Valid = Compared{
		Count: m.count("valid", valid), Before: m.change(b.Before(), len(valid), len(m.those(m.before, isValid))),
		Year: m.change(b.YearBefore(), len(valid), len(m.those(m.year, isValid))),
	}
	void := func(i *Incident) string { return i.Void }
	isVoid := func(i *Incident) bool { return i.Void != "" }
	b.Void = m.shares("void/", m.those(m.now, isVoid), m.those(m.before, isVoid), void, nil)
	open := m.those(m.now, func(i *Incident) bool { return i.Open })
	b.Open.All = m.count("unfinished", open)
	b.Open.States = m.shares("unfinished/state/", open, nil, func(i *Incident) string { return i.State }, nil)
	for s := range b.Open.States {
		b.Open.States[s].Before = Change{Absent: NoRecords} // What was open then is known no more.
	}
	m.openCells(open)
}

func (m *maker) openCells(open []ref) {
	type cell struct{ unit, state string }
	cells := map[cell][]ref{}
	for _, r := range open {
		c := cell{m.of(r).Unit, m.of(r).State}
		cells[c] = append(cells[c], r)
	}
	for c, refs := range cells {
		m.b.Open.Cells = append(m.b.Open.Cells, OpenCell{
			Unit: c.unit, Name: m.Units[c.unit], State: c.state,
			Count: m.count("unfinished/unit/"+word(c.unit)+"/"+word(c.state), refs),
		})
	}
	slices.SortFunc(m.b.Open.Cells, func(x, y OpenCell) int { return strings.Compare(x.Key, y.Key) })
}

// change compares a number with that of another period.
func (m *maker) change(p Period, now, then int) Change {
	c := Change{Period: p}
	if m.Since.IsZero() || p.From.Before(m.Since) {
		c.Absent = NoRecords
		return c
	}
	c.N = &then
	if then == 0 {
		c.Absent = NoneThen
		return c
	}
	grown := 100 * float64(now-then) / float64(then)
	c.Percent = &grown
	return c
}

// word is a code in a key. An empty one is written as a dash.
func word(code string) string { return cmp.Or(code, "-") }

// group sorts incidents by a code.
func (m *maker) group(refs []ref, code func(*Incident) string) map[string][]ref {
	out := map[string][]ref{}
	for _, r := range refs {
		c := code(m.of(r))
		out[c] = append(out[c], r)
	}
	return out
}

// shares splits a number by a code, the most frequent first. before are those of the period before.
func (m *maker) shares(prefix string, refs, before []ref, code func(*Incident) string, names map[string]string) []Share {
	groups, then := m.group(refs, code), m.group(before, code)
	for c := range then {
		if groups[c] == nil {
			groups[c] = []ref{} // It was there before, and is not now: that is news, too.
		}
	}
	out := make([]Share, 0, len(groups))
	for _, c := range slices.Sorted(maps.Keys(groups)) {
		s := Share{
			Code: c, Name: names[c], Count: m.count(prefix+word(c), groups[c]),
			Before: m.change(m.b.Before(), len(groups[c]), len(then[c])),
		}
		if len(refs) > 0 {
			s.Percent = 100 * float64(s.N) / float64(len(refs))
		}
		if s.N > 0 || s.Before.N != nil {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b Share) int { return b.N - a.N })
	return out
}

// tables are categories, places and what of them is rising.
func (m *maker) tables() {
	b := m.b
	valid, before := m.those(m.now, isValid), m.those(m.before, isValid)
	b.Taken.Rows = m.shares("taken/", valid, before, func(i *Incident) string { return i.Taken }, m.Types)
	b.Fed.Rows, b.Places.Rows, b.Rising = []Share{}, []Share{}, []Rise{}
	if b.Fed.Absent = m.lacks(FedTypes); b.Fed.Absent == "" {
		b.Fed.Rows = m.shares("fed/", valid, before, func(i *Incident) string { return i.Fed }, m.Types)
		differ := m.count("categories_differ", m.those(valid, func(i *Incident) bool { return i.Taken != "" && i.Fed != "" && i.Taken != i.Fed }))
		b.Changed = &differ
	}
	m.rise("category", b.Taken.Rows)
	if b.Places.Absent = m.lacks(Streets); b.Places.Absent == "" {
		all := m.shares("place/", valid, before, func(i *Incident) string { return i.Place }, nil)
		m.rise("place", all)
		b.Places.Rows, b.Places.Rest = m.first(all)
	}
	slices.SortStableFunc(b.Rising, func(x, y Rise) int { return y.More - x.More })
}

// first keeps the first rows of a long table, and puts the others together. What is nowhere known is no place, so it is
// never among the first.
func (m *maker) first(all []Share) ([]Share, *Count) {
	rows, rest := []Share{}, []ref{}
	for _, s := range all {
		if s.N > 0 && s.Code != "" && len(rows) < m.Most {
			rows = append(rows, s)
			continue
		}
		rest = append(rest, m.b.behind[s.Key]...)
	}
	c := m.count("places/rest", rest)
	return rows, &c
}

// rise adds the first few of what grew most.
func (m *maker) rise(of string, rows []Share) {
	grown := []Rise{}
	for _, s := range rows {
		if s.Code != "" && s.Before.N != nil && s.N > *s.Before.N {
			grown = append(grown, Rise{Of: of, Share: s, More: s.N - *s.Before.N})
		}
	}
	slices.SortStableFunc(grown, func(x, y Rise) int { return y.More - x.More })
	m.b.Rising = append(m.b.Rising, grown[:min(m.Most, len(grown))]...)
}

// seconds is a pointer to a time in seconds.
func seconds(d time.Duration) *float64 {
	s := d.Seconds()
	return &s
}
