package demand_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shuniu/internal/demand"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

var monday = time.Date(2030, 1, 7, 0, 0, 0, 0, time.UTC)

// town draws four weeks of calls: a busy middle, quiet edges, evenings twice as busy as the rest of the day.
func town(seed uint64, weeks int) []demand.Event {
	chance := rand.New(rand.NewPCG(seed, 1))
	var out []demand.Event
	for hour := range weeks * demand.HoursOfWeek {
		mean := 4.0
		if h := hour % 24; h >= 18 && h < 22 {
			mean = 8
		}
		for range poisson(chance, mean) {
			east, north := chance.NormFloat64()*1500, chance.NormFloat64()*1500
			out = append(out, demand.Event{
				At:    monday.Add(time.Duration(hour)*time.Hour + time.Duration(chance.IntN(3600))*time.Second),
				Place: geo.Point{Lon: 121.47, Lat: 31.23}.Offset(east, north),
				By:    demand.Caller,
			})
		}
	}
	return out
}

func poisson(chance *rand.Rand, mean float64) int {
	n, left := 0, math.Exp(-mean)
	for p := chance.Float64(); p > left; p *= chance.Float64() {
		n++
	}
	return n
}

func span(weeks int) demand.Options {
	return demand.Options{From: monday, To: monday.Add(time.Duration(weeks) * demand.HoursOfWeek * time.Hour)}
}

// All calls of the time looked at are expected again in as much time, at the hours and the places where they were.
func TestFit(t *testing.T) {
	events := town(1, 4)
	m := demand.Fit(events, span(4))
	var week float64
	for _, perHour := range m.Hours() {
		week += perHour
	}
	if want := float64(len(events)) / 4; math.Abs(week-want) > 1e-6*want {
		t.Errorf("a week brings %g calls, not %g", week, want)
	}
	evening, morning := m.Total(monday.Add(20*time.Hour)), m.Total(monday.Add(9*time.Hour))
	if evening < 1.6*morning || evening > 2.4*morning {
		t.Errorf("evenings bring %g calls an hour, mornings %g", evening, morning)
	}
	sum := 0.0
	for _, w := range m.Weights(monday.Add(20 * time.Hour)) {
		if !(w > 0) {
			t.Fatalf("a square expects %g calls", w)
		}
		sum += w
	}
	if math.Abs(sum-evening) > 1e-9*evening {
		t.Errorf("the squares expect %g, the town %g", sum, evening)
	}
	middle, ok := m.Index(geo.Point{Lon: 121.47, Lat: 31.23}.Offset(100, 100))
	edge, ok2 := m.Index(geo.Point{Lon: 121.47, Lat: 31.23}.Offset(3600, 100))
	if !ok || !ok2 || m.PerHour()[middle] < 4*m.PerHour()[edge] {
		t.Errorf("the middle and the edge: %v %v", ok, ok2)
	}
	if _, ok := m.Index(geo.Point{Lon: 2, Lat: 48}); ok {
		t.Error("a place on another continent lies in the map")
	}
}

// Drawn towards its neighbours, a map of one month foretells another month better than the bare counts, and than a flat map.
func TestShrinkageForetellsBetter(t *testing.T) {
	m := demand.Fit(town(1, 4), span(4))
	next := town(2, 4)
	bare := make([]float64, len(m.Cells()))
	for _, e := range town(1, 4) {
		i, _ := m.Index(e.Place)
		bare[i] += 1.0 / (4 * demand.HoursOfWeek)
	}
	var seen []int
	for _, e := range next {
		if i, ok := m.Index(e.Place); ok {
			seen = append(seen, i)
		}
	}
	score := func(rate []float64) float64 { // Log likelihood of a Poisson field, up to a constant.
		sum := 0.0
		for _, r := range rate {
			sum -= r * 4 * demand.HoursOfWeek
		}
		for _, i := range seen {
			sum += math.Log(max(rate[i], 1e-6))
		}
		return sum
	}
	flat := make([]float64, len(bare))
	for i := range flat {
		flat[i] = float64(len(next)) / (4 * demand.HoursOfWeek) / float64(len(flat))
	}
	ours, raw, even := score(m.PerHour()), score(bare), score(flat)
	if ours < raw+50 || ours < even+50 {
		t.Errorf("ours %g, bare counts %g, flat %g", ours, raw, even)
	}
}

// The same events in another order give the same bits; what officers began, or what is unusable, changes none of them.
func TestFitIgnores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calls := town(rapid.Uint64().Draw(t, "seed"), 1)
		want := demand.Fit(calls, span(1))
		mixed := slices.Clone(calls)
		officers := rapid.IntRange(0, 300).Draw(t, "officers")
		for range officers {
			mixed = append(mixed, demand.Event{At: monday.Add(time.Hour), Place: geo.Point{Lon: 121.49, Lat: 31.2}, By: demand.Officer})
		}
		broken := []demand.Event{
			{At: monday, Place: geo.Point{Lon: math.NaN(), Lat: 31}, By: demand.Caller},
			{Place: geo.Point{Lon: 121.47, Lat: 31.23}, By: demand.Caller},
			{At: monday, Place: geo.Point{Lon: 121.47, Lat: 31.23}},
			{At: monday.Add(-time.Second), Place: geo.Point{Lon: 121.47, Lat: 31.23}, By: demand.Caller},
			{At: monday, Place: geo.Point{}, By: demand.Caller},
		}
		mixed = append(mixed, broken[:4]...)
		chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 2))
		chance.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		got := demand.Fit(mixed, span(1))
		if !reflect.DeepEqual(got.PerHour(), want.PerHour()) || got.Hours() != want.Hours() {
			t.Fatal("the map changed")
		}
		if s := got.Source(); s.OfficerLeftOut != officers || s.Unusable != 4 || s.Calls != len(calls) {
			t.Fatalf("counted %+v of %d calls and %d officers' events", s, len(calls), officers)
		}
	})
}

func TestFitOfNothing(t *testing.T) {
	for _, events := range [][]demand.Event{nil, {{At: monday, Place: geo.Point{Lon: 1, Lat: 1}, By: demand.Officer}}} {
		m := demand.Fit(events, demand.Options{})
		if len(m.Cells()) != 0 || m.Total(monday) != 0 || len(m.Weights(monday)) != 0 {
			t.Errorf("%d cells, %g calls", len(m.Cells()), m.Total(monday))
		}
	}
	far := []demand.Event{
		{At: monday, Place: geo.Point{Lon: 10, Lat: 50}, By: demand.Caller},
		{At: monday, Place: geo.Point{Lon: 10, Lat: 50}, By: demand.Caller},
		{At: time.Date(1, 1, 1, 1, 0, 0, 0, time.UTC), Place: geo.Point{Lon: -170, Lat: -90}, By: demand.Caller},
		{At: time.Date(9999, 1, 1, 1, 0, 0, 0, time.UTC), Place: geo.Point{Lon: 10, Lat: 50}, By: demand.Caller},
	}
	m := demand.Fit(far, demand.Options{SquareMeters: math.NaN(), Ground: []geo.Point{{Lon: 10.01, Lat: 50}, {Lon: math.NaN()}}})
	if m.Source().Calls != 3 || m.Source().Unusable != 1 || len(m.Cells()) != 2 || !(m.Total(monday) > 0) {
		t.Errorf("%+v, %d cells, %g", m.Source(), len(m.Cells()), m.Total(monday))
	}
}

// A file gives the very map back.
func TestCSV(t *testing.T) {
	events := append(town(3, 1), demand.Event{At: monday, By: demand.Officer})
	zone := time.FixedZone("UTC", 0)
	m := demand.Fit(events, demand.Options{Zone: zone})
	var file bytes.Buffer
	if err := m.WriteCSV(&file); err != nil {
		t.Fatal(err)
	}
	text := file.String()
	got, err := demand.ReadCSV(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.PerHour(), m.PerHour()) || !reflect.DeepEqual(got.Cells(), m.Cells()) || got.Hours() != m.Hours() || got.Source() != m.Source() {
		t.Errorf("%+v became %+v", m.Source(), got.Source())
	}
	var again bytes.Buffer
	if err := got.WriteCSV(&again); err != nil || again.String() != text {
		t.Errorf("it is written in another way: %v", err)
	}
}

func TestReadCSVRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"":                                  "line 1",
		"lon,lat,rate\n1,2,3\n":             "line 1",
		demand.Columns + "\ncell,1,2\n":     "line 2",
		demand.Columns + "\ncell,1,2,NaN\n": "line 2", demand.Columns + "\ncell,1,2,-1\n": "line 2", demand.Columns + "\ncell,1,2,1e999\n": "line 2",
		demand.Columns + "\ncell,1,2,1\ncell,1,2,1\n": "line 3", demand.Columns + "\ncell,1,2,1\ncell,9,2,1\n": "line 3",
		demand.Columns + "\ncell,NaN,2,1\n": "line 2", demand.Columns + "\ncell,181,2,1\n": "line 2", demand.Columns + "\ncell,1,90,1\n": "line 2",
		demand.Columns + "\nhour:168,,,1\n": "line 2", demand.Columns + "\nhour:,,,1\n": "line 2", demand.Columns + "\nhour:3,,,Inf\n": "line 2",
		demand.Columns + "\nzone,,,Mars\n": "line 2", demand.Columns + "\nsquare_m,,,1e-9\n": "line 2", demand.Columns + "\nfrom,,,now\n": "line 2",
		demand.Columns + "\ncalls,,,-3\n": "line 2", demand.Columns + "\nweather,,,3\n": "line 2", demand.Columns + "\n\"cell\n": "line 2",
	} {
		_, err := demand.ReadCSV(strings.NewReader(text))
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
	m, err := demand.ReadCSV(strings.NewReader("\ufeff" + demand.Columns + "\ncell,121.5,31.2,3\ncell,121.6,31.2,0\n"))
	if err != nil || m.Total(monday) != 3 || len(m.Cells()) != 2 {
		t.Errorf("by hand: %v", err)
	}
}

// What was taken can be read; whatever is read never ends the program.
func FuzzReadCSV(f *testing.F) {
	f.Add(demand.Columns + "\ncell,121.5,31.2,3\nhour:3,,,2\nzone,,,UTC\n")
	f.Add(demand.Columns + "\norigin,180,85,\nsquare_m,,,50\ncell,-180,-85,1e9\nhour:0,,,1e9\n")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := demand.ReadCSV(strings.NewReader(text))
		if err != nil {
			return
		}
		var file bytes.Buffer
		if err := m.WriteCSV(&file); err != nil {
			t.Fatal(err)
		}
		m.Weights(monday)
	})
}
