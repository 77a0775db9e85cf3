package callers

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"
)

// Tally counts calls and lays them beside the published figures. Make it with NewTally and give it whole events.
type Tally struct {
	book *Book
	zone *time.Location

	Calls  int
	Events int
	Kinds  map[Kind]int

	groups, categories, types counts // Of calls.
	hours, weekdays           counts // Of first calls.
	months                    counts
	ring15, rings             int
	wrong, places             int
	scene30, scenes           int
	talk                      time.Duration
	talks                     int
	days                      map[string]bool
	eventShare                []float64 // By type: its part of all events.
}

// counts are numbers by name, with the sum of the squares of what each event added.
type counts struct{ n, squares map[string]float64 }

func newCounts() counts { return counts{map[string]float64{}, map[string]float64{}} }

func (c counts) add(name string, n int) {
	c.n[name] += float64(n)
	c.squares[name] += float64(n * n)
}

// NewTally counts against a book; hours and days are those of a zone, nil for UTC.
func NewTally(b *Book, zone *time.Location) *Tally {
	if zone == nil {
		zone = time.UTC
	}
	t := &Tally{
		book: b, zone: zone, Kinds: map[Kind]int{}, groups: newCounts(), categories: newCounts(), types: newCounts(), hours: newCounts(),
		weekdays: newCounts(), months: newCounts(), days: map[string]bool{},
	}
	sum := 0.0
	for _, x := range b.Types {
		t.eventShare = append(t.eventShare, x.share/x.calls)
		sum += x.share / x.calls
	}
	for i := range t.eventShare {
		t.eventShare[i] /= sum
	}
	return t
}

// Add counts calls as Minute gives them: those of one event together.
func (t *Tally) Add(calls []Call) {
	for i := 0; i < len(calls); {
		k := i + 1
		for k < len(calls) && calls[k].Event == calls[i].Event {
			k++
		}
		t.event(calls[i:k])
		i = k
	}
}

func (t *Tally) event(calls []Call) {
	c := &calls[0]
	t.Calls += len(calls)
	t.Events++
	t.groups.add(c.Group, len(calls))
	t.categories.add(c.Category, len(calls))
	t.types.add(c.typ.Name(), len(calls))
	local := c.At.In(t.zone)
	t.hours.add(hourName(local.Hour()), 1)
	t.weekdays.add(local.Weekday().String(), 1)
	t.months.add(local.Month().String(), 1)
	t.days[local.Format(time.DateOnly)] = true
	for i := range calls {
		t.Kinds[calls[i].Kind]++
		t.times(&calls[i])
	}
	if c.Scene > 0 && c.Kind != Silent && c.Kind != Abandoned {
		t.scenes++
		if c.Scene <= 24*time.Minute { // With six minutes to get there.
			t.scene30++
		}
	}
}

func (t *Tally) times(c *Call) {
	if c.Kind != Abandoned {
		t.rings++
		if c.Ring <= 15*time.Second {
			t.ring15++
		}
	}
	if c.Kind == Normal || c.Kind == WrongPlace {
		t.places++
		if c.N == 0 {
			t.talk += c.Talk
			t.talks++
		}
		if c.Kind == WrongPlace {
			t.wrong++
		}
	}
}

func hourName(h int) string { return two(h) + ":00" }

// What a share that is expected rests on.
const (
	Published = "published" // It was published as it stands.
	Derived   = "derived"   // Published shares of one place, divided by published counts of another.
	Assumed   = "assumed"   // Our own guess; its reason stands beside it.
)

// Row is one line of the table: a share as it is expected and as it came out.
type Row struct {
	Part      string // "group", "category", "type", "hour", "weekday", "month", "rate".
	Name      string
	Count     int     // 0 for rates.
	Expected  float64 // 0 to 1.
	Generated float64
	Source    string // As in the book.
	Why       string // Of an assumption.
}

// basis is what the expected share rests on.
func (r Row) basis() string {
	switch {
	case r.Source == "assumption":
		return Assumed
	case r.Part == "category":
		return Derived
	}
	return Published
}

// basisOf is what the fit of a part rests on: the weakest of what its rows do.
func (t Table) basisOf(part string) string {
	weakest := Published
	for _, r := range t.Rows {
		if b := r.basis(); r.Part == part && (b == Assumed || b == Derived && weakest == Published) {
			weakest = b
		}
	}
	return weakest
}

// Table is every share that was counted beside the expected one, with the fit of each part.
type Table struct {
	Rows []Row
	Fits map[string]Fit // By part; the rates have none.
	book *Book
}

// Table compares. The parts of types, categories and groups are of calls; hours, weekdays and months are of events.
func (t *Tally) Table() Table {
	out := Table{Fits: map[string]Fit{}, book: t.book}
	t.shares(&out)
	t.whens(&out)
	rate := func(name string, published, generated float64, source, why string) {
		out.Rows = append(out.Rows, Row{Part: "rate", Name: name, Expected: published, Generated: generated, Source: source, Why: why})
	}
	part := func(n, of int) float64 { return float64(n) / max(1, float64(of)) }
	rate("wrong place, of reports", t.book.rate("wrong_place"), part(t.wrong, t.places), "assumption", "see wrong_place")
	rate("answered within 15 s, at least", 0.90, part(t.ring15, t.rings), "nena2020", "")
	rate("ready within 30 min, about", 0.35, part(t.scene30, t.scenes), "weekly", "")
	return out
}

func (t *Tally) shares(out *Table) {
	var rows []Row
	for _, g := range t.book.Groups {
		rows = append(rows, Row{Part: "group", Name: g.ID, Expected: g.Share, Source: g.Source})
	}
	out.part(rows, t.groups)
	share := map[string]float64{}
	for _, x := range t.book.Types {
		share[x.Category] += x.share
	}
	rows = nil
	for _, c := range t.book.Categories {
		rows = append(rows, Row{Part: "category", Name: c.ID, Expected: share[c.ID], Source: c.Source})
	}
	out.part(rows, t.categories)
	rows = nil
	for _, x := range t.book.Types {
		rows = append(rows, Row{Part: "type", Name: x.Name(), Expected: x.share, Source: x.Source, Why: x.Why})
	}
	out.part(rows, t.types)
}

// whens compares hours, weekdays and months: each type has its own curve, so the whole is their mixture. Months and
// weekdays count as often as they came.
func (t *Tally) whens(out *Table) {
	var hours [24]float64
	var weekdays [7]float64
	var months [12]float64
	for i, x := range t.book.Types {
		var ofMonth, ofDay float64
		var byMonth [12]float64
		var byDay [7]float64
		for day := range t.days {
			d, err := time.Parse(time.DateOnly, day)
			if err != nil {
				continue
			}
			m, w := int(d.Month())-1, (int(d.Weekday())+6)%7
			p := x.day[w] * x.month[m]
			byMonth[m] += p
			byDay[w] += p
			ofMonth += p
			ofDay += p
		}
		for h := range hours {
			hours[h] += t.eventShare[i] * x.hour[h] / 24 * ofDay
		}
		for w := range weekdays {
			weekdays[w] += t.eventShare[i] * byDay[w]
		}
		for m := range months {
			months[m] += t.eventShare[i] * byMonth[m]
		}
	}
	mixed := func(part string, n int, share func(int) float64, name func(int) string, c counts) {
		var rows []Row
		sum := 0.0
		for i := range n {
			sum += share(i)
		}
		for i := range n {
			rows = append(rows, Row{Part: part, Name: name(i), Expected: share(i) / max(sum, 1e-12), Source: "assumption", Why: "the curves of the types, by their shares"})
		}
		out.part(rows, c)
	}
	mixed("hour", 24, func(i int) float64 { return hours[i] }, hourName, t.hours)
	mixed("weekday", 7, func(i int) float64 { return weekdays[i] }, func(i int) string { return time.Weekday((i + 1) % 7).String() }, t.weekdays)
	mixed("month", 12, func(i int) float64 { return months[i] }, func(i int) string { return time.Month(i + 1).String() }, t.months)
}

// part adds rows with what was counted, and the fit of the part.
func (t *Table) part(rows []Row, c counts) {
	total := 0.0
	for _, r := range rows {
		total += c.n[r.Name]
	}
	n, shares, inflate := make([]float64, len(rows)), make([]float64, len(rows)), make([]float64, len(rows))
	for i := range rows {
		r := &rows[i]
		n[i], shares[i], inflate[i] = c.n[r.Name], r.Expected, 1
		if n[i] > 0 {
			inflate[i] = c.squares[r.Name] / n[i]
		}
		r.Count, r.Generated = int(n[i]), n[i]/max(1, total)
	}
	t.Rows = append(t.Rows, rows...)
	if len(rows) > 0 {
		t.Fits[rows[0].Part] = fitOf(n, shares, inflate)
	}
}

// Print writes the table for people: one line a figure, then the fits, then the sources.
func (t Table) Print(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(tw, format+"\n", args...) } // Flush gives its first error.
	line("part\tname\tcalls\tgenerated %%\texpected %%\tbasis\tsource\t")
	for _, r := range t.Rows {
		count := "-"
		if r.Part != "rate" {
			count = strconv.Itoa(r.Count)
		}
		source := r.Source
		if r.Why != "" && r.Source == "assumption" {
			source = r.Why
		}
		line("%s\t%s\t%s\t%.2f\t%.2f\t%s\t%s\t", r.Part, r.Name, count, 100*r.Generated, 100*r.Expected, r.basis(), source)
	}
	line("")
	for _, part := range []string{"group", "category", "type", "hour", "weekday", "month"} {
		if f, ok := t.Fits[part]; ok {
			line("%s\tchi-square %.1f\tfreedom %d\tp %.3f\tagainst what is %s\t", part, f.ChiSquare, f.Freedom, f.P, t.basisOf(part))
		}
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("callers: %w", err)
	}
	for _, s := range t.book.Sources {
		if _, err := fmt.Fprintf(w, "source %s: %s\n", s.ID, t.book.title(s.ID)); err != nil {
			return fmt.Errorf("callers: %w", err)
		}
	}
	return nil
}
