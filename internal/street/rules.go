package street

import (
	"slices"
	"strings"
)

// chainMax is how many pieces of street a rule may reach over.
const chainMax = 64

// chain is a run of courses that nobody may drive in a row: where one comes from, what lies in between, and where one
// may not go.
type chain struct {
	courses  []course
	excepted bool // Emergency vehicles may.
}

// ruled is what the rules say about leaving the last of a run of courses.
type ruled struct {
	before   []course
	no, only []said
}

type said struct {
	to       course
	excepted bool
	id       int64
}

// rules reads the restrictions. A rule that does not fit the streets is counted and left out: a wrongly applied one
// would close a street that is open.
func (w *work) rules() []chain {
	if w.profile.IgnoreRestrictions {
		return nil
	}
	var all []*ruled
	at := make(map[string]*ruled)
	for _, r := range w.b.rules {
		no, only := strings.HasPrefix(r.Kind, "no_"), strings.HasPrefix(r.Kind, "only_")
		if !no && !only {
			w.ignore(reasonRuleKind, r.ID)
			continue
		}
		runs, reason := w.fit(r)
		if reason != "" {
			w.ignore(reason, r.ID)
			continue
		}
		w.report.RestrictionsApplied++
		for _, run := range runs {
			before, s := run[:len(run)-1], said{to: run[len(run)-1], excepted: r.ExceptEmergency, id: r.ID}
			key := keyOf(before)
			if at[key] == nil {
				at[key] = &ruled{before: before}
				all = append(all, at[key])
			}
			if no {
				at[key].no = append(at[key].no, s)
			} else {
				at[key].only = append(at[key].only, s)
			}
		}
	}
	var out []chain
	for _, r := range all {
		w.settle(r)
		out = append(out, w.forbidden(r)...)
	}
	return out
}

func keyOf(run []course) string {
	var b strings.Builder
	for _, c := range run {
		for shift := 0; shift < 32; shift += 8 {
			b.WriteByte(byte(c >> shift))
		}
	}
	return b.String()
}

// settle takes out rules that say the opposite of each other. Believing either would close a street on the word of a
// mistake, so neither is believed.
func (w *work) settle(r *ruled) {
	against := func(s said, others []said) bool {
		return slices.ContainsFunc(others, func(o said) bool { return o.to == s.to })
	}
	no := slices.Clone(r.no)
	r.no = slices.DeleteFunc(r.no, func(s said) bool { return against(s, r.only) })
	r.only = slices.DeleteFunc(r.only, func(s said) bool {
		if !against(s, no) {
			return false
		}
		w.ignore(reasonRuleAgainst, s.id)
		w.report.RestrictionsApplied -= 2
		return true
	})
	w.report.RestrictionsApplied = max(0, w.report.RestrictionsApplied)
}

// forbidden turns rules into chains. Of several only_ rules from one course each names a way that is open.
func (w *work) forbidden(r *ruled) []chain {
	var out []chain
	add := func(to course, excepted bool) {
		out = append(out, chain{courses: append(slices.Clone(r.before), to), excepted: excepted})
	}
	for _, s := range r.no {
		add(s.to, s.excepted)
	}
	if len(r.only) == 0 {
		return out
	}
	for _, c := range w.n.legs(w.n.head(r.before[len(r.before)-1])) {
		if w.n.opened(c) && !slices.ContainsFunc(r.only, func(s said) bool { return s.to == c }) {
			add(c, r.only[0].excepted)
		}
	}
	return out
}

// fit finds the courses that a rule speaks of, each run from the first to the last, or says why it does not fit.
func (w *work) fit(r Restriction) (runs [][]course, reason string) {
	from, knownFrom := w.wayAt[r.From]
	to, knownTo := w.wayAt[r.To]
	if !knownFrom || !knownTo {
		return nil, reasonRuleParts
	}
	if len(r.Ways) > 0 {
		return w.fitChain(r, from, to)
	}
	d, known := w.dense[r.Via]
	if !known || w.vertex[d] < 0 {
		return nil, reasonRuleParts
	}
	var in, out []course
	for _, c := range w.n.legs(w.vertex[d]) {
		if w.segWay[c.segment()] == from && w.n.opened(c^1) {
			in = append(in, c^1)
		}
		if w.segWay[c.segment()] == to && w.n.opened(c) {
			out = append(out, c)
		}
	}
	round := r.From == r.To && strings.HasSuffix(r.Kind, "u_turn")
	for _, a := range in {
		for _, b := range out {
			if !round || b == a^1 {
				runs = append(runs, []course{a, b})
			}
		}
	}
	switch {
	case len(runs) == 0:
		return nil, reasonRuleParts
	case len(runs) > 1 && !round:
		return nil, reasonRuleVague
	}
	return runs, ""
}

// fitChain finds the one run from a way over the ways in between, in their order or the reverse of it.
func (w *work) fitChain(r Restriction, from, to int32) ([][]course, string) {
	ways := make([]int32, 0, len(r.Ways)+1)
	for _, id := range r.Ways {
		i, known := w.wayAt[id]
		if !known || len(ways) >= chainMax {
			return nil, reasonRuleChain
		}
		ways = append(ways, i)
	}
	for range 2 {
		f := finder{w: w, ways: append(slices.Clone(ways), to)}
		for _, c := range w.coursesOf(from) {
			f.extend([]course{c}, 0)
		}
		switch len(f.found) {
		case 0:
		case 1:
			return f.found, ""
		default:
			return nil, reasonRuleVague
		}
		slices.Reverse(ways)
	}
	return nil, reasonRuleChain
}

// coursesOf are the open courses of a way. The segments of a way lie side by side.
func (w *work) coursesOf(way int32) (out []course) {
	i, _ := slices.BinarySearch(w.segWay, way)
	for ; i < len(w.segWay) && w.segWay[i] == way; i++ {
		for _, c := range []course{course(2 * i), course(2*i + 1)} {
			if w.n.opened(c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// finder looks for runs of courses over ways in a given order; the last way is where a run ends.
type finder struct {
	w     *work
	ways  []int32
	found [][]course
	steps int
}

// finderStepsMax bounds the search in a tangle of ways that no honest rule has.
const finderStepsMax = 10_000

// extend goes on from a run whose last course lies on way i-1 (or on the first way of the rule).
func (f *finder) extend(run []course, i int) {
	if f.steps++; f.steps > finderStepsMax || len(run) > chainMax || len(f.found) > 1 {
		return
	}
	last := run[len(run)-1]
	for _, c := range f.w.n.legs(f.w.n.head(last)) {
		if !f.w.n.opened(c) || c == last^1 || slices.Contains(run, c) {
			continue
		}
		next := append(slices.Clone(run), c)
		way := f.w.segWay[c.segment()]
		switch {
		case way == f.ways[i] && i == len(f.ways)-1:
			f.found = append(f.found, next)
		case way == f.ways[i]:
			f.extend(next, i+1)
		case i > 0 && way == f.ways[i-1]:
			f.extend(next, i)
		}
	}
}
