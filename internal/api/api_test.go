package api_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shuniu/internal/api"
	"shuniu/internal/blobfile"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/draft"
	"shuniu/internal/gazetteer"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/org"
	"shuniu/internal/past"
	"shuniu/internal/policy"
	"shuniu/internal/track"
)

// as signs everybody in under the role that a request names.
type as struct{}

func (as) Who(r *http.Request) (cad.Actor, bool) {
	role := r.Header.Get("Test-Role")
	if role == "" {
		role = policy.Dispatcher
	}
	return cad.Actor{ID: cad.ActorID("test-" + role + r.Header.Get("Test-Seat")), Role: role, Seat: cad.SeatID(r.Header.Get("Test-Seat")), Unit: cad.UnitID(cmp.Or(r.Header.Get("Test-Unit"), "101")), Org: cad.OrgID(r.Header.Get("Test-Org"))}, true
}

// charter is a centre of two stations and four units on a line east of Greenwich.
func charter() org.Charter {
	square := func(w, e float64) geo.MultiPolygon {
		return geo.MultiPolygon{{{{Lon: w, Lat: -1}, {Lon: e, Lat: -1}, {Lon: e, Lat: 1}, {Lon: w, Lat: 1}, {Lon: w, Lat: -1}}}}
	}
	at := func(lon float64) *geo.Point { return &geo.Point{Lon: lon} }
	name := func(s string) org.Name { return org.Name{"zh": s, "en": s} }
	return org.Charter{
		Centre: "test",
		Settings: org.Settings{
			ForgetAfterDays: 1, Name: name("试"), AlertLevels: []cad.Level{"I"}, ReportClocks: []org.ReportClock{{Level: "II", FirstS: 900, FollowS: 3600, FinalS: 7200}},
			BorderWithinM: 200, Bounds: [4]float64{-0.1, -1, 0.3, 1}, Results: []org.Item{{ID: "settled", Name: name("已处理")}},
			Posts:   []org.Post{{ID: "post_bridge", Name: name("桥头"), Place: *at(0.03)}},
			Reasons: []org.Item{{ID: "meal", Name: name("用餐")}}, Partners: []org.Item{{ID: "119", Name: name("消防"), Mode: "both"}},
			Seats: []org.Item{{ID: "02", Name: name("接警02")}, {ID: "61", Name: name("止付")}}, SeatWithinS: 60, LeadS: 1800,
			Premises: []org.Premise{{ID: "depot", Name: name("油库"), Place: at(0.05), Warnings: []org.Name{name("禁火")}}, {ID: "pier", Name: name("码头")}},
		},
		Cover:  []org.CoverClass{{ID: "patrol", Name: name("巡逻"), Slot: "near", StandardS: 300}},
		Grades: []org.Grade{{ID: "P1", Name: name("P1"), Limits: []org.Limit{{Kind: "dispatch", From: "received", WithinS: 60}, {Kind: "sign", From: "dispatched", WithinS: 30}}}},
		Tags:   []org.Tag{{ID: "knife", Name: name("涉刀"), Ack: true}},
		Kinds:  []org.Kind{{ID: "car", Name: name("车巡"), Patrol: true}, {ID: "crew", Name: name("派出所车组"), OwnStation: true}},
		Orgs:   []org.Org{{ID: "st1", Kind: "station", Name: name("汀兰所"), Place: at(0.01), Area: square(0, 0.1)}, {ID: "st2", Kind: "station", Name: name("柳堰所"), Place: at(0.15), Area: square(0.1, 0.2)}},
		Units: []org.UnitSpec{
			{ID: "101", CallSign: "101", Kind: "car", Dispatchable: true, Officers: 2, Sworn: 1, Home: at(0.02)},
			{ID: "211", CallSign: "211", Kind: "crew", Station: "st1", Dispatchable: true, Officers: 2, Sworn: 1, Home: at(0.01)},
			{ID: "221", CallSign: "221", Kind: "crew", Station: "st2", Dispatchable: true, Officers: 2, Sworn: 1, Home: at(0.15)},
			{ID: "701", CallSign: "701", Kind: "car", Dispatchable: false, Home: at(0.01)},
		},
		Types: []org.Type{
			{
				ID: "knife", Name: name("持刀伤人"), Priority: "P1", Level: "III", Tags: []cad.TagID{"knife"}, Need: []org.Need{{Slot: "near", Count: 1}, {Slot: "own", Count: 1}}, Second: []org.Need{{Slot: "near", Count: 1, Or: []org.Need{{Slot: "any", Count: 1}}}}, Category: "criminal",
				Words:     map[string][]string{"zh": {"拿刀", "捅了"}},
				Questions: []org.Question{{ID: "weapon", Ask: name("什么刀"), Kind: org.AskChoice, Options: []org.Option{{ID: "knife", Name: name("刀")}, {ID: "gun", Name: name("枪")}}}, {ID: "looks", Ask: name("长相"), Kind: org.AskText}},
			},
			{ID: "fraud", Name: name("诈骗"), Priority: "P1", Seat: "61", Words: map[string][]string{"zh": {"转账"}}},
		},
	}
}

// house is a running front door over a store in memory.
type house struct {
	t      testing.TB
	store  *memstore.Store
	log    *lockedLog
	desk   *desk.Desk
	http   *httptest.Server
	time   *clock
	keys   *locked
	places *gazetteer.Book
	centre *api.Centre
	past   *past.Past
}

// locked are keys that seal nothing while they are stuck, as on a disk that has no room for new ones.
type locked struct {
	journal.Keys
	stuck atomic.Bool
}

func (l *locked) Seal(s cad.Subject, plain []byte) (cad.Sealed, error) {
	if l.stuck.Load() {
		return cad.Sealed{}, journal.ErrFull
	}
	return l.Keys.Seal(s, plain)
}

// clock is the machine's, put forward by what the test says.
type clock struct{ ahead atomic.Int64 }

func (c *clock) Now() time.Time { return time.Now().UTC().Add(time.Duration(c.ahead.Load())) }

func (c *clock) pass(d time.Duration) { c.ahead.Add(int64(d)) }

func newHouse(t testing.TB) *house {
	t.Helper()
	ctx := t.Context()
	keys := &locked{Keys: keyfile.Memory()}
	now := new(clock)
	store, log := memstore.New("test"), &lockedLog{}
	d, err := desk.Open(ctx, desk.Config{Centre: "test", World: cad.Live, Store: store, Keys: keys, Clock: now, Policy: policy.Roles{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close(t.Context()) })
	b, tr := board.New(policy.Roles{}, d), track.NewBook()
	blobs, err := blobfile.Open(t.TempDir(), keys)
	if err != nil {
		t.Fatal(err)
	}
	c := &api.Centre{Desk: d, Board: b, Track: tr, Started: time.Now(), Places: new(gazetteer.Book), Blobs: blobs}
	if c.Drafts, _, err = draft.Open(t.TempDir(), keys, now.Now); err != nil {
		t.Fatal(err)
	}
	var stream *api.Stream
	if err := d.Watch(ctx, func(k desk.Commit) {
		changed, err := b.Apply(k.Change, k.Reset)
		if err != nil {
			t.Error(err)
		}
		if stream != nil {
			stream.Push(changed)
		}
	}); err != nil {
		t.Fatal(err)
	}
	system := desk.Wish{Actor: cad.Actor{ID: "operator", Role: policy.Operator}, Command: joint.Configure{Charter: charter()}}
	if _, err := d.Do(ctx, system); err != nil {
		t.Fatal(err)
	}
	stream = api.NewStream(ctx, d, b, tr, nil)
	c.Stream = stream
	c.Past = past.New(past.Options{Desk: d, Board: b, Track: tr})
	if err := c.Past.Watch(ctx); err != nil {
		t.Fatal(err)
	}
	c.Past.Step()
	s := api.New(api.Options{Centres: map[string]*api.Centre{"test": c}, Default: "test", Identity: as{}, Version: "test", Log: slog.New(slog.NewTextHandler(log, nil))})
	h := &house{t: t, store: store, log: log, desk: d, http: httptest.NewServer(s.Handler()), time: now, keys: keys, places: c.Places, centre: c, past: c.Past}
	t.Cleanup(h.http.Close)
	for _, u := range []string{"101", "211"} {
		h.post("/units/"+u+"/status", `{"to":"available"}`, 200)
	}
	return h
}

// lockedLog keeps what was logged.
type lockedLog struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// ask sends a request and gives the status and the body. Headers are "Name: value".
func (h *house) ask(method, path, body string, headers ...string) (int, map[string]any, http.Header) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), method, h.http.URL+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, x := range headers {
		name, value, _ := strings.Cut(x, ": ")
		if name == "Host" {
			req.Host = value
			continue
		}
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var raw bytes.Buffer
	if _, err := raw.ReadFrom(res.Body); err != nil {
		h.t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(raw.Bytes(), &out); err != nil && raw.Len() > 0 {
		h.t.Fatalf("%s %s: no JSON: %.200s", method, path, raw.String())
	}
	return res.StatusCode, out, res.Header
}

func (h *house) post(path, body string, want int, headers ...string) map[string]any {
	h.t.Helper()
	status, out, _ := h.ask("POST", path, body, headers...)
	if status != want {
		h.t.Fatalf("POST %s %s: %d, want %d: %v", path, body, status, want, out)
	}
	return out
}

func (h *house) get(path string, headers ...string) map[string]any {
	h.t.Helper()
	status, out, _ := h.ask("GET", path, "", headers...)
	if status != 200 {
		h.t.Fatalf("GET %s: %d %v", path, status, out)
	}
	return out
}

// dig walks into a body: "items.0.unit".
func dig(v any, path string) string {
	for _, k := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[k]
		case []any:
			var i int
			if _, err := fmt.Sscan(k, &i); err != nil || i >= len(x) {
				return ""
			}
			v = x[i]
		default:
			return ""
		}
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// TestWholeLife goes from the ringing telephone to the closed incident, over HTTP only.
func TestWholeLife(t *testing.T) {
	h := newHouse(t)
	call := dig(h.post("/calls", `{"number":"19900001234","line":"110-1"}`, 201), "id")
	h.post("/calls/"+call+"/answer", ``, 200)
	made := h.post("/incidents", `{"call":"`+call+`","place":{"lon":0.05,"lat":0.0,"address":"汀兰路12号"},"type":"knife","narrative":"两人持刀"}`, 201)
	id := dig(made, "id")
	row := h.get("/incidents/" + id)
	for path, want := range map[string]string{
		"phase": "classified", "priority": "P1", "level": "III", "tags.0": "knife", "queue": "to_dispatch", "responsible.id": "st1", "responsible.by": "polygon",
		"narrative": "两人持刀", "caller.number": "19900001234", "place.address": "汀兰路12号", "calls.0.state": "attached", "needs_final": "true",
	} {
		if got := dig(row, path); got != want {
			t.Errorf("row %s is %q, want %q", path, got, want)
		}
	}
	advice := h.get("/incidents/" + id + "/recommendation")
	if a, b := dig(advice, "items.0.unit"), dig(advice, "items.1.unit"); a != "101" || b != "211" {
		t.Errorf("recommended %s and %s, want the nearest patrol and the station's crew: %v", a, b, advice)
	}
	h.post("/incidents/"+id+"/dispatch", `{"units":["101","211"]}`, 200)
	if got := dig(h.get("/incidents/"+id), "queue"); got != "to_sign" {
		t.Errorf("after sending the incident waits in %q", got)
	}
	for _, u := range []string{"101", "211"} {
		for _, to := range []string{"acknowledged", "en_route", "on_scene"} {
			h.post("/units/"+u+"/status", `{"to":"`+to+`"}`, 200)
		}
	}
	refused := h.post("/incidents/"+id+"/close", `{}`, 409)
	if dig(refused, "code") != "units_committed" || dig(refused, "remedy") == "" {
		t.Errorf("closing with units there: %v", refused)
	}
	h.post("/incidents/"+id+"/feedback", `{"kind":"first","text":"已到场"}`, 200)
	h.post("/incidents/"+id+"/feedback", `{"kind":"final","result":"settled","text":"已控制"}`, 200)
	for _, u := range []string{"101", "211"} {
		h.post("/units/"+u+"/status", `{"to":"available"}`, 200)
	}
	h.post("/incidents/"+id+"/review", ``, 200)
	h.post("/incidents/"+id+"/close", `{}`, 200)
	story := h.get("/incidents/" + id + "/timeline")
	var types []string
	for _, e := range story["items"].([]any) {
		types = append(types, dig(e, "type"))
	}
	want := "incident.opened incident.classified call.attached incident.alerted incident.work_started assignment.dispatched assignment.dispatched incident.chosen " +
		strings.Repeat("assignment.stage_changed ", 6) + "incident.feedback_given incident.feedback_given assignment.stage_changed assignment.stage_changed incident.reviewed incident.closed"
	if got := strings.Join(types, " "); got != want {
		t.Errorf("the story is\n%s\nwant\n%s", got, want)
	}
	if row := h.get("/incidents/" + id); dig(row, "phase") != "closed" || dig(row, "queue") != "done" {
		t.Errorf("the closed row: %v", row)
	}
}

// TestEverythingIsTaken sends absurd first words; whatever is JSON is taken (promise P8), and marked.
func TestEverythingIsTaken(t *testing.T) {
	h := newHouse(t)
	deep := strings.Repeat(`[`, 5000) + strings.Repeat(`]`, 5000)
	if n := len(`{"narrative":"` + strings.Repeat("a", 2<<20-16) + `"}`); n != 2<<20 {
		t.Fatalf("the largest body is %d bytes", n)
	}
	for _, tt := range []struct{ name, body, aside string }{
		{"nothing", `{}`, ""},
		{"a byte order mark", "\uFEFF{}", "byte_order_mark"},
		{"bytes that are no text", "{\"narrative\":\"caf\xe9\"}", "not_utf8"},
		{"words after the end", `{} and another thing`, "text_after_the_end"},
		{"said twice", `{"narrative":"one","narrative":"two"}`, "said_twice"},
		{"unknown parts of a place", `{"place":{"lon":0.05,"lat":0,"floor":3}}`, "unknown_field"},
		{"unknown parts of a caller", `{"caller":{"number":138,"age":70}}`, "unknown_field"},
		{"a doubt that is none", `{"place":{"lon":0.05,"lat":0,"approx":"so so"}}`, "not_a_boolean"},
		{"a number that is too large", `{"x":1e999}`, "unknown_field"},
		{"null", `null`, "not_an_object"},
		{"a list", `[1,2]`, "not_an_object"},
		{"a number", `7`, "not_an_object"},
		{"words only", `"help, corner of 5th"`, ""},
		{"no such type", `{"type":"dragon"}`, "unknown_type"},
		{"no such priority", `{"priority":"P9"}`, "bad_priority"},
		{"nowhere", `{"place":{"lon":999,"lat":"x"}}`, "bad_place"},
		{"half a place", `{"place":{"lon":1}}`, "bad_place"},
		{"a place that is a word", `{"place":"river"}`, "not_an_object"},
		{"types all wrong", `{"type":{},"narrative":[1],"caller":5,"tags":7,"happened":3,"source":[]}`, "not_a_text"},
		{"a time to come", `{"happened":"2999-01-01T00:00:00Z"}`, "bad_time"},
		{"an id that is none", `{"id":"../../etc"}`, "not_an_id"},
		{"unknown parts", `{"colour":"red"}`, "unknown_field"},
		{"very deep", `{"x":` + deep + `}`, "too_deep"},
		{"deeper than any reader goes", `{"x":` + strings.Repeat(deep[:5000], 100) + strings.Repeat(deep[5000:], 100) + `}`, "too_deep"},
		{"two megabytes", `{"narrative":"` + strings.Repeat("a", 2<<20-16) + `"}`, ""},
		{"two megabytes of signs", `{"narrative":"` + strings.Repeat("<", 2<<20-16) + `"}`, ""},
		{"zero bytes inside", `{"narrative":"a\u0000b"}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := h.post("/incidents", tt.body, 201)
			row := h.get("/incidents/" + dig(out, "id"))
			if got := dig(row, "aside.0.why"); got != tt.aside {
				t.Errorf("set aside for %q, want %q", got, tt.aside)
			}
			if dig(row, "degraded") != "true" {
				t.Error("nobody sees that its place or type is missing")
			}
			if raw := h.raw(dig(out, "id")); tt.aside != "" && raw != tt.body || tt.aside == "" && raw != "" {
				t.Errorf("of %d bytes %d are kept", len(tt.body), len(raw))
			}
		})
	}
	h.post("/incidents", strings.Repeat(" ", 2<<20-1)+"{}", 413)
	for _, body := range []string{``, `{`, `{"a":}`, `{"a":1,}`, `[1 2]`, "\xff", strings.Repeat("[", 20_000)} {
		out := h.post("/incidents", body, 400)
		if dig(out, "kind") != "invalid" || dig(out, "remedy") == "" {
			t.Errorf("%q: %v", body, out)
		}
	}
}

// TestPlaceInWords tells only an address: no position and no time is made up for it.
func TestPlaceInWords(t *testing.T) {
	h := newHouse(t)
	id := dig(h.post("/incidents", `{"place":{"address":"汀兰路12号"}}`, 201), "id")
	place := h.get("/incidents/" + id)["place"].(map[string]any)
	if place["address"] != "汀兰路12号" || place["lon"] != nil || place["lat"] != nil {
		t.Errorf("the place is %v", place)
	}
	first := h.get("/incidents/" + id + "/recommendation")["items"].([]any)[0].(map[string]any)
	if first["eta_s"] != nil || first["distance_m"] != nil {
		t.Errorf("nobody knows where, yet: %v", first)
	}
	h.post("/incidents/"+id+"/locate", `{"place":{"lon":0,"lat":0}}`, 200) // There it may be, if somebody says so.
	place = h.get("/incidents/" + id)["place"].(map[string]any)
	if place["lon"] != 0.0 || place["lat"] != 0.0 || place["address"] != "汀兰路12号" {
		t.Errorf("after it was found the place is %v", place)
	}
}

// raw is the sealed text of a first report; empty if all of it could be used.
func (h *house) raw(id string) string {
	h.t.Helper()
	story, err := h.desk.Story(h.t.Context(), incident.Subject(cad.IncidentID(id)))
	if err != nil || len(story) == 0 {
		h.t.Fatalf("the story of %s: %d records, %v", id, len(story), err)
	}
	f, ok := story[0].Fact.(incident.Opened)
	if !ok {
		h.t.Fatalf("the story begins with %s", story[0].Fact.FactType())
	}
	var opening board.Opening
	if kept, err := h.desk.Unseal(f.Private, &opening); !kept || err != nil {
		h.t.Fatalf("the words of %s: %v %v", id, kept, err)
	}
	return string(opening.Raw)
}

// TestBadHeadersAreTaken sends a first word with headers that make no sense (promise P8).
func TestBadHeadersAreTaken(t *testing.T) {
	h := newHouse(t)
	for _, header := range []string{"If-Seq: abc", "If-Seq: -1", "Expires-At: soon", "Happened-At: x", "Happened-From: moon", "Power: x", "Idempotency-Key: " + strings.Repeat("k", 300)} {
		out := h.post("/incidents", `{"narrative":"help"}`, 201, header)
		name, _, _ := strings.Cut(header, ": ")
		if row := h.get("/incidents/" + dig(out, "id")); dig(row, "aside.0.field") != "header."+name || dig(row, "narrative") != "help" {
			t.Errorf("%s: %v", header, row["aside"])
		}
	}
	long := "Idempotency-Key: " + strings.Repeat("k", 300)
	a, b := h.post("/incidents", `{"narrative":"again"}`, 409, long), h.post("/incidents", `{"narrative":"help"}`, 201, long)
	if dig(a, "code") != "key_reused" || dig(b, "number") != "7" {
		t.Errorf("a long key does not tell a repeat: %v %v", a, b)
	}
}

// TestOneReportFillsNoList sends reports that are as large as they may be: their rows stay small, and are whole
// when they are opened.
func TestOneReportFillsNoList(t *testing.T) {
	h := newHouse(t)
	tags := `"` + strings.Repeat(`x","`, 150_000) + `x"`
	for _, body := range []string{
		`{"tags":[` + tags + `]}`,
		`{"tags":["knife",` + strings.Repeat(`"knife",`, 100_000) + `"knife"]}`,
		`{"type":"` + strings.Repeat("t", 100_000) + `"}`,
		`{"` + strings.Repeat("f", 100_000) + `":1}`,
		`{"caller":{"name":"` + strings.Repeat("n", 100_000) + `"}}`,
		`{"place":{"address":"` + strings.Repeat("n", 100_000) + `"}}`,
		`{` + func() (s string) {
			for i := range 1000 {
				s += fmt.Sprintf(`"f%d":%d,`, i, i)
			}
			return s
		}() + `"narrative":"n"}`,
	} {
		id := dig(h.post("/incidents", body, 201), "id")
		row, err := json.Marshal(h.row(id))
		if err != nil || len(row) > 12_000 {
			t.Errorf("%.40s… is a row of %d bytes, %v", body, len(row), err)
		}
	}
	words := strings.Repeat("字", 600_000)
	id := dig(h.post("/incidents", `{"narrative":"`+words+`","type":"knife"}`, 201), "id")
	short, whole := h.row(id), h.get("/incidents/"+id)
	if n := len(dig(short, "narrative")); dig(short, "shortened") != "true" || n != 2000*len("字") {
		t.Errorf("in the list: %d bytes, shortened %q", n, dig(short, "shortened"))
	}
	if dig(whole, "narrative") != words || dig(whole, "shortened") != "" {
		t.Errorf("opened: %d bytes, shortened %q", len(dig(whole, "narrative")), dig(whole, "shortened"))
	}
}

// row is an incident's row as the list has it.
func (h *house) row(id string) any {
	h.t.Helper()
	for _, i := range h.get("/incidents?state=all")["items"].([]any) {
		if dig(i, "id") == id {
			return i
		}
	}
	return nil
}

// TestAbsurdTimes tells times that cannot be: an ordinary word is refused and changes nothing, help is taken all the same.
func TestAbsurdTimes(t *testing.T) {
	h := newHouse(t)
	id := dig(h.post("/incidents", `{"type":"knife"}`, 201), "id")
	h.post("/incidents/"+id+"/dispatch", `{"units":["101"]}`, 200)
	row := h.get("/incidents/" + id)
	for _, when := range []string{"1999-01-01T00:00:00Z", "2099-01-01T00:00:00Z"} {
		for path, body := range map[string]string{
			"/units/101/status": `{"to":"acknowledged"}`, "/incidents/" + id + "/note": `{"text":"x"}`, "/incidents/" + id + "/urge": `{}`,
		} {
			if out := h.post(path, body, 400, "Happened-At: "+when); dig(out, "code") != "bad_happened" || dig(out, "remedy") == "" || dig(out, "field") == "" {
				t.Errorf("%s at %s: %v", path, when, out)
			}
		}
	}
	early := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	if out := h.post("/units/101/status", `{"to":"acknowledged"}`, 400, "Happened-At: "+early); dig(out, "code") != "happened_early" {
		t.Errorf("acknowledged before it was sent: %v", out)
	}
	if now := h.get("/incidents/" + id); dig(now, "seq") != dig(row, "seq") || dig(now, "first_ack_at") != "" {
		t.Errorf("refused words changed the row: %v", now)
	}
	h.post("/incidents/"+id+"/note", `{"text":"from the paper card"}`, 200, "Happened-At: "+early, "Happened-From: paper")
	items := h.get("/incidents/" + id + "/timeline")["items"].([]any)
	if last := items[len(items)-1]; dig(last, "happened") != early || dig(last, "happened_from") != "paper" || dig(last, "late_entry") != "true" {
		t.Errorf("the late entry: %v", last)
	}

	for _, when := range []string{"1999-01-01T00:00:00Z", "2099-01-01T00:00:00Z"} {
		made := h.post("/incidents", `{"narrative":"help"}`, 201, "Happened-At: "+when, "Happened-From: person")
		row := h.get("/incidents/" + dig(made, "id"))
		first := h.get("/incidents/" + dig(made, "id") + "/timeline")["items"].([]any)[0]
		if dig(row, "aside.0.why") != "bad_time" || dig(row, "happened") != dig(row, "received") || dig(first, "happened_from") != "clock" {
			t.Errorf("an incident of %s: %v, recorded %v", when, row, first)
		}
		h.post("/units/101/duress", `{}`, 200, "Happened-At: "+when)
		if since := dig(h.unit("101"), "flags.duress.since"); since[:4] == when[:4] {
			t.Errorf("duress since %s", since)
		}
		h.post("/units/101/duress", `{"on":false,"text":"safe"}`, 200)
		call := dig(h.post("/calls", `{}`, 201, "Happened-At: "+when), "id")
		h.post("/calls/"+call+"/answer", ``, 200, "Happened-At: "+when)
		if c := h.get("/calls")["items"].([]any)[0]; dig(c, "id") != call || dig(c, "aside.0.why") != "bad_time" || dig(c, "answered_at")[:4] == when[:4] {
			t.Errorf("a call of %s: %v", when, c)
		}
	}
	made := h.post("/incidents", `{"narrative":"a theft of last spring"}`, 201, "Happened-At: "+time.Now().AddDate(0, -6, 0).UTC().Format(time.RFC3339))
	if row := h.get("/incidents/" + dig(made, "id")); row["aside"] != nil || dig(row, "happened") == dig(row, "received") {
		t.Errorf("what is reported late: %v", row)
	}
}

// TestRepeats sends the same thing again in every way that networks and people do.
func TestRepeats(t *testing.T) {
	h := newHouse(t)
	a := h.post("/incidents", `{"narrative":"x"}`, 201, "Idempotency-Key: k1")
	status, b, head := h.ask("POST", "/incidents", `{"narrative":"x"}`, "Idempotency-Key: k1")
	if status != 201 || dig(a, "id") != dig(b, "id") || head.Get("Idempotent-Replay") != "true" {
		t.Errorf("the repeat: %d %v %v", status, b, head)
	}
	if out := h.post("/incidents", `{"narrative":"y"}`, 409, "Idempotency-Key: k1"); dig(out, "code") != "key_reused" {
		t.Errorf("another body under the same key: %v", out)
	}
	const id = "01900000-0000-7000-8000-000000000001"
	first := h.post("/incidents", `{"id":"`+id+`","narrative":"fire"}`, 201)
	again := h.post("/incidents", `{"id":"`+id+`","narrative":"fire"}`, 201)
	other := h.post("/incidents", `{"id":"`+id+`","narrative":"another fire"}`, 201)
	if dig(first, "id") != id || dig(again, "number") != dig(first, "number") || dig(other, "id") == id {
		t.Errorf("by id: %v, %v, %v", first, again, other)
	}
	if row := h.get("/incidents/" + dig(other, "id")); dig(row, "narrative") != "another fire" || dig(row, "aside.0.why") != "id_taken" {
		t.Errorf("the second call under a used id: %v", row)
	}
}

// TestChosenIDs makes things under names that the client chose, so that it knows them before the answer comes.
func TestChosenIDs(t *testing.T) {
	h := newHouse(t)
	const a, b, c = "01900000-0000-7000-8000-00000000000a", "01900000-0000-7000-8000-00000000000b", "01900000-0000-7000-8000-00000000000c"
	id := dig(h.post("/incidents", `{"id":"`+c+`","type":"knife"}`, 201), "id")
	for body, code := range map[string]string{
		`{"units":["101","211"],"ids":["` + a + `"]}`:             "ids_count",
		`{"units":["101","211"],"ids":["` + a + `","` + a + `"]}`: "bad_id",
		`{"units":["101"],"ids":["x"]}`:                           "bad_id",
	} {
		if out := h.post("/incidents/"+id+"/dispatch", body, 400); dig(out, "code") != code || dig(out, "remedy") == "" {
			t.Errorf("%s: %v", body, out)
		}
	}
	const both = `{"units":["101","211"],"ids":["` + a + `","` + b + `"]}`
	for range 2 { // A repeat without a key changes nothing.
		if out := h.post("/incidents/"+id+"/dispatch", both, 200); dig(out, "assignments.0.id") != a || dig(out, "assignments.1.id") != b {
			t.Errorf("sent as %v", out)
		}
	}
	second := dig(h.post("/incidents", `{}`, 201), "id")
	if out := h.post("/incidents/"+second+"/dispatch", `{"units":["101"],"reassign":true,"reason":"x","ids":["`+a+`"]}`, 400); dig(out, "code") != "id_taken" {
		t.Errorf("an id of another assignment: %v", out)
	}
	const made = "01900000-0000-7000-8000-00000000000d"
	for _, tt := range []struct{ verb, body, want string }{
		{"abandon", `{"incident":"` + made + `"}`, made},
		{"silent", `{"incident":"` + made + `"}`, ""}, // Taken by then: another one is given.
		{"abandon", `{"incident":"x"}`, ""},
	} {
		call := dig(h.post("/calls", `{}`, 201), "id")
		if tt.verb == "silent" {
			h.post("/calls/"+call+"/answer", ``, 200)
		}
		out := h.post("/calls/"+call+"/"+tt.verb, tt.body, 200)
		if got := dig(out, "id"); tt.want != "" && got != tt.want || got == "" || got == c || tt.want == "" && got == made || dig(h.get("/incidents/"+got), "calls.0.id") != call {
			t.Errorf("%s %s: %v", tt.verb, tt.body, out)
		}
	}
}

// TestEdges checks the headers and names that keep strangers and late commands out.
func TestEdges(t *testing.T) {
	h := newHouse(t)
	id := dig(h.post("/incidents", `{}`, 201), "id")
	row := h.get("/incidents/" + id)
	h.post("/incidents/"+id+"/note", `{"text":"seen"}`, 200, "If-Seq: "+dig(row, "seq"))
	if out := h.post("/incidents/"+id+"/note", `{"text":"late"}`, 409, "If-Seq: "+dig(row, "seq")); dig(out, "code") != "changed" || dig(out, "changes.0.type") != "incident.noted" || dig(out, "changes.0.actor") != "test-dispatcher" || dig(out, "changes.1") != "" {
		t.Errorf("an old If-Seq: %v", out)
	}
	if out := h.post("/incidents/"+id+"/note", `{"text":"from nowhere"}`, 409, "If-Seq: 99999999"); dig(out, "code") != "changed" || out["changes"] != nil {
		t.Errorf("an If-Seq ahead of the row: %v", out)
	}
	if out := h.post("/incidents/"+id+"/note", `{"text":"late"}`, 409, "Expires-At: 2020-01-01T00:00:00Z"); dig(out, "code") != "expired" {
		t.Errorf("an expired command: %v", out)
	}
	if status, out, _ := h.ask("GET", "/health", "", "Host: evil.example"); status != 421 || dig(out, "code") != "bad_host" {
		t.Errorf("another host name: %d %v", status, out)
	}
	for _, host := range []string{"LOCALHOST", "localhost.", "LocalHost.:80", "[::1]:80", "127.0.0.1"} {
		if status, out, _ := h.ask("GET", "/health", "", "Host: "+host); status != 200 {
			t.Errorf("the machine's own name %s: %d %v", host, status, out)
		}
	}
	for path, method := range map[string]string{"/nothing": "GET", "/incidents/1/nothing": "POST", "/incidents": "DELETE", "/health": "PATCH", "/units/101/duress": "GET"} {
		status, out, head := h.ask(method, path, "")
		want := 405
		if strings.HasSuffix(path, "nothing") {
			want = 404
		}
		if status != want || head.Get("Content-Type") != "application/problem+json" || dig(out, "kind") == "" || dig(out, "remedy") == "" || want == 405 && head.Get("Allow") == "" {
			t.Errorf("%s %s: %d %v %v, want %d", method, path, status, out, head, want)
		}
	}
	if status, out, _ := h.ask("POST", "/incidents", `{}`, "Origin: http://evil.example", "Sec-Fetch-Site: cross-site"); status != 403 {
		t.Errorf("a write from another site: %d %v", status, out)
	}
	if out := h.post("/incidents/"+id+"/close", `{}`, 403, "Test-Role: call-taker"); dig(out, "kind") != "denied" {
		t.Errorf("a call-taker closes: %v", out)
	}
	h.post("/units/211/duress", `{}`, 200, "Test-Role: field") // Anybody may cry for help for anybody.
	if got := dig(h.get("/units"), "items.1.flags.duress.by"); got != "test-field" {
		t.Errorf("duress raised by %q", got)
	}
	if out := h.post("/incidents/"+id+"/dispatch", `{"units":["701"]}`, 409); dig(out, "code") != "not_dispatchable" || dig(out, "remedy") != "choose another unit" {
		t.Errorf("sending what is never sent: %v", out)
	}
	for path, body := range map[string]string{
		"/units/999/status": `{"to":"on_scene"}`, "/units/101/status": `{"to":"asleep"}`, "/incidents/none/note": `{"text":"x"}`, "/incidents/" + id + "/classify": `{"type":"dragon"}`,
		"/incidents/" + id + "/feedback": `{`,
	} {
		if status, out, _ := h.ask("POST", path, body); status < 400 || dig(out, "remedy") == "" || dig(out, "detail") == "" {
			t.Errorf("%s %s: %d without a way out: %v", path, body, status, out)
		}
	}
	if status, _, _ := h.ask("GET", "/centres/test/health", ""); status != 200 {
		t.Errorf("the named centre answers %d", status)
	}
	if status, _, _ := h.ask("GET", "/centres/other/health", ""); status != 404 {
		t.Errorf("an unknown centre answers %d", status)
	}
}
