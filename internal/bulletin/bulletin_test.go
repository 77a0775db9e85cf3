package bulletin_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shuniu/internal/bulletin"
	"shuniu/internal/fault"
)

func at(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05", text)
	if err != nil {
		panic(err)
	}
	return t
}

// sent is an order at a time, signed for and departed so many seconds later; below 0 never.
func sent(crew, unit string, t time.Time, signed, departed int) bulletin.Order {
	o := bulletin.Order{Crew: crew, Unit: unit, Sent: t}
	if signed >= 0 {
		o.Signed = t.Add(time.Duration(signed) * time.Second)
	}
	if departed >= 0 {
		o.Departed = t.Add(time.Duration(departed) * time.Second)
	}
	return o
}

// week is a small week of two stations, with its week before.
func week() []bulletin.Incident {
	mon := at("2030-06-10 00:00:00")
	return []bulletin.Incident{
		{ID: "1", Received: mon.Add(-time.Second), Taken: "theft", Unit: "st1", State: "closed", Place: "A"}, // The week before.
		{
			ID: "2", Received: mon, Taken: "theft", Fed: "fraud", Unit: "st1", State: "closed", Place: "A", Feedback: mon.Add(30 * time.Minute),
			Orders: []bulletin.Order{sent("101", "st1", mon, 30, 300), sent("201", "st2", mon, 31, 301)},
		},
		{
			ID: "3", Received: mon.Add(time.Hour), Taken: "theft", Unit: "st1", State: "in_work", Open: true, Place: "B",
			Orders: []bulletin.Order{sent("101", "st1", mon.Add(time.Hour), 181, -1)},
		},
		{ID: "4", Received: mon.Add(2 * time.Hour), Taken: "noise", Unit: "st2", State: "invalid", Void: "invalid"},
		{
			ID: "5", Received: mon.Add(7*24*time.Hour - time.Second), Taken: "noise", Fed: "noise", Unit: "st2", State: "reported_back", Open: true, Place: "A",
			Feedback: mon.Add(8 * 24 * time.Hour), Orders: []bulletin.Order{sent("201", "st2", mon.Add(7*24*time.Hour), -1, 10)},
		},
		{ID: "6", Received: mon.Add(7 * 24 * time.Hour), Taken: "noise", Unit: "st2"}, // The week after.
	}
}

func weekOptions() bulletin.Options {
	return bulletin.Options{From: at("2030-06-10 00:00:00"), To: at("2030-06-17 00:00:00"), Since: at("2030-06-03 00:00:00")}
}

func made(t *testing.T, incidents []bulletin.Incident, o bulletin.Options) *bulletin.Bulletin {
	t.Helper()
	b, err := bulletin.Make(incidents, o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// ids are the incidents behind a number, with the crew of orders.
func ids(t *testing.T, b *bulletin.Bulletin, key string) string {
	t.Helper()
	items, ok := b.List(key)
	if !ok {
		t.Fatalf("nothing is kept under %q", key)
	}
	var out []string
	for _, i := range items {
		out = append(out, strings.TrimSuffix(i.Incident+":"+i.Crew, ":"))
	}
	return strings.Join(out, " ")
}

// Every number of a small week, by what is behind it.
func TestWeek(t *testing.T) {
	b := made(t, week(), weekOptions())
	for key, want := range map[string]string{
		"received": "2 3 4 5", "valid": "2 3 5", "void/invalid": "4",
		"sign": "2:101 2:201 3:101 5:201", "sign/0-30": "2:101", "sign/30-60": "2:201", "sign/60-120": "", "sign/180-": "3:101", "sign/unknown": "5:201",
		"depart/0-300": "2:101 5:201", "depart/300-600": "2:201", "depart/unknown": "3:101",
		"feedback": "2 3 5", "feedback/0-1800": "2", "feedback/14400-": "5", "feedback/unknown": "3",
		"unfinished": "3 5", "unfinished/state/in_work": "3", "unfinished/unit/st2/reported_back": "5",
		"taken/theft": "2 3", "taken/noise": "5", "fed/fraud": "2", "fed/-": "3", "categories_differ": "2",
		"place/A": "2 5", "place/B": "3", "places/rest": "",
		"unit/st1/received": "2 3", "unit/st2/valid": "5", "unit/st2/orders": "2:201 5:201", "unit/st1/unfinished": "3",
	} {
		if got := ids(t, b, key); got != want {
			t.Errorf("%s counts %q, want %q", key, got, want)
		}
	}
	if _, ok := b.List("sign/1-2"); ok {
		t.Error("a number that there is not opens")
	}
	if c := b.Received.Before; c.N == nil || *c.N != 1 || c.Percent == nil || *c.Percent != 300 {
		t.Errorf("against the week before: %+v, want 1 and +300 %%", c)
	}
	if c := b.Received.Year; c.N != nil || c.Percent != nil || c.Absent != bulletin.NoRecords {
		t.Errorf("against a year of which nothing is known: %+v", c)
	}
	if p := b.Sign.Pace; p.N != 3 || *p.P50S != 31 || *p.P90S != 181 {
		t.Errorf("sign-off %d times, %v, %v", p.N, *p.P50S, *p.P90S)
	}
	var rising []string
	for _, r := range b.Rising {
		rising = append(rising, fmt.Sprintf("%s %s +%d %s", r.Of, r.Code, r.More, r.Before.Absent))
	}
	if want := "category theft +1 , category noise +1 none_then, place A +1 , place B +1 none_then"; strings.Join(rising, ", ") != want {
		t.Errorf("rising: %q, want %q", rising, want)
	}
}

// Bounds belong to the bucket below them; the first moment after does not.
func TestBounds(t *testing.T) {
	from := at("2030-06-10 00:00:00")
	for _, tt := range []struct {
		took time.Duration
		key  string
	}{
		{0, "sign/0-30"},
		{30 * time.Second, "sign/0-30"},
		{30*time.Second + time.Nanosecond, "sign/30-60"},
		{60 * time.Second, "sign/30-60"},
		{120 * time.Second, "sign/60-120"},
		{180 * time.Second, "sign/120-180"},
		{180*time.Second + time.Nanosecond, "sign/180-"},
		{-time.Nanosecond, "sign/disorder"},
	} {
		b := made(t, []bulletin.Incident{{ID: "1", Received: from, Orders: []bulletin.Order{{Crew: "c", Sent: from, Signed: from.Add(tt.took)}}}},
			bulletin.Options{From: from, To: from.Add(time.Hour)})
		if got := ids(t, b, tt.key); got != "1:c" {
			t.Errorf("%v is not in %s", tt.took, tt.key)
		}
	}
}

// Departure and feedback count from the signature where the centre says so; sign-off never does.
func TestStart(t *testing.T) {
	o := weekOptions()
	o.Start = bulletin.FromSigned
	b := made(t, week(), o)
	if got := ids(t, b, "depart/0-300"); got != "2:101 2:201" { // 270 s each.
		t.Errorf("departure from the signature: %q", got)
	}
	if got := ids(t, b, "depart/unknown"); got != "3:101 5:201" {
		t.Errorf("without a signature or a departure: %q", got)
	}
	if *b.Feedback.P50S != 1770 || b.Feedback.N != 1 || b.Start != bulletin.FromSigned {
		t.Errorf("feedback from the first signature: %+v", b.Feedback.Pace)
	}
	if got := ids(t, b, "sign/0-30"); got != "2:101" {
		t.Errorf("sign-off: %q", got)
	}
}

// Nobody drives to an order that is stacked behind another: its departure counts from when the crew could turn to it, its
// signature from the order all the same.
func TestStackedOrder(t *testing.T) {
	from := at("2030-06-10 00:00:00")
	for _, start := range []bulletin.Start{bulletin.FromSent, bulletin.FromSigned} {
		o := sent("c", "st1", from, 20, 1000)
		o.Turned = from.Add(900 * time.Second)
		b := made(t, []bulletin.Incident{{ID: "1", Received: from, Orders: []bulletin.Order{o}}}, bulletin.Options{From: from, To: from.Add(time.Hour), Start: start})
		if *b.Depart.P50S != 100 || *b.Sign.P50S != 20 {
			t.Errorf("from %s: departure after %v s, signature after %v s", start, *b.Depart.P50S, *b.Sign.P50S)
		}
	}
}

// One unit's bulletin has its incidents, and the orders of its crews wherever they went.
func TestOneUnit(t *testing.T) {
	o := weekOptions()
	o.Unit, o.Within = "bureau", []string{"st2"}
	b := made(t, week(), o)
	for key, want := range map[string]string{"received": "4 5", "valid": "5", "sign": "2:201 5:201", "feedback": "5"} {
		if got := ids(t, b, key); got != want {
			t.Errorf("%s counts %q, want %q", key, got, want)
		}
	}
}

// What the records do not hold is absent with its reason, not 0.
func TestAbsent(t *testing.T) {
	o := weekOptions()
	o.Lacks = []bulletin.Field{bulletin.Signatures, bulletin.Feedbacks, bulletin.FedTypes, bulletin.States, bulletin.Streets}
	b := made(t, week(), o)
	if b.Sign.Absent != bulletin.Signatures || b.Sign.P50S != nil || b.Feedback.Absent != bulletin.Feedbacks || b.Valid.Absent != bulletin.States ||
		b.Open.Absent != bulletin.States || b.Fed.Absent != bulletin.FedTypes || b.Places.Absent != bulletin.Streets || b.Changed != nil || b.Basis != "received" {
		t.Errorf("absent: %+v", b)
	}
	if b.Depart.Absent != "" || b.Units[0].Valid != nil || b.Units[0].Sign.P50S != nil {
		t.Errorf("departure is there, valid of a unit is not: %+v %+v", b.Depart, b.Units[0])
	}
	for _, key := range []string{"sign", "valid", "feedback", "unfinished", "fed/-", "place/A"} {
		if _, ok := b.List(key); ok {
			t.Errorf("%s opens although it is absent", key)
		}
	}
	o.Start = bulletin.FromSigned
	if b = made(t, week(), o); b.Depart.Absent != bulletin.Signatures {
		t.Errorf("departure from signatures that there are not: %q", b.Depart.Absent)
	}
}

// The periods that a bulletin is compared with, by the centre's days.
func TestPeriods(t *testing.T) {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	day := func(y int, m time.Month, d, h int) time.Time { return time.Date(y, m, d, h, 0, 0, 0, zone) }
	for _, tt := range []struct {
		name                string
		p, before, lastYear bulletin.Period
	}{
		{
			"a week after the clocks went forward is a week of days",
			bulletin.Period{From: day(2030, 3, 11, 0), To: day(2030, 3, 18, 0)},
			bulletin.Period{From: day(2030, 3, 4, 0), To: day(2030, 3, 11, 0)},
			bulletin.Period{From: day(2029, 3, 11, 0), To: day(2029, 3, 18, 0)},
		},
		{
			"a shift is as long by the hour",
			bulletin.Period{From: day(2030, 6, 10, 8), To: day(2030, 6, 10, 20)},
			bulletin.Period{From: day(2030, 6, 9, 20), To: day(2030, 6, 10, 8)},
			bulletin.Period{From: day(2029, 6, 10, 8), To: day(2029, 6, 10, 20)},
		},
		{
			"the 29th of February has the 28th before it",
			bulletin.Period{From: day(2032, 2, 29, 0), To: day(2032, 3, 1, 0)},
			bulletin.Period{From: day(2032, 2, 28, 0), To: day(2032, 2, 29, 0)},
			bulletin.Period{From: day(2031, 2, 28, 0), To: day(2031, 3, 1, 0)},
		},
	} {
		if got := tt.p.Before(); !got.From.Equal(tt.before.From) || !got.To.Equal(tt.before.To) {
			t.Errorf("%s: before it is %v", tt.name, got)
		}
		if got := tt.p.YearBefore(); !got.From.Equal(tt.lastYear.From) || !got.To.Equal(tt.lastYear.To) {
			t.Errorf("%s: a year before it is %v", tt.name, got)
		}
	}
	if p := bulletin.LastDays(day(2030, 3, 18, 9), 7, zone); !p.From.Equal(day(2030, 3, 11, 0)) || !p.To.Equal(day(2030, 3, 18, 0)) {
		t.Errorf("the last seven days: %v", p)
	}
}

// A growth against nothing is no number.
func TestNoneThen(t *testing.T) {
	o := weekOptions()
	b := made(t, week()[1:], o)
	if c := b.Received.Before; c.N == nil || *c.N != 0 || c.Percent != nil || c.Absent != bulletin.NoneThen {
		t.Errorf("against an empty week: %+v", c)
	}
	if b = made(t, nil, o); b.Received.N != 0 || b.Sign.P50S != nil || len(b.Units) != 0 {
		t.Errorf("a week without anything: %+v", b)
	}
}

func TestRefusals(t *testing.T) {
	for name, change := range map[string]func(*bulletin.Options){
		"no period":         func(o *bulletin.Options) { o.To = o.From },
		"an unknown start":  func(o *bulletin.Options) { o.Start = "arrived" },
		"a negative list":   func(o *bulletin.Options) { o.Most = -1 },
		"no bound":          func(o *bulletin.Options) { o.Buckets = &bulletin.Buckets{} },
		"bounds not rising": func(o *bulletin.Options) { b := bulletin.UsualBuckets(); b.SignS = []int64{30, 30}; o.Buckets = &b },
		"a bound of 0":      func(o *bulletin.Options) { b := bulletin.UsualBuckets(); b.DepartS = []int64{0, 30}; o.Buckets = &b },
		"a bound of ages": func(o *bulletin.Options) {
			b := bulletin.UsualBuckets()
			b.FeedbackS = []int64{1 << 62}
			o.Buckets = &b
		},
	} {
		o := weekOptions()
		change(&o)
		_, err := bulletin.Make(week(), o)
		var refused *fault.Error
		if !errors.As(err, &refused) || refused.Kind != fault.Invalid || refused.Remedy == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever the incidents are: each speed's parts sum to its whole, and the units' rows to the whole bulletin.
func TestPartsSumToTheWhole(t *testing.T) {
	from := at("2030-06-10 00:00:00")
	rapid.Check(t, func(r *rapid.T) {
		b, err := bulletin.Make(anyIncidents(r, from), bulletin.Options{
			From: from, To: from.AddDate(0, 0, 7), Since: from.AddDate(-2, 0, 0), Most: rapid.IntRange(1, 4).Draw(r, "most"),
			Start: rapid.SampledFrom([]bulletin.Start{bulletin.FromSent, bulletin.FromSigned}).Draw(r, "start"),
		})
		if err != nil {
			r.Fatal(err)
		}
		for _, s := range []bulletin.Speed{b.Sign, b.Depart, b.Feedback} {
			known := 0
			for _, bucket := range s.Buckets {
				known += bucket.N
			}
			if known != s.N || known+s.Unknown.N+s.Disorder.N != s.All.N {
				r.Fatalf("%s: %d in buckets, %d known, %d unknown, %d in disorder of %d", s.All.Key, known, s.N, s.Unknown.N, s.Disorder.N, s.All.N)
			}
			if s.N > 0 && *s.P50S > *s.P90S {
				r.Fatalf("%s: the median %v is above the ninth decile %v", s.All.Key, *s.P50S, *s.P90S)
			}
		}
		var received, valid, open, orders, sign, depart, feedback int
		for _, u := range b.Units {
			received, valid, open, orders = received+u.Received.N, valid+u.Valid.N, open+u.Open.N, orders+u.Orders.N
			sign, depart, feedback = sign+u.Sign.N, depart+u.Depart.N, feedback+u.Feedback.N
		}
		got := fmt.Sprint(received, valid, open, orders, sign, depart, feedback)
		if want := fmt.Sprint(b.Received.N, b.Valid.N, b.Open.All.N, b.Sign.All.N, b.Sign.N, b.Depart.N, b.Feedback.N); got != want {
			r.Fatalf("the units sum to %s, the whole is %s", got, want)
		}
		if sum(b.Taken.Rows) != b.Valid.N || sum(b.Fed.Rows) != b.Valid.N || sum(b.Places.Rows)+b.Places.Rest.N != b.Valid.N ||
			sum(b.Open.States) != b.Open.All.N || sum(b.Void) != b.Received.N-b.Valid.N {
			r.Fatalf("a table does not sum to its whole: %+v", b)
		}
	})
}

func sum(rows []bulletin.Share) int {
	n := 0
	for _, s := range rows {
		n += s.N
	}
	return n
}

func anyIncidents(r *rapid.T, from time.Time) []bulletin.Incident {
	moment := func(name string) time.Time {
		if rapid.Bool().Draw(r, name+" known") {
			return from.Add(time.Duration(rapid.IntRange(-10*86400, 10*86400).Draw(r, name)) * time.Second)
		}
		return time.Time{}
	}
	one := func(list ...string) string { return rapid.SampledFrom(list).Draw(r, "one") }
	var out []bulletin.Incident
	for k := range rapid.IntRange(0, 12).Draw(r, "incidents") {
		i := bulletin.Incident{
			ID: fmt.Sprint(k), Received: moment("received"), Void: one("", "", "invalid", "merged"), Taken: one("", "a", "b"), Fed: one("", "a", "b"),
			Place: one("", "p", "q", "r"), Unit: one("", "st1", "st2"), State: one("in_work", "closed"), Open: rapid.Bool().Draw(r, "open"), Feedback: moment("feedback"),
		}
		for range rapid.IntRange(0, 3).Draw(r, "orders") {
			o := bulletin.Order{Crew: "c", Unit: one("", "st1", "st3"), Sent: moment("sent"), Signed: moment("signed"), Departed: moment("departed")}
			i.Orders = append(i.Orders, o)
		}
		out = append(out, i)
	}
	return slices.Clip(out)
}
