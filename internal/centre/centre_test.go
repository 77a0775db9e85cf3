package centre_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"shuniu/internal/cad"
	"shuniu/internal/centre"
	"shuniu/internal/org"
)

var rewrite = flag.Bool("rewrite", false, "write the expected reports anew; read the diff as a dispatcher would") //nolint:gochecknoglobals // the testing flag of this package

// load reads one of the folders that come with the product, which must be in order.
func load(t *testing.T, name string, opts centre.Options) centre.Folder {
	t.Helper()
	f, problems := centre.Read(filepath.Join("..", "..", "centres", name), opts)
	for _, p := range problems {
		t.Errorf("centres/%s: %s", name, p)
	}
	if t.Failed() {
		t.FailNow()
	}
	return f
}

// data is the folder of public records, which no repository holds.
func data(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("SHUNIU_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir = filepath.Join(dir, name)
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the public records are required here: %v", err)
		}
		t.Skipf("without the public records there is nothing to compare with: %v", err)
	}
	return dir
}

func TestYunze(t *testing.T) {
	c := load(t, "yunze", centre.Options{}).Charter
	want := map[string]int{
		"station_crew": 18, "patrol_car": 10, "motorcycle": 4, "foot": 4, "assault": 2, "dog": 1, "drone": 1, "bomb_squad": 1,
		"traffic_car": 8, "crash_team": 2, "traffic_motorcycle": 2, "detective": 2, "forensic": 1, "public_order": 1, "boat": 1,
		"signals": 1, "carrier": 1, "antifraud_desk": 1, "inspection": 1, "command_car": 1,
	}
	got, free := map[string]int{}, 0
	byID := map[cad.UnitID]org.UnitSpec{}
	for _, u := range c.Units {
		got[u.Kind]++
		byID[u.ID] = u
		if u.Dispatchable {
			free++
		}
		if u.Home == nil || u.CallSign != string(u.ID) || len(u.Capabilities) == 0 || u.Officers == 0 {
			t.Errorf("unit %s lacks a home, a sign, an ability or people: %+v", u.ID, u)
		}
	}
	for kind, n := range want {
		if got[kind] != n {
			t.Errorf("%d units of kind %s, want %d", got[kind], kind, n)
		}
	}
	if len(c.Units) != 63 || free != 60 {
		t.Errorf("%d units, %d dispatchable; want 63 and 60", len(c.Units), free)
	}
	for _, id := range []cad.UnitID{"511", "701", "801"} {
		if byID[id].Dispatchable {
			t.Errorf("%s is not sent to incidents, by policy", id)
		}
	}
	if u := byID["292"]; u.Station != "st9" || !slices.Equal(u.Capabilities, []string{"recorder", "respond"}) {
		t.Errorf("292 is the second crew of st9 with its kind's abilities, not %+v", u)
	}
	if u := byID["110"]; u.Kind != "patrol_car" || *u.Home == *byID["101"].Home {
		t.Errorf("posts are taken in turn; 110 is %+v", u)
	}
}

// TestYunzeFirstWaves holds the first waves against the bureau's own table.
func TestYunzeFirstWaves(t *testing.T) {
	c := load(t, "yunze", centre.Options{}).Charter
	near := func(n int) org.Need { return org.Need{Slot: "near", Count: n} }
	own := func(n int) org.Need { return org.Need{Slot: "own", Count: n} }
	car := org.Need{Slot: "traffic_car", Capability: "traffic", Count: 1}
	for _, want := range []struct {
		id       cad.TypeID
		priority cad.Priority
		level    cad.Level
		need     []org.Need
		partners []cad.PartnerID
	}{
		{"knife", "P1", "III", []org.Need{{Slot: "near", Capability: "armed", Count: 2}, own(1), {Slot: "assault", Count: 1}}, []cad.PartnerID{"120"}},
		{"robbery", "P1", "IV", []org.Need{near(2), own(1)}, nil},
		{"burglary", "P1", "", []org.Need{near(1), own(1)}, nil},
		{"bomb", "P1", "II", []org.Need{near(1), own(1)}, []cad.PartnerID{"119", "120"}},
		{"water", "P1", "", []org.Need{near(1), own(1), {Slot: "boat", Capability: "water_rescue", Count: 1}}, []cad.PartnerID{"119", "120", "12395"}},
		{"missing", "P1", "", []org.Need{own(1), near(2)}, nil},
		{"gather", "P2", "III", []org.Need{own(2), {Slot: "public_order", Capability: "negotiation", Count: 1}}, []cad.PartnerID{"street_office", "120"}},
		{"dv", "P2", "", []org.Need{{Slot: "own", Count: 1, Officers: 2, Sworn: 1}}, []cad.PartnerID{"womens_federation", "community"}},
		{"fraud", "P1", "", []org.Need{own(1)}, []cad.PartnerID{"96110"}},
		{"crash", "P2", "", []org.Need{car}, []cad.PartnerID{"120"}},
		{"fight", "P2", "", []org.Need{own(1), near(1)}, nil},
		{"gas", "P1", "III", []org.Need{own(1), car}, []cad.PartnerID{"119", "120", "gas_company"}},
	} {
		i := slices.IndexFunc(c.Types, func(x org.Type) bool { return x.ID == want.id })
		if i < 0 {
			t.Errorf("there is no type %s", want.id)
			continue
		}
		typ := c.Types[i]
		got := c.State().Response(org.Ask{Type: typ.ID, Tags: typ.Tags, Level: typ.Level, Priority: typ.Priority, Station: "st9"}).Waves[0]
		same := slices.EqualFunc(got.Needs, want.need, func(a, b org.Need) bool {
			crew := !a.Crew && a.Slot != "near" && a.Slot != "own" || a.Officers == 2 && a.Sworn == 1 // All of these are P1 or P2.
			return a.Slot == b.Slot && a.Capability == b.Capability && a.Count == b.Count && crew && len(a.Kind) == 0
		})
		if typ.Priority != want.priority || typ.Level != want.level || !same || !slices.Equal(got.Partners, want.partners) {
			t.Errorf("%s is %s/%s %+v %v, want %+v", want.id, typ.Priority, typ.Level, got.Needs, got.Partners, want)
		}
	}
}

// TestYunzePlans holds what tags, levels and places add against the bureau's own table.
func TestYunzePlans(t *testing.T) {
	s := load(t, "yunze", centre.Options{}).Charter.State()
	for _, tt := range []struct {
		name string
		ask  org.Ask
		wave int
		want string // What is asked for through the wave.
	}{
		{"in the river the boat goes", org.Ask{Type: "water", Priority: "P1", Station: "st9"}, 1, "near 1, own 1, boat 1"},
		{"in a pond it does not", org.Ask{Type: "water", Priority: "P1", Station: "st7"}, 1, "near 1, own 1"},
		{"talking comes first", org.Ask{Type: "gather", Priority: "P2", Level: "III"}, 1, "own 2, public_order 1"},
		{"what follows stays back", org.Ask{Type: "gather", Priority: "P2", Level: "III"}, 2, "own 2, public_order 1, traffic_car 2, near 2 back"},
		{"two with a gun", org.Ask{Type: "knife", Priority: "P1", Level: "III", Tags: []cad.TagID{"knife", "gun"}}, 1, "near 2, own 1, assault 1, near 1, assault 1"},
		{"a child at home", org.Ask{Type: "dv", Priority: "P1", Tags: []cad.TagID{"dv", "minor"}}, 1, "own 1, near 1"},
		{"a level has no further alarm below II", org.Ask{Type: "gas", Priority: "P1", Level: "III"}, 9, "own 1, traffic_car 1, traffic_car 1, near 1, signals 1"},
		{
			"a level II has a third",
			org.Ask{Type: "gas", Priority: "P1", Level: "II"},
			9,
			"own 1, traffic_car 1, near 2, traffic_car 1, near 1, signals 1, near 3 back, traffic_car 2, signals 1",
		},
	} {
		var got []string
		for _, n := range s.Response(tt.ask).Through(tt.wave).Needs {
			word := fmt.Sprintf("%s %d", n.Slot, n.Count)
			if n.Hold {
				word += " back"
			}
			got = append(got, word)
		}
		if line := strings.Join(got, ", "); line != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, line, tt.want)
		}
	}
}

// TestYunzeSecondWaves holds second waves, seats and whom to tell against the same table.
func TestYunzeSecondWaves(t *testing.T) {
	c := load(t, "yunze", centre.Options{}).Charter
	want := map[cad.TypeID]string{
		"knife":    "detective 1, traffic_car 1 | 41 | duty_commander, first_report",
		"robbery":  "detective 1, forensic 1 | 41 | duty_commander, containment_points",
		"burglary": "near 1, forensic 1 |  | ",
		"bomb":     "bomb_squad 1, dog 1, assault 1, traffic_car 2 |  | duty_chief, first_report",
		"water":    "public_order 1, drone 1 |  | ",
		"missing":  "drone 1 | 41 | guardian, duty_commander",
		"gather":   "traffic_car 2, near 2 back |  | duty_commander, first_report",
		"dv":       "near 1 |  | warning_review",
		"fraud":    " | 61 | ",
		"crash":    "crash_team 1, traffic_motorcycle 1 |  | ",
		"fight":    "near 1 |  | ",
		"gas":      "traffic_car 1, near 1, signals 1 |  | duty_commander",
	}
	for _, typ := range c.Types {
		var wave []string
		for _, n := range typ.Second {
			word := fmt.Sprintf("%s %d", n.Slot, n.Count)
			if n.Hold {
				word += " back"
			}
			wave = append(wave, word)
		}
		got := fmt.Sprintf("%s | %s | %s", strings.Join(wave, ", "), strings.Join(typ.Seats, ", "), strings.Join(typ.Notify, ", "))
		if w, ok := want[typ.ID]; ok && got != w {
			t.Errorf("%s: second wave, seats and notices are %q, want %q", typ.ID, got, w)
		}
		delete(want, typ.ID)
	}
	if len(want) > 0 {
		t.Errorf("types are missing: %v", want)
	}
}

// TestYunzeAreas: a station that lies in another's area would be responsible for nobody.
func TestYunzeAreas(t *testing.T) {
	c := load(t, "yunze", centre.Options{}).Charter
	n := 0
	for _, o := range c.Orgs {
		if o.Kind != "station" {
			continue
		}
		n++
		if !o.Area.Contains(*o.Place) {
			t.Errorf("%s does not lie in its own area", o.ID)
		}
	}
	if n != 9 {
		t.Errorf("%d stations, want 9", n)
	}
}

// TestYunzeCalls: the town's recorded calls name only types that the centre has.
func TestYunzeCalls(t *testing.T) {
	c := load(t, "yunze", centre.Options{}).Charter
	for _, id := range []cad.TypeID{"noise", "dispute", "lost", "found", "theft", "help", "traffic_minor", "consult", "pickpocket"} {
		if !slices.ContainsFunc(c.Types, func(x org.Type) bool { return x.ID == id }) {
			t.Errorf("there is no type %s", id)
		}
	}
	for _, id := range []cad.TagID{"gun", "knife", "explosive", "school", "medical", "minor", "dv", "police", "foreign"} {
		if !slices.ContainsFunc(c.Tags, func(x org.Tag) bool { return x.ID == id }) {
			t.Errorf("there is no tag %s", id)
		}
	}
}

// TestConfigure: what the folder gives is what the centre takes, and a second load changes nothing.
func TestConfigure(t *testing.T) {
	for name, parts := range map[string]int{"yunze": 6, "sf": 6} {
		c := load(t, name, centre.Options{}).Charter
		s := org.State{World: cad.Demo, Centre: c.Centre}
		for round, want := range []int{parts, 0} {
			facts, err := org.Configure{Charter: c}.Decide(s, org.Around{})
			if err != nil || len(facts) != want {
				t.Fatalf("%s, load %d: %d facts, %v; want %d", name, round+1, len(facts), err, want)
			}
			for i, f := range facts {
				s = org.Evolve(s, f.(org.Fact), cad.Stamp{Seq: cad.Seq(i + 1)}) //nolint:errcheck // a fact of another room would panic here, and should
			}
		}
	}
}

func TestHash(t *testing.T) {
	a, b := load(t, "yunze", centre.Options{}), load(t, "yunze", centre.Options{})
	if a.Charter.Settings.Hash != b.Charter.Settings.Hash || len(a.Charter.Settings.Hash) != 64 {
		t.Errorf("the same bytes have the hashes %s and %s", a.Charter.Settings.Hash, b.Charter.Settings.Hash)
	}
	dir := broken(t, "units.yaml", "{1..3}", "{1..4}")
	c, problems := centre.Read(dir, centre.Options{})
	d, _ := centre.Read(broken(t, "", "", ""), centre.Options{})
	if len(problems) > 0 || c.Charter.Settings.Hash == d.Charter.Settings.Hash {
		t.Errorf("other bytes need another hash: %s %v", c.Charter.Settings.Hash, problems)
	}
	if want := []string{"centre.yaml", "types.yaml", "units.yaml", "org.yaml", "plans.yaml", "cover.yaml", "commands.yaml", "intake.yaml", "areas.geojson"}; !slices.Equal(a.Files, want) {
		t.Errorf("the hash covers %v, want %v", a.Files, want)
	}
}

// TestReport compares what `shuniu check` prints with what a person has read and found good.
func TestReport(t *testing.T) {
	hash := regexp.MustCompile(`(?m)^(sha-256 +)[0-9a-f]{64}$`)
	for _, name := range []string{"yunze", "sf"} {
		var out bytes.Buffer
		if err := centre.Report(&out, load(t, name, centre.Options{}), nil); err != nil {
			t.Fatal(err)
		}
		compare(t, name+".txt", hash.ReplaceAllString(out.String(), "${1}<of the files>"))
	}
	var out bytes.Buffer
	dir := broken(t, "types.yaml", "slot: near", "slot: nearest")
	f, problems := centre.Read(dir, centre.Options{})
	if err := centre.Report(&out, f, problems); err != nil {
		t.Fatal(err)
	}
	compare(t, "broken.txt", out.String())
	if err := centre.Report(failing{}, f, problems); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a writer that fails gives %v", err)
	}
	if err := centre.Report(failing{}, f, nil); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a writer that fails gives %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func compare(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *rewrite {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path) //nolint:gosec // a file of this package
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -rewrite and read the diff. Got:\n%s", name, got)
	}
}

// TestRecords: every unit and type in a week of San Francisco's records is one of the folder's.
func TestRecords(t *testing.T) {
	dir := data(t, "sf")
	c := load(t, "sf", centre.Options{DataDir: dir}).Charter
	units := map[string]org.UnitSpec{}
	homes := 0
	for _, u := range c.Units {
		units[string(u.ID)] = u
		if u.Home != nil {
			homes++
		}
	}
	if units["E07"].Station != "st7" || units["E07"].Home == nil || units["E07"].Home.Lat < 37.759 || units["E07"].Home.Lat > 37.761 {
		t.Errorf("E07 waits at station 7, on Folsom Street: %+v", units["E07"])
	}
	if homes < len(c.Units)-10 {
		t.Errorf("only %d of %d units have a home", homes, len(c.Units))
	}
	file, err := os.Open(filepath.Join(dir, "calls.csv.gz")) //nolint:gosec // the records named by whoever runs the test
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // only read
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(unzipped).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	unit, kind, typ := slices.Index(rows[0], "Unit ID"), slices.Index(rows[0], "Unit Type"), slices.Index(rows[0], "Call Type")
	kinds := map[string]string{"PRIVATE": "private_ambulance", "RESCUE CAPTAIN": "rescue_captain", "RESCUE SQUAD": "rescue_squad"}
	told := map[string]bool{}
	for _, row := range rows[1:] {
		want, ok := kinds[row[kind]]
		if !ok {
			want = strings.ToLower(row[kind])
		}
		if got := units[row[unit]].Kind; got != want && !told[row[unit]] {
			told[row[unit]] = true
			t.Errorf("unit %s is %q in the folder, %q in the records", row[unit], got, want)
		}
		if !slices.ContainsFunc(c.Types, func(x org.Type) bool { return x.Name["en"] == row[typ] }) && !told[row[typ]] {
			told[row[typ]] = true
			t.Errorf("the records' type %q is none of the folder's", row[typ])
		}
	}
}

// Every type of a sample centre can be found by other words, is suggested by what callers say, and asks something.
func TestIntakeIsWhole(t *testing.T) {
	for _, name := range []string{"yunze", "sf"} {
		for _, x := range load(t, name, centre.Options{}).Charter.Types {
			for _, lang := range []string{"zh", "en"} {
				if len(x.Synonyms[lang]) == 0 {
					t.Errorf("%s: %s has no synonym in %s", name, x.ID, lang)
				}
				if len(x.Words[lang]) == 0 {
					t.Errorf("%s: nothing that callers say in %s means %s", name, lang, x.ID)
				}
			}
			if len(x.Questions) == 0 {
				t.Errorf("%s: %s asks nothing", name, x.ID)
			}
			for _, q := range x.Questions {
				if q.Ask["zh"] == "" || q.Ask["en"] == "" {
					t.Errorf("%s: question %s is asked in one language only", name, q.ID)
				}
			}
		}
	}
}

// What the duty commander must hear of at once is asked for, so that he hears of it from the answer and not only once it is
// tagged.
func TestAnswersMeanWhatIsAcknowledged(t *testing.T) {
	for name, tags := range map[string][]cad.TagID{"yunze": {"gun", "knife", "explosive", "school", "casualties"}, "sf": {"many_patients"}} {
		charter := load(t, name, centre.Options{}).Charter
		meant := map[cad.TagID]bool{}
		for _, x := range charter.Types {
			for _, q := range x.Questions {
				for _, o := range q.Options {
					if o.Raises != nil {
						for _, tag := range o.Raises.Tags {
							meant[tag] = true
						}
					}
				}
			}
		}
		for _, tag := range tags {
			i := slices.IndexFunc(charter.Tags, func(x org.Tag) bool { return x.ID == tag })
			if i < 0 || !charter.Tags[i].Ack || !meant[tag] {
				t.Errorf("%s: no answer means tag %s, or it need not be acknowledged", name, tag)
			}
		}
	}
}
