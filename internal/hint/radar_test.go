package hint_test

import (
	"context"
	"flag"
	"math"
	"slices"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/callers"
	"shuniu/internal/centre"
	"shuniu/internal/hint"
	"shuniu/internal/org"
	"shuniu/internal/osm"
)

var fit = flag.Bool("fit", false, "fit the weights of the radar anew and print them")

// city is a centre with the language of its callers. The callers are simulated on the ground of the invented town; those of
// sf speak English and call its types by the names that its centre has.
type city struct {
	name, lang string
	types      map[cad.TypeID]org.Type
	words      *hint.Vocabulary
}

func cityOf(t testing.TB, name, lang string) city {
	t.Helper()
	charter, problems := centre.Load("../../centres/"+name, centre.Options{})
	for _, p := range problems {
		t.Fatal(p)
	}
	c := city{name: name, lang: lang, types: map[cad.TypeID]org.Type{}}
	var spoken []hint.Spoken
	for _, x := range charter.Types {
		c.types[x.ID] = x
		spoken = append(spoken, hint.SpokenOf(x.ID, x.Keywords, x.Synonyms, x.Words))
	}
	c.words = hint.VocabularyOf(spoken)
	return c
}

// typeOf is what a call is in this centre; false if it has no such type.
func (c city) typeOf(k *callers.Call) (org.Type, bool) {
	for _, id := range append([]cad.TypeID{k.Type}, k.Also...) {
		if x, ok := c.types[id]; ok {
			return x, true
		}
	}
	return org.Type{}, false
}

// stream calls f for each call of some days, in the order of their times.
func (c city) stream(t testing.TB, seed uint64, days int, perDay float64, f func(k *callers.Call)) {
	t.Helper()
	x, err := osm.ReadFile(context.Background(), "../../testdata/worlds/lanhu.osm", osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ground, err := callers.GroundOf(x, c.lang)
	if err != nil {
		t.Fatal(err)
	}
	g, err := callers.New(callers.Options{Ground: ground, Seed: seed, PerDay: perDay, Zone: time.FixedZone("", 8*3600)})
	if err != nil {
		t.Fatal(err)
	}
	var all []callers.Call
	from := time.Date(2030, 3, 1, 0, 0, 0, 0, time.UTC)
	for m := from; m.Before(from.AddDate(0, 0, days)); m = m.Add(time.Minute) {
		all = g.Minute(all, m, callers.Surge{})
	}
	slices.SortStableFunc(all, func(a, b callers.Call) int { return a.At.Compare(b.At) })
	for i := range all {
		f(&all[i])
	}
}

// shift is a centre's open incidents while calls come in. Each call that opens an incident is attached to that of its event,
// as somebody who made no mistake would.
type shift struct {
	city
	open  []hint.Known
	event map[cad.IncidentID]time.Time // Until when it is open.
}

// over is how long an incident stays open behind its crew's work: to come there and to report back.
const over = 25 * time.Minute

// hear gives what the radar knows when a call is written down, and takes the call in afterwards. known is false for calls
// of which nothing can be compared.
func (s *shift) hear(k *callers.Call, look func(q *hint.Report, open []hint.Known, same cad.IncidentID)) {
	x, ok := s.typeOf(k)
	if !k.Opens || !ok || k.Kind == callers.Silent || k.Kind == callers.Abandoned {
		return
	}
	s.open = slices.DeleteFunc(s.open, func(o hint.Known) bool { return s.event[o.Incident].Before(k.At) })
	said := k.Said
	q := hint.Report{
		At: k.At, Place: &said, Vague: k.Vague, Type: x.ID, Category: x.Category, Priority: k.Priority, Words: hint.GramsOf(k.Narrative), Number: k.Phone,
	}
	if s.lang == "en" { // Its callers share a hundred numbers that are kept for fiction.
		q.Number = ""
	}
	id := cad.IncidentID(k.Event)
	i := slices.IndexFunc(s.open, func(o hint.Known) bool { return o.Incident == id })
	same := id
	if i < 0 {
		same = ""
	}
	look(&q, s.open, same)
	until := k.At.Add(k.Scene + over)
	if i < 0 {
		s.open = append(s.open, hint.Known{Incident: id, Report: q, Numbers: []string{q.Number}, Last: k.At})
		s.event[id] = until
		return
	}
	s.open[i].Last = k.At
	s.open[i].Numbers = append(s.open[i].Numbers, q.Number)
}

// figures are how good the radar was.
type figures struct {
	again, found, first, shown, right, quiet, alarms, openSum int
}

func (f figures) precision() float64 { return float64(f.right) / float64(max(f.shown, 1)) }
func (f figures) recall() float64    { return float64(f.found) / float64(max(f.again, 1)) }

func (c city) radar(t testing.TB, seed uint64, days int, perDay float64) (f figures) {
	t.Helper()
	s := shift{city: c, event: map[cad.IncidentID]time.Time{}}
	c.stream(t, seed, days, perDay, func(k *callers.Call) {
		s.hear(k, func(q *hint.Report, open []hint.Known, same cad.IncidentID) {
			found := hint.Duplicates(q, open)
			f.shown += len(found)
			f.openSum += len(open)
			if same == "" {
				f.quiet++
				if len(found) > 0 {
					f.alarms++
				}
				return
			}
			f.again++
			if i := slices.IndexFunc(found, func(x hint.Same) bool { return x.Incident == same }); i >= 0 {
				f.found++
				f.right++
				if i == 0 {
					f.first++
				}
			}
		})
	})
	return f
}

// The radar shows nearly every second call its incident, and most of what it shows is right: under a seed that its weights
// were not fitted to, with the types and languages of both centres, on an ordinary day and on one with five times the calls. The
// callers are of the same maker and the same town as those of TestFit: this holds the figures, it proves nothing of real calls.
func TestRadar(t *testing.T) {
	for _, tt := range []struct {
		city, lang        string
		perDay            float64
		precision, recall float64
	}{
		{"yunze", "zh", 700, 0.80, 0.90},
		{"yunze", "zh", 3500, 0.75, 0.85},
		{"sf", "en", 700, 0.80, 0.85},
		{"sf", "en", 3500, 0.70, 0.85},
	} {
		f := cityOf(t, tt.city, tt.lang).radar(t, 42, 8, tt.perDay)
		t.Logf("%s, %.0f calls a day, shown from %.2f: %d second calls, precision %.3f, recall %.3f, first in the list %.3f; %d of %d first calls show something; %.1f open",
			tt.city, tt.perDay, hint.Shown, f.again, f.precision(), f.recall(), float64(f.first)/float64(max(f.again, 1)), f.alarms, f.quiet, float64(f.openSum)/float64(f.quiet+f.again))
		if f.precision() < tt.precision || f.recall() < tt.recall {
			t.Errorf("%s at %.0f: precision %.3f and recall %.3f, want %.2f and %.2f", tt.city, tt.perDay, f.precision(), f.recall(), tt.precision, tt.recall)
		}
	}
}

// TestFit prints weights that are fitted anew by gradient descent: go test ./internal/hint -run TestFit -fit -v
func TestFit(t *testing.T) {
	if !*fit {
		t.Skip("it fits weights only when asked with -fit")
	}
	type pair struct {
		x    []float64
		same bool
	}
	var pairs []pair
	for _, c := range []city{cityOf(t, "yunze", "zh"), cityOf(t, "sf", "en")} {
		for seed := range uint64(3) {
			s := shift{city: c, event: map[cad.IncidentID]time.Time{}}
			c.stream(t, 1000+seed, 6, []float64{700, 1500, 2500}[seed], func(k *callers.Call) {
				s.hear(k, func(q *hint.Report, open []hint.Known, same cad.IncidentID) {
					for i := range open {
						pairs = append(pairs, pair{hint.Weigh(q, &open[i]), open[i].Incident == same})
					}
				})
			})
		}
	}
	w := hint.Weights()
	for step := range 400 {
		g := make([]float64, len(w))
		for _, p := range pairs {
			sum := 0.0
			for i, x := range p.x {
				sum += w[i] * x
			}
			e := 1 / (1 + math.Exp(-sum))
			if p.same {
				e--
			}
			for i, x := range p.x {
				g[i] += e * x
			}
		}
		same := 0.0
		for _, p := range pairs {
			if p.same {
				same++
			}
		}
		rate := 0.5
		for i := range w {
			w[i] -= rate * (g[i]/same + 0.0005*w[i])
		}
		if step%100 == 0 {
			t.Logf("%d: %.2f", step, w)
		}
	}
	t.Logf("%d pairs: %.2f", len(pairs), w)
}
