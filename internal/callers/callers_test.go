package callers_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"shuniu/internal/callers"
	"shuniu/internal/osm"
)

func town(t testing.TB, lang string) *callers.Ground {
	t.Helper()
	x, err := osm.ReadFile(context.Background(), "../../testdata/worlds/lanhu.osm", osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g, err := callers.GroundOf(x, lang)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func zone(t testing.TB) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func generator(t testing.TB, o callers.Options) *callers.Generator {
	t.Helper()
	if o.Ground == nil {
		o.Ground = town(t, "zh")
	}
	if o.Zone == nil {
		o.Zone = zone(t)
	}
	g, err := callers.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// tally counts the calls of some days from the first of January 2030 on.
func tally(t testing.TB, g *callers.Generator, against *callers.Book, days int, s callers.Surge) *callers.Tally {
	t.Helper()
	sum := callers.NewTally(against, zone(t))
	from := time.Date(2030, 1, 1, 0, 0, 0, 0, zone(t))
	var buf []callers.Call
	for m := from; m.Before(from.AddDate(0, 0, days)); m = m.Add(time.Minute) {
		buf = g.Minute(buf[:0], m, s)
		sum.Add(buf)
	}
	return sum
}

// The figures in the file are those that were published: whoever changes one must find another source.
func TestPublishedFigures(t *testing.T) {
	b, err := callers.Load()
	if err != nil {
		t.Fatal(err)
	}
	groups := map[string]float64{}
	for _, g := range b.Groups {
		groups[g.ID] = g.Share
	}
	if want := map[string]float64{"traffic": .30, "crime_order": .10, "non_police": .20, "invalid": .30, "other": .10}; !reflect.DeepEqual(groups, want) {
		t.Errorf("Guangzhou published %v for 2015, the file says %v", want, groups)
	}
	counted := map[string]float64{}
	for _, c := range b.Categories {
		if c.Source == "city2011" {
			counted[c.ID] = c.Count
		}
	}
	want := map[string]float64{"crime": 1625, "order": 720, "help": 5066, "dispute": 8097, "report": 2244, "fire": 579, "traffic": 6722}
	if !reflect.DeepEqual(counted, want) {
		t.Errorf("the other city published %v, the file says %v", want, counted)
	}
}

// A year of calls has the published shares, hours and days; printed as one table.
func TestYearHasThePublishedShares(t *testing.T) {
	b, err := callers.Load()
	if err != nil {
		t.Fatal(err)
	}
	sum := tally(t, generator(t, callers.Options{Seed: 1}), b, 365, callers.Surge{})
	table := sum.Table()
	var out strings.Builder
	if err := table.Print(&out); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + out.String())
	for _, part := range []string{"group", "category", "type", "hour", "weekday", "month"} {
		if f := table.Fits[part]; f.P < 0.001 || f.Freedom < 4 {
			t.Errorf("%s: chi-square %.1f at %d degrees of freedom, p %.5f: these are other shares", part, f.ChiSquare, f.Freedom, f.P)
		}
	}
	if day := float64(sum.Calls) / 365; day < 690 || day > 710 {
		t.Errorf("%.0f calls a day, want about 700", day)
	}
	for _, r := range table.Rows {
		if r.Part == "rate" && (r.Generated < r.Expected-0.05 || r.Generated > r.Expected+0.1) {
			t.Errorf("%s: %.3f, expected %.3f", r.Name, r.Generated, r.Expected)
		}
	}
}

// The test above can fail: a year made with other shares, hours or weekdays is not taken for the published one.
func TestOtherSharesAreSeen(t *testing.T) {
	b, err := callers.Load()
	if err != nil {
		t.Fatal(err)
	}
	text := callers.SharesText()
	for part, change := range map[string][2]string{
		"group":    {"{id: traffic, share: 0.30, source: guangzhou2015}\n  - {id: crime_order, share: 0.10", "{id: traffic, share: 0.29, source: guangzhou2015}\n  - {id: crime_order, share: 0.11"},
		"category": {"count: 8097", "count: 7000"},
		"type":     {"{id: crash, category: traffic, weight: 14", "{id: crash, category: traffic, weight: 16"},
		"hour":     {"weights: [5, 3, 2, 2, 2, 2, 4, 6, 7, 8", "weights: [5, 3, 2, 2, 2, 2, 7, 6, 7, 8"},
		"weekday":  {"weights: [11, 10, 10, 10, 12, 9, 8]", "weights: [12, 10, 10, 10, 11, 9, 8]"},
	} {
		other := strings.Replace(text, change[0], change[1], 1)
		if other == text {
			t.Errorf("%s: the file has no %q", part, change[0])
			continue
		}
		changed, err := callers.ReadBook([]byte(other))
		if err != nil {
			t.Fatal(err)
		}
		table := tally(t, generator(t, callers.Options{Seed: 1, Book: changed}), b, 365, callers.Surge{}).Table()
		if f := table.Fits[part]; f.P > 0.001 {
			t.Errorf("%s: with other shares chi-square is %.1f and p %.3f: the test would not see it", part, f.ChiSquare, f.P)
		}
	}
}

func TestSameSeedSameCalls(t *testing.T) {
	ground := town(t, "zh")
	at := time.Date(2030, 6, 7, 18, 0, 0, 0, zone(t))
	make1 := func(seed uint64, s callers.Surge) (out []callers.Call) {
		g := generator(t, callers.Options{Seed: seed, Ground: ground})
		for m := range 60 {
			out = g.Minute(out, at.Add(time.Duration(m)*time.Minute), s)
		}
		return out
	}
	one := make1(1, callers.Surge{})
	if !reflect.DeepEqual(one, make1(1, callers.Surge{})) {
		t.Error("the same seed gave other calls")
	}
	if reflect.DeepEqual(one, make1(2, callers.Surge{})) {
		t.Error("another seed gave the same calls")
	}
	storm := make1(1, callers.Surge{Kind: "storm", Factor: 10})
	for i := range one {
		if !slices.ContainsFunc(storm, func(c callers.Call) bool { return reflect.DeepEqual(c, one[i]) }) {
			t.Errorf("the storm took away %s, which is of an ordinary day", one[i].ID())
		}
	}
	ids := map[string]bool{}
	for i := range storm {
		if id := storm[i].ID(); ids[id] {
			t.Errorf("two calls are %s", id)
		} else {
			ids[id] = true
		}
	}
}

func TestSurgeChangesRateAndMix(t *testing.T) {
	b, err := callers.Load()
	if err != nil {
		t.Fatal(err)
	}
	rows := func(s callers.Surge) (map[string]float64, int) {
		sum := tally(t, generator(t, callers.Options{Seed: 3}), b, 20, s)
		out := map[string]float64{}
		for _, r := range sum.Table().Rows {
			if r.Part == "type" {
				out[r.Name] = r.Generated
			}
		}
		return out, sum.Calls
	}
	plain, n := rows(callers.Surge{})
	for _, s := range []callers.Surge{{Kind: "none", Factor: 10}, {Kind: "storm", Factor: 10}, {Kind: "festival", Factor: 10}} {
		mixed, many := rows(s)
		if f := float64(many) / float64(n); f < 9 || f > 11 {
			t.Errorf("%v: %.1f times the calls of an ordinary day", s, f)
		}
		grows := map[string]string{"storm": "gas/fire", "festival": "missing/help"}[s.Kind]
		if grows != "" && mixed[grows] < 2*plain[grows] {
			t.Errorf("%v: %s is %.4f of all, on an ordinary day %.4f", s, grows, mixed[grows], plain[grows])
		}
	}
	for _, bad := range []callers.Surge{{Kind: "war", Factor: 2}, {Factor: -1}, {Factor: 1000}} {
		if b.Check(bad) == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}

// Every type has hundreds of ways to be told, and callers of one event do not repeat each other.
func TestWordsVary(t *testing.T) {
	for lang, least := range map[string]int{"zh": 300, "en": 12} {
		g := generator(t, callers.Options{Seed: 5, Ground: town(t, lang), PerDay: 100_000})
		said := map[string]map[string]bool{}
		count := map[string]int{}
		same := 0
		var buf []callers.Call
		at := time.Date(2030, 6, 7, 12, 0, 0, 0, zone(t))
		for m := range 24 * 60 {
			buf = g.Minute(buf[:0], at.Add(time.Duration(m)*time.Minute), callers.Surge{})
			for i := range buf {
				c := &buf[i]
				if c.Kind == callers.Silent || c.Kind == callers.Abandoned {
					if c.Narrative != "" || c.Place != "" {
						t.Fatalf("nobody spoke, and said %q at %q", c.Narrative, c.Place)
					}
					continue
				}
				if c.Narrative == "" || strings.ContainsAny(c.Narrative, "[]{}|") || c.Kind == callers.Normal && c.Place == "" {
					t.Fatalf("%+v", c)
				}
				name := string(c.Type) + string(c.Kind)
				if said[name] == nil {
					said[name] = map[string]bool{}
				}
				said[name][c.Narrative] = true
				count[name]++
				if i > 0 && c.Kind != callers.Again && buf[i-1].Event == c.Event && buf[i-1].Narrative == c.Narrative {
					same++
				}
			}
		}
		for name, all := range said {
			if count[name] > 5*least && len(all) < least {
				t.Errorf("%s: %s is said in %d ways only, in %d calls", lang, name, len(all), count[name])
			}
		}
		if same > 50 {
			t.Errorf("%s: %d callers said word for word what the one before had said", lang, same)
		}
	}
}

func TestScenarios(t *testing.T) {
	list := callers.Scenarios()
	want := []string{"knife", "robbery", "burglary", "bomb", "water", "missing", "gather", "dv", "fraud", "crash", "fight", "gas"}
	var got []string
	for _, s := range list {
		got = append(got, s.ID)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("scenarios %v, want %v", got, want)
	}
	at := time.Date(2030, 6, 7, 12, 0, 0, 0, time.UTC)
	for _, lang := range []string{"zh", "en"} {
		g := generator(t, callers.Options{Seed: 5, Ground: town(t, lang)})
		for _, s := range list {
			calls, err := g.Big(s.ID, at)
			if err != nil {
				t.Fatal(err)
			}
			if len(calls) < 3 || len(calls) > 12 || calls[0].At != at || calls[0].Place == "" {
				t.Errorf("%s: %d calls, the first at %v from %q", s.ID, len(calls), calls[0].At, calls[0].Place)
			}
			for i := range calls {
				c := &calls[i]
				if c.Kind != callers.Silent && (c.Narrative == "" || strings.ContainsAny(c.Narrative, "[]{}|\x00")) {
					t.Errorf("%s: %q", c.ID(), c.Narrative)
				}
				if i > 0 && c.At.Before(calls[i-1].At) || c.At.Sub(at) > 15*time.Minute {
					t.Errorf("%s comes at %v", c.ID(), c.At.Sub(at))
				}
			}
		}
	}
	g := generator(t, callers.Options{Seed: 5})
	if _, err := g.Big("war", at); err == nil {
		t.Error("a scenario that does not exist was begun")
	}
	calls, err := g.Big("bomb", at)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(calls[0].Place, "站") {
		t.Errorf("the bag stands at %q; the town has a station", calls[0].Place)
	}
}

// Whatever is wrong with a file of figures is said, and nothing is made of it.
func TestBadBooks(t *testing.T) {
	text := callers.SharesText()
	for name, change := range map[string][2]string{
		"shares that do not sum":    {"{id: traffic, share: 0.30", "{id: traffic, share: 0.40"},
		"an unknown source":         {"share: 0.30, source: guangzhou2015", "share: 0.30, source: hearsay"},
		"no reason":                 {`why: "no day stands out"`, `why: ""`},
		"a short curve":             {"weights: [10, 10, 10, 10, 10, 10, 10]}", "weights: [10, 10]}"},
		"an unknown curve":          {"hours: traffic, week: work, months: even, callers: [62", "hours: tide, week: work, months: even, callers: [62"},
		"an unknown category":       {"{id: crash, category: traffic", "{id: crash, category: sky"},
		"a field nobody knows":      {"per_day: {calls", "per_day: {cals"},
		"a share that is no number": {"{id: traffic, share: 0.30", "{id: traffic, share: .nan"},
		"a weight below 0":          {"weights: [10, 10, 10, 10, 10, 10, 10]}", "weights: [10, 10, 10, -10, 10, 10, 10]}"},
		"no chance":                 {"again: 0.10, scene: 42m", "again: 1.5, scene: 42m"},
		"no callers":                {"callers: [62, 22, 10, 4, 2]", "callers: []"},
	} {
		other := strings.Replace(text, change[0], change[1], 1)
		if other == text {
			t.Errorf("%s: the file has no %q", name, change[0])
		}
		if _, err := callers.ReadBook([]byte(other)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func BenchmarkMinute(b *testing.B) {
	for name, s := range map[string]callers.Surge{"plain": {}, "storm": {Kind: "storm", Factor: 10}} {
		b.Run(name, func(b *testing.B) {
			g := generator(b, callers.Options{Seed: 1})
			at := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
			var buf []callers.Call
			n := 0
			for b.Loop() {
				buf = g.Minute(buf[:0], at, s)
				n += len(buf)
				at = at.Add(time.Minute)
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "calls/s")
		})
	}
}

func ExampleGenerator_Big() {
	x, err := osm.ReadFile(context.Background(), "../../testdata/worlds/lanhu.osm", osm.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	ground, err := callers.GroundOf(x, "zh")
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := callers.New(callers.Options{Ground: ground, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	calls, err := g.Big("knife", time.Date(2030, 6, 7, 20, 0, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(calls[0].Priority, calls[0].Narrative)
	// Output: P1 有人拿刀砍人！一个穿黑衣服的男的，砍倒一个，还在追！
}
