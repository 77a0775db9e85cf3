package bulletin

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// lap is one time of a speed. There are millions of them in a city's year, so it is small and points nowhere.
type lap struct {
	ref
	unit int32 // Its number in the list of units.
	how  lapKind
	took time.Duration // Of a whole one.
}

// lapKind says whether a time can be told.
type lapKind uint8

const (
	whole    lapKind = iota
	unknown          // One of its ends is not recorded, or has not come.
	disorder         // It ended before it began.
)

func newLap(r ref, unit int32, from, to time.Time) lap {
	l := lap{ref: r, unit: unit}
	switch {
	case from.IsZero() || to.IsZero():
		l.how = unknown
	case to.Before(from):
		l.how = disorder
	default:
		l.took = to.Sub(from)
	}
	return l
}

// roll numbers units in the order in which they are met.
type roll struct {
	ids    []string
	number map[string]int32
}

func (r *roll) of(id string) int32 {
	n, ok := r.number[id]
	if !ok {
		n = int32(len(r.ids))
		r.ids, r.number[id] = append(r.ids, id), n
	}
	return n
}

// speeds measures orders and feedback, whole and by unit. An order belongs to the period of its incident.
func (m *maker) speeds(p Period) {
	units := &roll{number: map[string]int32{}}
	most := 0
	for k := range m.b.incidents {
		if i := &m.b.incidents[k]; p.Holds(i.Received) {
			most += len(i.Orders)
		}
	}
	signs, departs := make([]lap, 0, most), make([]lap, 0, most)
	for k := range m.b.incidents {
		i := &m.b.incidents[k]
		if !p.Holds(i.Received) {
			continue
		}
		for n := range i.Orders {
			o := &i.Orders[n]
			if !m.ours(o.Unit) {
				continue
			}
			r, unit := ref{int32(k), int32(n)}, units.of(o.Unit)
			signs = append(signs, newLap(r, unit, o.Sent, o.Signed))
			departs = append(departs, newLap(r, unit, m.departs(o), o.Departed))
		}
	}
	feedbacks := m.feedbacks(units)
	need := func(f Field) []Field {
		if m.Start == FromSigned {
			return []Field{f, Signatures}
		}
		return []Field{f}
	}
	b := m.b
	b.Sign = m.speed("sign", signs, m.Buckets.SignS, m.lacks(Signatures))
	b.Depart = m.speed("depart", departs, m.Buckets.DepartS, m.lacks(need(Departures)...))
	b.Feedback = m.speed("feedback", feedbacks, m.Buckets.FeedbackS, m.lacks(need(Feedbacks)...))
	m.units(units, signs, departs, feedbacks)
}

// begins is when the times after an order begin to count; zero if that has not come.
func (m *maker) begins(o *Order) time.Time {
	if m.Start == FromSigned {
		return o.Signed
	}
	return o.Sent
}

// departs is when a crew's departure begins to count.
func (m *maker) departs(o *Order) time.Time {
	from := m.begins(o)
	if !from.IsZero() && o.Turned.After(from) {
		return o.Turned
	}
	return from
}

// feedbacks are the times until somebody first fed back, of the incidents of Basis that somebody was sent to.
func (m *maker) feedbacks(units *roll) []lap {
	out := make([]lap, 0, len(m.now))
	for _, r := range m.now {
		i := m.of(r)
		sent, from := time.Time{}, time.Time{}
		for n := range i.Orders {
			o := &i.Orders[n]
			sent, from = earlier(sent, o.Sent), earlier(from, m.begins(o))
		}
		if isValid(i) && !sent.IsZero() {
			out = append(out, newLap(r, units.of(i.Unit), from, i.Feedback))
		}
	}
	return out
}

// earlier is the earlier of two times, of which zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// speed sorts times into buckets.
func (m *maker) speed(name string, laps []lap, bounds []int64, absent Field) Speed {
	if absent != "" {
		return Speed{Absent: absent, Buckets: []Bucket{}}
	}
	in := make([][]ref, len(bounds)+1)
	var noted, wrong []ref
	for _, l := range laps {
		switch l.how {
		case unknown:
			noted = append(noted, l.ref)
		case disorder:
			wrong = append(wrong, l.ref)
		case whole:
			k, _ := slices.BinarySearchFunc(bounds, l.took, func(s int64, d time.Duration) int { return cmp.Compare(time.Duration(s)*time.Second, d) })
			in[k] = append(in[k], l.ref)
		}
	}
	out := Speed{All: m.count(name, refsOf(laps)), Unknown: m.count(name+"/unknown", noted), Disorder: m.count(name+"/disorder", wrong), Pace: pace(laps)}
	over := int64(0)
	for k, refs := range in {
		bucket := Bucket{OverS: over}
		end := ""
		if k < len(bounds) {
			to := bounds[k]
			bucket.ToS, end = &to, strconv.FormatInt(to, 10)
		}
		bucket.Count = m.count(name+"/"+strconv.FormatInt(over, 10)+"-"+end, refs)
		if out.N > 0 {
			bucket.Percent = 100 * float64(bucket.N) / float64(out.N)
		}
		out.Buckets = append(out.Buckets, bucket)
		if bucket.ToS != nil {
			over = *bucket.ToS
		}
	}
	return out
}

// pace takes the nearest ranks of the times that are known.
func pace(laps []lap) Pace {
	took := make([]time.Duration, 0, len(laps))
	for _, l := range laps {
		if l.how == whole {
			took = append(took, l.took)
		}
	}
	n := len(took)
	if n == 0 {
		return Pace{}
	}
	slices.Sort(took)
	return Pace{N: n, P50S: seconds(took[(n+1)/2-1]), P90S: seconds(took[(9*n+9)/10-1])}
}

// units makes a row for each unit, and names the slow ones. Each order has a sign-off, known or not.
func (m *maker) units(units *roll, signs, departs, feedbacks []lap) {
	unit := func(i *Incident) string { return i.Unit }
	received, valid := m.group(m.now, unit), m.group(m.those(m.now, isValid), unit)
	open := m.group(m.those(m.now, func(i *Incident) bool { return i.Open }), unit)
	for u := range received {
		units.of(u)
	}
	signed, departed, fed := units.split(signs), units.split(departs), units.split(feedbacks)
	m.b.Units = make([]Row, 0, len(units.ids))
	for _, u := range slices.Sorted(slices.Values(units.ids)) {
		n, key := units.of(u), "unit/"+word(u)+"/"
		r := Row{Unit: u, Name: m.Units[u], Received: m.count(key+"received", received[u]), Orders: m.count(key+"orders", refsOf(signed[n]))}
		if m.lacks(States) == "" {
			v, o := m.count(key+"valid", valid[u]), m.count(key+"unfinished", open[u])
			r.Valid, r.Open = &v, &o
		}
		if m.b.Sign.Absent == "" {
			r.Sign = pace(signed[n])
		}
		if m.b.Depart.Absent == "" {
			r.Depart = pace(departed[n])
		}
		if m.b.Feedback.Absent == "" {
			r.Feedback = pace(fed[n])
		}
		m.b.Units = append(m.b.Units, r)
	}
	m.b.Slow = []Slow{
		m.slow("sign", func(r Row) Pace { return r.Sign }), m.slow("depart", func(r Row) Pace { return r.Depart }),
		m.slow("feedback", func(r Row) Pace { return r.Feedback }),
	}
}

// split sorts laps by the number of their unit.
func (r *roll) split(laps []lap) [][]lap {
	ends := make([]int, len(r.ids)+1)
	for _, l := range laps {
		ends[l.unit+1]++
	}
	for u := range r.ids {
		ends[u+1] += ends[u]
	}
	all, next := make([]lap, len(laps)), slices.Clone(ends)
	for _, l := range laps {
		all[next[l.unit]] = l
		next[l.unit]++
	}
	out := make([][]lap, len(r.ids))
	for u := range out {
		out[u] = all[ends[u]:ends[u+1]]
	}
	return out
}

func refsOf(laps []lap) []ref {
	out := make([]ref, len(laps))
	for k, l := range laps {
		out[k] = l.ref
	}
	return out
}

// slow orders the units of one speed, the slowest first. Those with few times are left out: one late order is no pace.
func (m *maker) slow(of string, p func(Row) Pace) Slow {
	out := Slow{Of: of, Units: []SlowUnit{}}
	for _, r := range m.b.Units {
		if own := p(r); r.Unit != "" && own.N >= m.AtLeast {
			out.Units = append(out.Units, SlowUnit{Unit: r.Unit, Name: r.Name, Pace: own})
		}
	}
	slices.SortStableFunc(out.Units, func(a, b SlowUnit) int {
		return cmp.Or(cmp.Compare(*b.P90S, *a.P90S), cmp.Compare(*b.P50S, *a.P50S))
	})
	out.Units = out.Units[:min(m.Most, len(out.Units))]
	return out
}
