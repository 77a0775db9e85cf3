package line_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/line"
	"shuniu/internal/order"
	"shuniu/internal/org"
	"shuniu/internal/unit"
)

// town is the house of the corpus, with what changes it.
type town struct {
	t   testing.TB
	h   *joint.House
	do  func(joint.Command)
	now time.Time
}

// noon is when the corpus is read: a Tuesday at 14:32 in the centre's zone.
var noon = time.Date(2030, 1, 1, 14, 32, 0, 0, time.FixedZone("CST", 8*3600))

// initials are those of the corpus's names. (The console's names come from the whole table of sounds.)
var initials = map[string]string{
	"石埠派出所": "sbpcs", "石埠所": "sbs", "汀兰派出所": "tlpcs", "汀兰所": "tls", "急救": "jj", "医疗急救": "yljj", "消防救援": "xfjy", "走失": "zs", "持刀伤人": "cdsr", "中暑": "zs",
	"站前广场": "zqgc", "值班长": "zbz", "值班指挥长": "zbzhz", "涉刀": "sd", "涉校": "sx", "现场处置完毕": "xcczwb", "用餐": "yc",
}

func typed(s string) line.Input {
	return line.Input{Text: s, Now: noon, Initials: func(name string) []string {
		if i, ok := initials[name]; ok {
			return []string{i}
		}
		return nil
	}}
}

// world is the house of the corpus: #40, #42 and #43 open, 101 102 e06 free, 103 busy at #40, 701 never dispatched.
func world(t testing.TB) *joint.House { return newTown(t).h }

// busy is the town grown to 500 units and 300 open incidents.
func busy(t testing.TB) *joint.House {
	w := newTown(t)
	for n := range 490 {
		id := cad.UnitID(fmt.Sprintf("U%03d", n))
		w.do(joint.AboutUnit{ID: id, Name: "enrol", Cmd: unit.Enrol{Unit: unit.Spec{ID: id, CallSign: string(id), Dispatchable: true}}})
		w.do(joint.SayUnit{Unit: id, To: "available"})
	}
	for n := 44; n <= 300; n++ {
		w.do(joint.Receive{ID: cad.IncidentID(fmt.Sprintf("i%d", n)), Source: incident.Phone, Priority: "P2"})
	}
	return w.h
}

func newTown(t testing.TB) *town {
	t.Helper()
	codec, err := joint.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	h := joint.NewHouse(nil)
	w := &town{t: t, h: h, now: time.Date(2030, 1, 1, 4, 0, 0, 0, time.UTC)}
	w.do = func(cmd joint.Command) {
		t.Helper()
		w.now = w.now.Add(time.Second)
		out, err := cmd.Decide(h, joint.Moment{Now: w.now, Actor: "test"})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range out.Facts {
			if err := h.Evolve(codec, f, cad.Stamp{Seq: h.Seq + 1, At: w.now, Happened: w.now, Actor: "test"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.do(joint.OpenWorld{World: cad.Study, Centre: "c"})
	for _, u := range []unit.Spec{
		{ID: "101"},
		{ID: "102"},
		{ID: "103"},
		{ID: "104"},
		{ID: "E06"},
		{ID: "151", Kind: "assault"},
		{ID: "181"},
		{ID: "231", Kind: "crew", Station: "st3"},
		{ID: "232", Kind: "crew", Station: "st3"},
		{ID: "211", Kind: "crew", Station: "st1"},
		{ID: "701"},
	} {
		u.CallSign, u.Dispatchable = string(u.ID), u.ID != "701"
		w.do(joint.AboutUnit{ID: u.ID, Name: "enrol", Cmd: unit.Enrol{Unit: u}})
		w.do(joint.SayUnit{Unit: u.ID, To: "available"})
	}
	h.Org = centre()
	for n := int64(1); n <= 43; n++ {
		w.do(joint.Receive{ID: cad.IncidentID(fmt.Sprintf("i%d", n)), Source: incident.Phone, Priority: "P1"})
	}
	w.do(dispatch.Send{Incident: "i40", Units: []cad.UnitID{"103"}, IDs: []cad.AssignmentID{"a1"}})
	return w
}

func centre() *org.State {
	name := func(zh, en string) org.Name { return org.Name{"zh": zh, "en": en} }
	return &org.State{
		Centre: "c", World: cad.Study, TypeOrder: []cad.TypeID{"knife", "lost", "heat"},
		Types: map[cad.TypeID]org.Type{
			"knife": {ID: "knife", Name: name("持刀伤人(正在发生)", "Stabbing in progress")}, "lost": {ID: "lost", Name: name("走失", "")}, "heat": {ID: "heat", Name: name("中暑", "Heat stroke")},
		},
		Tags: map[cad.TagID]org.Tag{"knife": {ID: "knife", Name: name("涉刀", "Knife")}, "school": {ID: "school", Name: name("涉校", "School")}},
		Orgs: map[cad.OrgID]org.Org{
			"st1": {ID: "st1", Kind: "station", Name: name("汀兰派出所", "Tinglan Station")}, "st3": {ID: "st3", Kind: "station", Name: name("石埠派出所", "Shibu Station")},
			"office": {ID: "office", Kind: "department", Name: name("办公室", "Office")},
		},
		Settings: org.Settings{
			Partners: []org.Item{{ID: "119", Name: name("119消防救援", "Fire and rescue 119")}, {ID: "120", Name: name("120医疗急救", "Ambulance 120")}, {ID: "12345", Name: name("12345政务服务热线", "City services")}},
			Posts:    []org.Post{{ID: "post_square", Name: name("站前广场", "Station Square"), Place: geo.Point{Lon: 118.4, Lat: 31.2}}},
			Seats:    []org.Item{{ID: "21", Name: name("值班指挥长21", "Duty commander 21")}, {ID: "22", Name: name("值班长22", "Floor supervisor 22")}},
			Results:  []org.Item{{ID: "resolved", Name: name("现场处置完毕", "Dealt with on scene")}, {ID: "mediated", Name: name("调解结案", "Settled by mediation")}},
			Macros: []org.Macro{
				{ID: "injured", Words: []string{"伤员", "casualties"}, Lines: []string{"联动 {1} 120", "{1} 记 有人受伤 {*}"}},
				{ID: "settled", Words: []string{"已了结"}, Lines: []string{"{1} 反馈 终结 resolved", "{2} 恢复"}},
			},
			Reasons: []org.Item{{ID: "meal", Name: name("用餐", "Meal")}, {ID: "fuel", Name: name("加油", "Refuelling")}},
		},
	}
}

// given brings the town into a state: "101 sent 42", "101 on_scene", "merge 43 42", "tag 43 school", "101 off_duty".
func (w *town) given(text string) {
	for i, l := range strings.Split(text, "\n") {
		f := strings.Fields(l)
		switch {
		case len(f) == 0:
		case f[0] == "merge":
			w.do(joint.Merge{ID: cad.IncidentID("i" + f[1]), Into: cad.IncidentID("i" + f[2])})
		case f[0] == "order": // order 101 st2
			c := joint.IssueOrder{ID: cad.OrderID(fmt.Sprintf("o%d", w.h.OrderCount+1)), Power: cad.Direct, Due: w.now.Add(time.Hour), Text: cad.Sealed{Subject: "order:o", Slot: 1, Box: []byte("x")}}
			for _, id := range f[1:] {
				kind := order.ToUnit
				if strings.HasPrefix(id, "st") {
					kind = order.ToOrg
				}
				c.To = append(c.To, order.To{Kind: kind, ID: id})
			}
			w.do(c)
		case f[0] == "signed": // signed o1 101
			to := order.To{Kind: order.ToUnit, ID: f[2]}
			w.do(joint.AboutOrder{ID: cad.OrderID(f[1]), Name: "sign", For: &to, Cmd: order.Sign{ID: cad.OrderID(f[1]), To: to}})
		case f[0] == "tag":
			tags := []cad.TagID{cad.TagID(f[2])}
			w.do(joint.Classify{ID: cad.IncidentID("i" + f[1]), Tags: &tags})
		case f[1] == "sent":
			w.do(dispatch.Send{Incident: cad.IncidentID("i" + f[2]), Units: []cad.UnitID{cad.UnitID(f[0])}, IDs: []cad.AssignmentID{cad.AssignmentID(fmt.Sprintf("g%d-%d", w.h.Seq, i))}})
		default:
			w.do(joint.SayUnit{Unit: cad.UnitID(f[0]), To: f[1], Reason: strings.Join(f[2:], " ")})
		}
	}
}

// TestCorpus plays testdata. To accept new answers run
//
//	go test ./internal/joint/line -rewrite
//
// and read the difference as a dispatcher would. "given" changes the town, "read" types lines, "complete" types the
// beginning of lines; each file begins with the town as it was.
func TestCorpus(t *testing.T) {
	lines := 0
	datadriven.Walk(t, "testdata/corpus", func(t *testing.T, path string) {
		w := newTown(t)
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			var b strings.Builder
			switch d.Cmd {
			case "town":
				w = newTown(t)
			case "given":
				w.given(d.Input)
			case "read":
				for _, s := range strings.Split(d.Input, "\n") {
					lines++
					fmt.Fprintf(&b, "%s\n", answer(t, line.Read(w.h, typed(s))))
				}
			case "complete":
				for _, s := range strings.Split(d.Input, "\n") {
					fmt.Fprintf(&b, "%s\n", offered(line.Complete(w.h, mapped(typed(strings.TrimSuffix(s, "|"))))))
				}
			default:
				t.Fatalf("%s is nothing that a corpus does", d.Cmd)
			}
			return b.String()
		})
	})
	if lines < 200 {
		t.Errorf("the corpus has %d lines, want 200 at least", lines)
	}
}

func offered(list []line.Completion) string {
	out := make([]string, 0, len(list))
	for _, c := range list {
		out = append(out, strings.TrimSpace(c.Kind+":"+c.Insert+"|"+c.State))
	}
	return strings.Join(out, "  ")
}

func answer(t *testing.T, r line.Reading) string {
	t.Helper()
	switch r.Status {
	case line.Ready:
		s := planned(t, r.Plan)
		if r.Meant != "" {
			s = r.Meant + " = " + s
		}
		return s
	case line.Ambiguous:
		var b strings.Builder
		b.WriteString("? " + r.Text)
		for _, c := range r.Candidates {
			fmt.Fprintf(&b, "\n  %d %s: %s", c.N, c.Label, planned(t, &c.Plan))
		}
		return b.String()
	case line.Wrong:
		return "! " + r.Text + "; " + r.Remedy
	case line.Incomplete:
	}
	return "… " + r.Text
}

// planned is a plan as the corpus shows it: the verb, then what is set.
func planned(t *testing.T, p *line.Plan) string {
	t.Helper()
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	out := p.Verb
	for _, k := range slices.Sorted(func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}) {
		if k == "verb" || k == "number" || k == "other_number" {
			continue
		}
		v, err := json.Marshal(m[k])
		if err != nil {
			t.Fatal(err)
		}
		out += " " + k + "=" + strings.Trim(string(v), `"`)
	}
	return out
}

// A number that has left memory is asked for once, and then understood as any other.
func TestOldNumbers(t *testing.T) {
	h := world(t)
	h.Apply(joint.Change{From: h.Seq, To: h.Seq, Gone: []cad.Subject{incident.Subject("i8")}})
	for _, tt := range []struct {
		typed  string
		sought []int64
		old    map[int64]cad.IncidentID
		want   string
	}{
		{"#8", []int64{8}, nil, "! there is no incident #8; look at the queue for its number"},
		{"#8", nil, map[int64]cad.IncidentID{8: "i8"}, `open incident=i8`},
		{"#8", nil, map[int64]cad.IncidentID{8: ""}, "! there is no incident #8; look at the queue for its number"},
		{"关联 8 42", []int64{8}, nil, "! there is no incident #8; look at the queue for its number"},
		{"关联 8 42", nil, map[int64]cad.IncidentID{8: "i8"}, `link incident=i8 other=i42`},
		{"8 记 她又来电", nil, map[int64]cad.IncidentID{8: "i8"}, `note incident=i8 text=她又来电`},
		{"#44", nil, nil, "! there is no incident #44; look at the queue for its number"},
		{"#42", nil, nil, `open incident=i42`},
	} {
		in := typed(tt.typed)
		in.Old = tt.old
		r := line.Read(h, in)
		if got := answer(t, r); got != tt.want || !slices.Equal(r.Sought, tt.sought) {
			t.Errorf("%s with %v: %s, seeking %v; want %s, seeking %v", tt.typed, tt.old, got, r.Sought, tt.want, tt.sought)
		}
	}
}

// seeds are the lines of the corpus, for whoever looks for a line that breaks something.
func seeds(t testing.TB) []string {
	t.Helper()
	var out []string
	entries, err := os.ReadDir("testdata/corpus")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile("testdata/corpus/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, strings.Split(string(b), "\n")...)
	}
	return out
}

// FuzzRead looks for a line that breaks the reader, that makes a plan about nothing, or that is both ambiguous and done.
func FuzzRead(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	var h *joint.House
	f.Fuzz(func(t *testing.T, s string) {
		if h == nil {
			h = world(t)
		}
		r := line.Read(h, typed(s))
		line.Complete(h, typed(s))
		switch {
		case r.Status == line.Ready && r.Plan == nil, r.Status != line.Ready && r.Plan != nil, (r.Status == line.Ambiguous) != (len(r.Candidates) > 0):
			t.Fatalf("%q is neither one thing nor the other: %+v", s, r)
		case r.Status != line.Ready && r.Code == "":
			t.Fatalf("%q is not answered: %+v", s, r)
		case r.Status == line.Ready:
			aboutSomething(t, s, r.Plan)
		}
		for _, c := range r.Candidates {
			aboutSomething(t, s, &c.Plan)
		}
	})
}

// aboutSomething fails for a plan that names nothing, or that would do for something that does not exist.
func aboutSomething(t *testing.T, s string, p *line.Plan) {
	t.Helper()
	p2 := *p
	p2.Verb = ""
	b, err := json.Marshal(p2)
	if err != nil {
		t.Fatal(err)
	}
	if p.Verb == "" || string(b) == `{"verb":""}` && p.Verb != line.Undo && p.Verb != line.Help && p.Verb != line.Orders {
		t.Fatalf("%q makes a plan about nothing: %+v", s, p)
	}
}

// mapped is what is typed, with what a small made-up map calls so.
func mapped(in line.Input) line.Input {
	sought := strings.ToLower(line.Seeks(in.Text))
	for _, name := range []string{"汀兰路12号", "汀兰公园", "12 Tinglan Road", "Tinglan Park"} {
		if sought != "" && strings.HasPrefix(strings.ToLower(name), sought) {
			in.Places = append(in.Places, line.Place{Text: name, Help: org.Name{"zh": "汀兰派出所", "en": "Tinglan Station"}})
		}
	}
	return in
}
