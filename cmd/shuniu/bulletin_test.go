package main

import (
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// paper is what a bulletin says as JSON, as far as the tests look.
type paper struct {
	From, To time.Time
	Zone     string
	Basis    string
	Received compared
	Valid    compared
	Sign     pacePaper
	Depart   pacePaper
	Feedback pacePaper
	Taken    tablePaper `json:"categories_taken"`
	Fed      tablePaper `json:"categories_feedback"`
	Places   tablePaper
	Open     struct {
		Absent string
		All    numbered
		States []sharePaper
	} `json:"unfinished"`
	Units []struct {
		Unit, Name       string
		Received, Orders numbered
		Valid            *numbered
	}
}

type numbered struct {
	Key string
	N   int
}

type otherPeriod struct {
	N       *int
	Percent *float64
	Absent  string
}

type compared struct {
	numbered
	Absent       string
	Before, Year otherPeriod
}

type sharePaper struct {
	Code string
	numbered
	Before otherPeriod
}

type tablePaper struct {
	Absent string
	Rows   []sharePaper
}

type pacePaper struct {
	Absent  string
	All     numbered
	Unknown numbered
	Buckets []numbered
	Known   int
	P50     *float64 `json:"p50_s"`
	P90     *float64 `json:"p90_s"`
}

func bulletinOf(t *testing.T, args ...string) paper {
	t.Helper()
	var p paper
	if err := json.Unmarshal([]byte(must(t, append([]string{"bulletin", "--json"}, args...)...)), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// sfRows are the rows of San Francisco's file as they stand, by the names of their columns. Nothing of ours reads them here.
func sfRows(t *testing.T, dir string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "calls.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := make([]map[string]string, 0, len(all)-1)
	for _, cells := range all[1:] {
		row := map[string]string{}
		for k, name := range all[0] {
			row[name] = cells[k]
		}
		out = append(out, row)
	}
	return out
}

// sfFigures are figures of one period, computed from the rows by the shortest way that there is.
type sfFigures struct {
	calls     int
	orders    int
	unknown   int
	buckets   [5]int // Departure.
	p50, p90  float64
	types     map[string]int // By the file's own word.
	addresses map[string]int
}

func sfCount(t *testing.T, rows []map[string]string, from, to time.Time) sfFigures {
	t.Helper()
	moment := func(text string) time.Time {
		at, err := time.ParseInLocation("01/02/2006 03:04:05 PM", text, from.Location())
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	out := sfFigures{types: map[string]int{}, addresses: map[string]int{}}
	seen, took := map[string]bool{}, []float64{}
	for _, r := range rows {
		if at := moment(r["Received DtTm"]); at.Before(from) || !at.Before(to) {
			continue
		}
		if !seen[r["Call Number"]] {
			seen[r["Call Number"]] = true
			out.calls++
			out.types[r["Call Type"]]++
			out.addresses[r["Address"]]++
		}
		out.orders++
		if r["Response DtTm"] == "" {
			out.unknown++
			continue
		}
		s := moment(r["Response DtTm"]).Sub(moment(r["Dispatch DtTm"])).Seconds()
		took = append(took, s)
		switch {
		case s <= 300:
			out.buckets[0]++
		case s <= 600:
			out.buckets[1]++
		case s <= 900:
			out.buckets[2]++
		case s <= 1800:
			out.buckets[3]++
		default:
			out.buckets[4]++
		}
	}
	slices.Sort(took)
	half, nine := (len(took)+1)/2, (9*len(took)+9)/10
	out.p50, out.p90 = took[half-1], took[nine-1]
	return out
}

// The bulletin of San Francisco's records equals figures that are computed here straight from the file: of all its days, and
// of one day beside the day before.
func TestBulletinOfSanFrancisco(t *testing.T) {
	t.Chdir("../..")
	dir := publicData(t)
	rows := sfRows(t, dir)
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	records := []string{"--calls", filepath.Join(dir, "calls.csv.gz"), "--mapping", "centres/sf/mapping.yaml", "--centre", "centres/sf", "--files", dir}
	for _, days := range [][2]string{{"2016-12-31", "2017-01-07"}, {"2017-01-02", "2017-01-03"}} {
		from, _ := time.ParseInLocation(time.DateOnly, days[0], zone)
		to, _ := time.ParseInLocation(time.DateOnly, days[1], zone)
		period := append(slices.Clone(records), "--from", days[0], "--to", days[1])
		b, want := bulletinOf(t, period...), sfCount(t, rows, from, to)
		if !b.From.Equal(from) || !b.To.Equal(to) || b.Zone != "America/Los_Angeles" || b.Basis != "received" {
			t.Errorf("the period is %v to %v in %s of what was %s", b.From, b.To, b.Zone, b.Basis)
		}
		if b.Received.N != want.calls || b.Depart.All.N != want.orders || b.Depart.Unknown.N != want.unknown || b.Depart.Known != want.orders-want.unknown {
			t.Errorf("%v: %d received, %d orders, %d without a departure; want %d, %d, %d", days, b.Received.N, b.Depart.All.N, b.Depart.Unknown.N, want.calls, want.orders, want.unknown)
		}
		for k, n := range want.buckets {
			if b.Depart.Buckets[k].N != n {
				t.Errorf("%v: %d departed within %s, want %d", days, b.Depart.Buckets[k].N, b.Depart.Buckets[k].Key, n)
			}
		}
		if *b.Depart.P50 != want.p50 || *b.Depart.P90 != want.p90 {
			t.Errorf("%v: departure %v and %v s, want %v and %v", days, *b.Depart.P50, *b.Depart.P90, want.p50, want.p90)
		}
		sfSame(t, b, want)
		received, orders := 0, 0
		for _, u := range b.Units {
			received, orders = received+u.Received.N, orders+u.Orders.N
		}
		if received != want.calls || orders != want.orders {
			t.Errorf("%v: the units sum to %d and %d, want %d and %d", days, received, orders, want.calls, want.orders)
		}
		if b.Sign.Absent != "no_signatures" || b.Feedback.Absent != "no_feedback" || b.Valid.Absent != "no_states" || b.Fed.Absent != "no_fed_categories" || b.Open.Absent != "no_states" {
			t.Errorf("what the records do not hold: %+v", b)
		}
	}
	before, _ := time.ParseInLocation(time.DateOnly, "2017-01-01", zone)
	day, was := bulletinOf(t, append(slices.Clone(records), "--from", "2017-01-02", "--to", "2017-01-03")...), sfCount(t, rows, before, before.AddDate(0, 0, 1))
	if c := day.Received.Before; c.N == nil || *c.N != was.calls || *c.Percent != 100*float64(day.Received.N-was.calls)/float64(was.calls) {
		t.Errorf("the day before is %+v, want %d", c, was.calls)
	}
	if c := day.Received.Year; c.N != nil || c.Percent != nil || c.Absent != "no_records" {
		t.Errorf("the year before is %+v, and nobody has its records", c)
	}
	sfOpens(t, records, rows)
}

// sfSame compares categories and places. Two of the file's words are one category of the mapping only where it says so.
func sfSame(t *testing.T, b paper, want sfFigures) {
	t.Helper()
	codes := map[string]string{
		"Medical Incident": "medical", "Structure Fire": "structure_fire", "Alarms": "alarm", "Traffic Collision": "collision", "Outside Fire": "outside_fire",
		"Electrical Hazard": "electrical", "Citizen Assist / Service Call": "assist", "Water Rescue": "water",
	}
	got := map[string]int{}
	for _, r := range b.Taken.Rows {
		got[r.Code] = r.N
	}
	for name, code := range codes {
		if got[code] != want.types[name] {
			t.Errorf("%d of %s, want %d", got[code], code, want.types[name])
		}
	}
	places := make([]string, 0, len(want.addresses))
	for a := range want.addresses {
		places = append(places, a)
	}
	slices.SortFunc(places, func(a, b string) int {
		return cmp.Or(want.addresses[b]-want.addresses[a], strings.Compare(a, b))
	})
	for k, r := range b.Places.Rows {
		if r.Code != places[k] || r.N != want.addresses[places[k]] {
			t.Errorf("place %d is %s with %d, want %s with %d", k+1, r.Code, r.N, places[k], want.addresses[places[k]])
		}
	}
	if len(b.Places.Rows) != 10 {
		t.Errorf("%d places", len(b.Places.Rows))
	}
}

// sfOpens opens one number: the orders whose departure took more than ten minutes, each with its call and crew.
func sfOpens(t *testing.T, records []string, rows []map[string]string) {
	t.Helper()
	var want []string
	for _, r := range rows {
		if r["Response DtTm"] == "" {
			continue
		}
		sent, errSent := time.Parse("01/02/2006 03:04:05 PM", r["Dispatch DtTm"])
		left, errLeft := time.Parse("01/02/2006 03:04:05 PM", r["Response DtTm"])
		if s := left.Sub(sent).Seconds(); errSent != nil || errLeft != nil || s > 600 && s <= 900 {
			want = append(want, r["Call Number"]+" "+r["Unit ID"])
		}
	}
	out := must(t, append([]string{"bulletin", "--list", "depart/600-900", "--from", "2016-12-31", "--to", "2017-01-07"}, records...)...)
	got := strings.Fields(strings.ReplaceAll(out, "\n", " "))
	if fmt.Sprint(pairs(got)) != fmt.Sprint(pairs(strings.Fields(strings.Join(want, " ")))) || len(want) == 0 {
		t.Errorf("behind the number are %v, want %v", got, want)
	}
}

func pairs(words []string) []string {
	var out []string
	for k := 0; k+1 < len(words); k += 2 {
		out = append(out, words[k]+" "+words[k+1])
	}
	slices.Sort(out)
	return out
}

// Recorded calls of a town, by hand: one station's bulletin, the centre's clock, a table for people, and refusals that say what to do.
func TestBulletinOfRecordedCalls(t *testing.T) {
	t.Chdir("../..")
	mapping := written(t, "mapping.yaml", `call_id: id
unit: unit
place: {lon: lon, lat: lat}
address: [street]
type: kind
times: {zone: Asia/Shanghai, layouts: ["%Y-%m-%d %H:%M:%S"], received: received, dispatch: sent, enroute: left}
`)
	calls := written(t, "calls.csv", `id,lon,lat,street,kind,received,unit,sent,left
1,118.3856,31.2001,A,theft,2030-06-02 23:59:59,211,2030-06-03 00:00:10,2030-06-03 00:01:10
2,118.3856,31.2001,A,theft,2030-06-03 00:00:00,211,2030-06-03 00:01:00,2030-06-03 00:06:00
2,118.3856,31.2001,A,theft,2030-06-03 00:00:00,101,2030-06-03 00:01:00,2030-06-03 00:06:01
3,118.3839,31.1838,B,fight,2030-06-03 23:59:59,221,2030-06-03 23:59:59,
4,118.3839,31.1838,B,fight,2030-06-04 00:00:00,221,2030-06-04 00:00:01,2030-06-04 00:00:02
`)
	args := []string{"--calls", calls, "--mapping", mapping, "--centre", "centres/yunze", "--from", "2030-06-03", "--to", "2030-06-04"}
	b := bulletinOf(t, args...)
	if b.Received.N != 2 || b.Depart.All.N != 3 || b.Depart.Unknown.N != 1 || b.Depart.Buckets[0].N != 1 || b.Depart.Buckets[1].N != 1 {
		t.Errorf("the third of June: %+v", b)
	}
	for unit, want := range map[string]string{"st1": "2", "汀兰派出所": "2", "Liuyan Station": "3", "lanhu": "2 3"} {
		if got := strings.Join(strings.Fields(must(t, append([]string{"bulletin", "--list", "received", "--unit", unit}, args...)...)), " "); got != want {
			t.Errorf("%s received %q, want %q", unit, got, want)
		}
	}
	named := bulletinOf(t, append([]string{"--streets", "testdata/worlds/lanhu.osm"}, args...)...).Places // By the map, not by the records.
	if len(named.Rows) != 2 || named.Rows[0].Code != "柳堰路" || named.Rows[1].Code != "汀澜路" || b.Places.Rows[0].Code != "A" {
		t.Errorf("with streets places are %+v, without %+v", named, b.Places)
	}
	table := must(t, append([]string{"bulletin"}, args...)...)
	for _, want := range []string{"2030-06-03 00:00 to 2030-06-04 00:00 (Asia/Shanghai)", "not made: the records hold no signatures", "depart/0-300", "Tinglan Station"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table does not say %q:\n%s", want, table)
		}
	}
	for _, tt := range []struct {
		want string
		args []string
	}{
		{"no records are named", []string{}},
		{"no unit", append([]string{"--unit", "st99"}, args...)},
		{"two ends", args[:len(args)-2]},
		{"is no time", append(args[:len(args):len(args)], "--to", "soon")},
		{"do not ascend", append([]string{"--sign", "60,30"}, args...)},
		{"no number", append([]string{"--list", "sign/0-30"}, args...)},
		{"before it begins", append(args[:len(args):len(args)], "--to", "2030-06-01")},
	} {
		if code, _, errs := shuniu(t, append([]string{"bulletin"}, tt.args...)...); code != 2 || !strings.Contains(errs, tt.want) || !strings.Contains(errs, "what to do") {
			t.Errorf("%v ended with %d: %s; want 2 and %q", tt.args, code, errs, tt.want)
		}
	}
}
