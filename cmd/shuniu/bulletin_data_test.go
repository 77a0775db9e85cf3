package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/journal"
	"shuniu/internal/sqlite"
)

// book is a centre at work whose clock the test turns. Its records go into a journal of its own.
type book struct {
	house   *joint.House
	codec   *journal.Codec
	now     time.Time
	records []journal.Record
	t       testing.TB
}

func newBook(t testing.TB, now time.Time) *book {
	t.Helper()
	codec, err := joint.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	k := &book{house: joint.NewHouse(nil), codec: codec, now: now.UTC(), t: t}
	k.do(now, joint.OpenWorld{World: cad.Live, Centre: jointtest.Centre})
	c := jointtest.Charter(jointtest.Centre)
	c.Settings.ForgetAfterDays = 0
	k.do(now, joint.Configure{Charter: c})
	return k
}

// do decides a command at a moment, which must not be refused, and folds and keeps its facts.
func (k *book) do(now time.Time, c joint.Command) {
	k.t.Helper()
	k.now = now.UTC()
	out, err := joint.Decide(k.house, c, joint.Moment{Now: k.now, Actor: "p12"})
	if err != nil {
		k.t.Fatalf("%s: %v", c.Verb(), err)
	}
	commit := int64(k.house.Seq) + 1
	for i, f := range out.Facts {
		r := journal.Record{Seq: k.house.Seq + 1, Commit: commit, Index: i, At: k.now, Happened: k.now, HappenedFrom: cad.FromClock, Centre: jointtest.Centre, Actor: "p12"}
		if err := k.codec.Encode(&r, f); err != nil {
			k.t.Fatal(err)
		}
		if err := k.house.Evolve(k.codec, f, r.Stamp()); err != nil {
			k.t.Fatal(err)
		}
		k.records = append(k.records, r)
	}
}

// folder writes the records down as a service would have, and gives the data folder.
func (k *book) folder() string {
	k.t.Helper()
	dir := k.t.TempDir()
	store, err := sqlite.Open(k.t.Context(), filepath.Join(dir, "journal.db"), sqlite.Options{Centre: jointtest.Centre, ReserveBytes: -1})
	if err != nil {
		k.t.Fatal(err)
	}
	epoch, _, err := store.Begin(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	after := cad.Seq(0)
	for part := range slices.Chunk(k.records, 5000) {
		if err := store.Append(k.t.Context(), epoch, after, part, nil); err != nil {
			k.t.Fatal(err)
		}
		after = part[len(part)-1].Seq
	}
	if err := store.Close(); err != nil {
		k.t.Fatal(err)
	}
	return dir
}

func about(id cad.IncidentID, name string, c incident.Command) joint.AboutIncident {
	return joint.AboutIncident{ID: id, Name: name, Cmd: c}
}

// kept is a week of the made-up centre, with a day of the week before.
func kept(t *testing.T) *book {
	zone := zoneOf("Asia/Shanghai")
	day := func(d, h, m, s int) time.Time { return time.Date(2030, 5, d, h, m, s, 0, zone) }
	words := cad.Sealed{Subject: "incident:i1", Slot: 1, Box: []byte("words")}
	west, east := jointtest.At(-1000, 0), jointtest.At(1000, 0)
	k := newBook(t, day(0-1, 0, 0, 0)) // The 29th of April, a Monday.
	after := func(at time.Time, s int, c joint.Command) { k.do(at.Add(time.Duration(s)*time.Second), c) }
	say := func(u cad.UnitID, to string) joint.SayUnit { return joint.SayUnit{Unit: u, To: to} }

	k.do(day(0, 9, 0, 0), joint.Receive{ID: "i1", Source: incident.Phone, Type: "theft", Priority: cad.P3, Place: west, Street: "Mill Road"})
	k.do(day(0, 9, 5, 0), about("i1", "invalid", incident.Invalidate{ID: "i1", Text: words}))
	for _, u := range []cad.UnitID{"211", "221", "101"} {
		k.do(day(5, 12, 0, 0), say(u, "available"))
	}

	mon := day(6, 0, 0, 0)
	k.do(mon, joint.Receive{ID: "i2", Source: incident.Phone, Type: "theft", Priority: cad.P3, Place: west, Street: "Mill Road"})
	after(mon, 60, dispatch.Send{Incident: "i2", Units: []cad.UnitID{"211"}, IDs: []cad.AssignmentID{"211@i2"}})
	after(mon, 80, say("211", "acknowledged"))
	after(mon, 180, say("211", "en_route"))
	after(mon, 360, say("211", "on_scene"))
	after(mon, 60+1800, about("i2", "feedback", incident.GiveFeedback{ID: "i2", Kind: incident.First, Type: "noise"}))
	after(mon, 7200, about("i2", "feedback", incident.GiveFeedback{ID: "i2", Kind: incident.Final, Result: "settled"}))
	after(mon, 7200, say("211", "available"))
	after(mon, 7300, about("i2", "review", incident.Review{ID: "i2"}))
	after(mon, 7400, about("i2", "close", incident.Close{ID: "i2"}))

	tue := day(7, 12, 0, 0)
	k.do(tue, joint.Receive{ID: "i3", Source: incident.Phone, Type: "noise", Priority: cad.P4, Place: east, Street: "Tower Street"})
	after(tue, 5, dispatch.Send{Incident: "i3", Units: []cad.UnitID{"221"}, IDs: []cad.AssignmentID{"221@i3"}, Way: assignment.LevelTwo})
	after(tue, 5+31, say("221", "desk_signed"))
	after(tue, 5+200, say("221", "acknowledged"))
	after(tue, 5+301, say("221", "en_route"))
	after(tue, 310, dispatch.Send{Incident: "i3", Units: []cad.UnitID{"101"}, IDs: []cad.AssignmentID{"101@i3"}})
	after(tue, 320, dispatch.Recall{Incident: "i3", Units: []cad.UnitID{"101"}}) // Before it signed.
	after(tue, 400, joint.Receive{ID: "i4", Source: incident.Phone, Type: "noise", Priority: cad.P4, Place: east, Street: "Tower Street"})
	after(tue, 410, joint.Merge{ID: "i4", Into: "i3"})

	sun := day(12, 23, 59, 59)
	k.do(sun, joint.Receive{ID: "i5", Source: incident.Phone, Type: "knife", Priority: cad.P1, Place: west})
	after(sun, 1, dispatch.Send{Incident: "i5", Units: []cad.UnitID{"221"}, IDs: []cad.AssignmentID{"221@i5"}, Stack: true})
	after(sun, 11, joint.SayUnit{Unit: "221", To: "acknowledged", Incident: "i5"})
	after(sun, 601, say("221", "clear")) // Of the first order; it turns to the second.
	after(sun, 661, say("221", "en_route"))
	k.do(day(13, 0, 15, 0), joint.Receive{ID: "i6", Source: incident.Phone, Type: "noise", Priority: cad.P4, Place: west})
	return k
}

// A whole run on a journal: an incident that was closed, one at level two, one that was merged, an order that was stacked,
// one that was invalid, and what came a moment too late.
func TestBulletinOfADataFolder(t *testing.T) {
	args := []string{"--data", kept(t).folder(), "--from", "2030-05-06", "--to", "2030-05-13"}
	b := bulletinOf(t, args...)
	if b.Zone != "Asia/Shanghai" || b.Basis != "valid" || b.Sign.Absent != "" || b.Feedback.Absent != "" {
		t.Errorf("the paper is of %s days and %s incidents: %+v", b.Zone, b.Basis, b)
	}
	for key, want := range map[string]string{
		"received": "2 3 4 5", "valid": "2 3 5", "void/merged": "4", "unfinished": "3 5",
		"sign/0-30": "2 211, 5 221", "sign/30-60": "3 221", "sign/unknown": "3 101", "depart/unknown": "3 101", "depart/0-300": "2 211, 5 221", "depart/300-600": "3 221",
		"feedback/0-1800": "2", "feedback/unknown": "3 5", "taken/theft": "2", "fed/noise": "2", "categories_differ": "2",
		"place/Mill Road": "2", "unit/st1/received": "2 5", "unit/st1/orders": "2 211", "unit/st2/orders": "3 221, 5 221",
	} {
		lines := strings.Split(strings.TrimSpace(must(t, append([]string{"bulletin", "--list", key}, args...)...)), "\n")
		sep := " "
		if strings.Contains(want, ",") || strings.Count(lines[0], " ") > 0 {
			sep = ", "
		}
		if got := strings.Join(lines, sep); got != want {
			t.Errorf("%s counts %q, want %q", key, got, want)
		}
	}
	if p := b.Depart; *p.P50 != 120 || *p.P90 != 301 || p.Known != 3 { // 60 s after it could turn to the stacked one, 120 s and 301 s.
		t.Errorf("departure: %+v", p)
	}
	if c := b.Received.Before; c.N == nil || *c.N != 1 || *c.Percent != 300 {
		t.Errorf("received in the week before: %+v", c)
	}
	if c := b.Valid.Before; c.N == nil || *c.N != 0 || c.Percent != nil || c.Absent != "none_then" {
		t.Errorf("valid in the week before: %+v", c)
	}
	if c := b.Valid.Year; c.N != nil || c.Absent != "no_records" {
		t.Errorf("valid in the year before: %+v", c)
	}
	if s := bulletinOf(t, append(args, "--start", "signed")...); *s.Depart.P50 != 100 || *s.Feedback.P50 != 1780 {
		t.Errorf("from the signature: %+v %+v", s.Depart, s.Feedback)
	}
	if s := bulletinOf(t, append(args, "--unit", "East")...); s.Received.N != 2 || s.Sign.All.N != 2 {
		t.Errorf("the East: %+v", s)
	}
	text := must(t, append([]string{"bulletin", "--text", "--unit", "st1"}, args...)...)
	for _, want := range []string{"（West，2030年5月6日0时至2030年5月13日0时）", "共接报警情2起，环比上升100.0%（上期1起）", "theft 1起（50.0%"} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper does not say %q:\n%s", want, text)
		}
	}
	last := bulletinOf(t, args[:2]...)
	if from := time.Date(2030, 5, 6, 0, 0, 0, 0, zoneOf("Asia/Shanghai")); !last.From.Equal(from) || last.Received.N != 4 {
		t.Errorf("the usual period begins %v with %d", last.From, last.Received.N)
	}
	for want, bad := range map[string][]string{
		"no journal":  {"bulletin", "--data", t.TempDir()},
		"two sources": {"bulletin", "--data", args[1], "--centre", "centres/yunze"},
	} {
		if code, _, errs := shuniu(t, bad...); code != 2 || !strings.Contains(errs, want) || !strings.Contains(errs, "what to do") {
			t.Errorf("%v ended with %d: %s", bad, code, errs)
		}
	}
}

// The bulletin of a city that ran for a while says what a replay of its whole house says.
func TestBulletinOfADemo(t *testing.T) {
	t.Chdir("../..")
	dir := t.TempDir()
	s := start(t, "demo", "--city", "town", "--addr", "127.0.0.1:0", "--data", dir, "--speed", "600")
	s.stop()
	store, err := sqlite.Open(t.Context(), filepath.Join(dir, "journal.db"), sqlite.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	codec, err := joint.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	h := joint.NewHouse(nil)
	for r, err := range store.Read(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Replay(codec, r); err != nil {
			t.Fatal(err)
		}
	}
	valid, open, known, fast := 0, 0, 0, 0
	for _, i := range h.Incidents {
		if i.Phase != incident.Invalid && i.Phase != incident.Merged {
			valid++
		}
		if i.Open() {
			open++
		}
	}
	for _, a := range h.Assignments {
		if signed := a.AcknowledgedAt; !signed.IsZero() {
			known++
			if signed.Sub(a.DispatchedAt) <= 30*time.Second {
				fast++
			}
		}
	}
	b := bulletinOf(t, "--data", dir, "--from", h.At.AddDate(0, 0, -3).Format(time.RFC3339), "--to", h.At.Add(time.Second).Format(time.RFC3339))
	got := fmt.Sprint(b.Received.N, b.Valid.N, b.Open.All.N, b.Sign.All.N, b.Sign.Known, b.Sign.Buckets[0].N)
	if want := fmt.Sprint(len(h.Incidents), valid, open, len(h.Assignments), known, fast); got != want || known == 0 {
		t.Errorf("received, valid, unfinished, orders, signed, in 30 s: %s, a replay says %s", got, want)
	}
}

// BenchmarkBulletinOfADataFolder reads 5,000 incidents, each with the thirteen or so records of an ordinary life, and makes
// their bulletin, without a digest.
func BenchmarkBulletinOfADataFolder(b *testing.B) {
	const incidents = 5000
	k := newBook(b, time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	at := k.now
	k.do(at, joint.SayUnit{Unit: "211", To: "available"})
	for n := range incidents {
		id, order := cad.IncidentID("i"+strconv.Itoa(n)), cad.AssignmentID("a"+strconv.Itoa(n))
		k.do(at, joint.Receive{ID: id, Source: incident.Phone, Type: "theft", Priority: cad.P3, Place: jointtest.At(-1000, 0), Street: "Mill Road " + strconv.Itoa(n%97)})
		k.do(at.Add(20*time.Second), dispatch.Send{Incident: id, Units: []cad.UnitID{"211"}, IDs: []cad.AssignmentID{order}})
		for s, to := range []string{"acknowledged", "en_route", "on_scene"} {
			k.do(at.Add(time.Duration(40+100*s)*time.Second), joint.SayUnit{Unit: "211", To: to})
		}
		k.do(at.Add(10*time.Minute), about(id, "feedback", incident.GiveFeedback{ID: id, Kind: incident.Final, Result: "settled", Type: "theft"}))
		k.do(at.Add(10*time.Minute), joint.SayUnit{Unit: "211", To: "clear"})
		k.do(at.Add(10*time.Minute), about(id, "review", incident.Review{ID: id}))
		k.do(at.Add(10*time.Minute), about(id, "close", incident.Close{ID: id}))
		at = at.Add(11 * time.Minute)
	}
	dir := k.folder()
	if info, err := os.Stat(filepath.Join(dir, "journal.db")); err == nil {
		b.Logf("%d records, %d MiB", len(k.records), info.Size()>>20)
	}
	for b.Loop() {
		_ = os.Remove(filepath.Join(dir, "bulletin.digest")) // The first reading is measured; there is none after a short one.
		r, err := readJournal(b.Context(), dir, func(string, ...any) {})
		if err != nil || len(r.incidents) != incidents {
			b.Fatal(err, len(r.incidents))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N)*250_000/incidents, "ms/250000")
}
