package bulletin

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"
)

// lap is one time of a speed.
type lap struct {
	ref
	unit     string
	from, to time.Time
}

func (l lap) known() bool { return !l.from.IsZero() && !l.to.IsZero() }

func (l lap) took() time.Duration { return l.to.Sub(l.from) }

// speeds measures orders and feedback, whole and by unit. An order belongs to the period of its incident.
func (m *maker) speeds(p Period) {
	signs, departs, orders := []lap{}, []lap{}, []lap{}
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
			l := lap{ref: ref{int32(k), int32(n)}, unit: o.Unit, from: o.Sent}
			orders = append(orders, l)
			l.to = o.Signed
			signs = append(signs, l)
			l.to = o.Departed
			if m.Start == FromSigned {
				l.from = o.Signed
			}
			if !l.from.IsZero() && o.Turned.After(l.from) {
				l.from = o.Turned
			}
			departs = append(departs, l)
		}
	}
	feedbacks := m.feedbacks()
	need := func(f Field) []Field { return []Field{f} }
	after := need
	if m.Start == FromSigned {
		after = func(f Field) []Field { return []Field{f, Signatures} }
	}
	b := m.b
	b.Sign = m.speed("sign", signs, m.Buckets.SignS, m.lacks(need(Signatures)...))
	b.Depart = m.speed("depart", departs, m.Buckets.DepartS, m.lacks(after(Departures)...))
	b.Feedback = m.speed("feedback", feedbacks, m.Buckets.FeedbackS, m.lacks(after(Feedbacks)...))
	m.units(orders, signs, departs, feedbacks)
}

// feedbacks are the times until somebody first fed back, of the valid incidents that somebody was sent to.
func (m *maker) feedbacks() []lap {
	out := []lap{}
	for _, r := range m.now {
		i := m.of(r)
		sent, from := time.Time{}, time.Time{}
		for _, o := range i.Orders {
			sent = earlier(sent, o.Sent)
			start := o.Sent
			if m.Start == FromSigned {
				start = o.Signed
			}
			from = earlier(from, start)
		}
		if isValid(i) && !sent.IsZero() {
			out = append(out, lap{ref: r, unit: i.Unit, from: from, to: i.Feedback})
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
	all, unknown, disorder := make([]ref, 0, len(laps)), []ref{}, []ref{}
	in := make([][]ref, len(bounds)+1)
	for _, l := range laps {
		all = append(all, l.ref)
		switch took := l.took(); {
		case !l.known():
			unknown = append(unknown, l.ref)
		case took < 0:
			disorder = append(disorder, l.ref)
		default:
			k, _ := slices.BinarySearchFunc(bounds, took, func(s int64, d time.Duration) int { return cmp.Compare(time.Duration(s)*time.Second, d) })
			in[k] = append(in[k], l.ref)
		}
	}
	out := Speed{All: m.count(name, all), Unknown: m.count(name+"/unknown", unknown), Disorder: m.count(name+"/disorder", disorder), Pace: pace(laps)}
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
		if l.known() && l.took() >= 0 {
			took = append(took, l.took())
		}
	}
	n := len(took)
	if n == 0 {
		return Pace{}
	}
	slices.Sort(took)
	return Pace{N: n, P50S: seconds(took[(n+1)/2-1]), P90S: seconds(took[(9*n+9)/10-1])}
}

// units makes a row for each unit, and names the slow ones.
func (m *maker) units(orders, signs, departs, feedbacks []lap) {
	rows := map[string]*Row{}
	row := func(unit string) *Row {
		if rows[unit] == nil {
			rows[unit] = &Row{Unit: unit, Name: m.Units[unit]}
		}
		return rows[unit]
	}
	unit := func(i *Incident) string { return i.Unit }
	received, valid := m.group(m.now, unit), m.group(m.those(m.now, isValid), unit)
	open := m.group(m.those(m.now, func(i *Incident) bool { return i.Open }), unit)
	sent, signed, departed, fed := byUnit(orders), byUnit(signs), byUnit(departs), byUnit(feedbacks)
	for u := range received {
		row(u)
	}
	for u := range sent {
		row(u)
	}
	m.b.Units = make([]Row, 0, len(rows))
	for _, u := range slices.Sorted(maps.Keys(rows)) {
		r, key := rows[u], "unit/"+word(u)+"/"
		r.Received, r.Orders = m.count(key+"received", received[u]), m.count(key+"orders", refsOf(sent[u]))
		if m.lacks(States) == "" {
			v, o := m.count(key+"valid", valid[u]), m.count(key+"unfinished", open[u])
			r.Valid, r.Open = &v, &o
		}
		if m.b.Sign.Absent == "" {
			r.Sign = pace(signed[u])
		}
		if m.b.Depart.Absent == "" {
			r.Depart = pace(departed[u])
		}
		if m.b.Feedback.Absent == "" {
			r.Feedback = pace(fed[u])
		}
		m.b.Units = append(m.b.Units, *r)
	}
	m.b.Slow = []Slow{
		m.slow("sign", func(r Row) Pace { return r.Sign }), m.slow("depart", func(r Row) Pace { return r.Depart }),
		m.slow("feedback", func(r Row) Pace { return r.Feedback }),
	}
}

func byUnit(laps []lap) map[string][]lap {
	out := map[string][]lap{}
	for _, l := range laps {
		out[l.unit] = append(out[l.unit], l)
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
