package erasure_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"shuniu/internal/archive"
	"shuniu/internal/blobfile"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/desk"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
	"shuniu/internal/keyfile"
	"shuniu/internal/org"
	"shuniu/internal/policy"
	"shuniu/internal/reactor/erasure"
	"shuniu/internal/reactor/index"
	"shuniu/internal/reactor/witness"
	"shuniu/internal/sqlite"
	"shuniu/internal/unit"
)

// house is one centre's world on a disk, with everything that keeps private words or proof.
type house struct {
	t       *testing.T
	dir     string
	store   *sqlite.Store
	keys    *keyfile.Store
	blobs   *blobfile.Store
	archive *archive.Archive
	desk    *desk.Desk
	index   *index.Reactor
	witness *witness.Reactor
	erasure *erasure.Reactor
}

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (h *house) path(name string) string { return filepath.Join(h.dir, name) }

func (h *house) open() {
	h.t.Helper()
	ctx := h.t.Context()
	h.keys = must(keyfile.Open(h.path("keys"), keyfile.Options{}))(h.t)
	h.store = must(sqlite.Open(ctx, h.path("journal.db"), sqlite.Options{Centre: "test", ReserveBytes: -1}))(h.t)
	h.blobs = must(blobfile.Open(h.path("blobs"), h.keys))(h.t)
	h.archive = must(index.Open(h.path("archive.db")))(h.t)
	h.desk = must(desk.Open(ctx, desk.Config{Centre: "test", World: cad.Live, Store: h.store, Keys: h.keys, Policy: policy.Roles{}}))(h.t)
	h.index = index.New(h.desk, h.archive, nil)
	if err := h.index.Watch(ctx); err != nil {
		h.t.Fatal(err)
	}
	key := must(witness.OpenKey(h.path("keys/witness.pem"), h.path("heads")))(h.t)
	h.witness = must(witness.Open(ctx, witness.Options{Store: h.store, Centre: "test", Heads: h.path("heads"), Key: key}))(h.t)
	h.erasure = erasure.New(erasure.Options{Desk: h.desk, Store: h.store, Keys: h.keys, Blobs: h.blobs, Archive: h.index})
}

func (h *house) close() {
	h.t.Helper()
	if err := errors.Join(h.desk.Close(context.Background()), h.witness.Close(), h.archive.Close(), h.store.Close(), h.keys.Close()); err != nil {
		h.t.Fatal(err)
	}
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir()}
	h.open()
	n := org.Name{"en": "theft", "zh": "盗窃"}
	h.do(joint.Configure{Charter: org.Charter{
		Centre: "test", Settings: org.Settings{Name: n, Zone: "UTC", Bounds: [4]float64{-1, -1, 1, 1}},
		Types:  []org.Type{{ID: "theft", Name: n, Priority: cad.P3}},
		Grades: []org.Grade{{ID: cad.P1, Name: n}, {ID: cad.P2, Name: n}, {ID: cad.P3, Name: n}, {ID: cad.P4, Name: n}},
		Kinds:  []org.Kind{{ID: "car", Name: n}}, Orgs: []org.Org{{ID: "st1", Kind: "station", Name: n}},
	}})
	return h
}

func (h *house) do(c joint.Command) {
	h.t.Helper()
	if _, err := h.desk.Do(h.t.Context(), desk.Wish{Actor: cad.Actor{ID: "p", Role: policy.Operator}, Command: c}); err != nil {
		h.t.Fatalf("%s: %v", c.Verb(), err)
	}
}

func (h *house) seal(s cad.Subject, v any) cad.Sealed {
	h.t.Helper()
	return must(h.desk.Seal(s, v))(h.t)
}

// spoken is what people said about one incident. Each is a string that occurs nowhere else.
type spoken struct{ number, narrative, address, corrected, regraded, note, feedback string }

func (s spoken) all() []string {
	return []string{s.number, s.narrative, s.address, s.corrected, s.regraded, s.note, s.feedback}
}

func about(mark string) spoken {
	return spoken{
		number: "13900" + mark + "77", narrative: "龘靐" + mark + "齉爩", address: "虪巷" + mark + "鱻号",
		corrected: "麤里" + mark + "灪弄", regraded: "鸜因" + mark + "纞", note: "讟话" + mark + "驫", feedback: "厵书" + mark + "籲",
	}
}

// live takes an incident from its call to its close, with a file on it.
func (h *house) live(id, k string, s spoken) (recording string) {
	h.t.Helper()
	i, caller := cad.IncidentID(id), call.Subject(cad.CallID(k))
	on := incident.Subject(i)
	h.do(joint.Receive{
		ID: i, Call: cad.CallID(k), Source: incident.Phone, Type: "theft",
		Caller:  h.seal(caller, board.Caller{Name: s.number + " caller", Number: s.number}),
		Private: h.seal(on, board.Opening{Narrative: s.narrative, Address: s.address}),
	})
	h.do(joint.AboutIncident{ID: i, Name: "locate", Cmd: incident.Locate{ID: i, Address: h.seal(on, board.Opening{Address: s.corrected})}})
	h.do(joint.Classify{ID: i, Priority: cad.P2, Reason: h.seal(on, board.Words{Text: s.regraded})})
	h.do(joint.AboutIncident{ID: i, Name: "note", Cmd: incident.Note{ID: i, Text: h.seal(on, board.Words{Text: s.note})}})
	h.do(joint.AboutIncident{ID: i, Name: "feedback", Cmd: incident.GiveFeedback{
		ID: i, Kind: incident.Final, Result: "done", Text: h.seal(on, board.Words{Text: s.feedback}),
	}})
	recording = must(h.blobs.Put(h.t.Context(), caller, []byte("the voice of "+s.number)))(h.t)
	h.step()
	h.do(joint.AboutIncident{ID: i, Name: "review", Cmd: incident.Review{ID: i}})
	h.do(joint.AboutIncident{ID: i, Name: "close", Cmd: incident.Close{ID: i}})
	h.step()
	return recording
}

// step lets every reactor do what it has to do.
func (h *house) step() {
	h.t.Helper()
	must(h.erasure.Step(h.t.Context()))(h.t)
	if behind := must(h.index.Step(h.t.Context()))(h.t); behind != 0 {
		h.t.Fatalf("the archive is %d records behind", behind)
	}
	if err := h.witness.Sign(h.t.Context(), h.desk.Now()); err != nil {
		h.t.Fatal(err)
	}
}

// found lists the lives that a search finds.
func (h *house) found(query string) []string {
	h.t.Helper()
	var ids []string
	for _, hit := range must(h.index.Hits(h.t.Context(), query, 0))(h.t) {
		ids = append(ids, hit.ID)
	}
	return ids
}

// scan names the files of the folder that hold some bytes.
func (h *house) scan(what []byte) []string {
	h.t.Helper()
	var in []string
	err := filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil && bytes.Contains(b, what) {
			in = append(in, strings.TrimPrefix(path, h.dir+"/"))
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return in
}

// traces are what must be nowhere after the words are erased: the words, and any two neighbouring signs of them that
// ordinary text does not have.
func traces(s spoken) []string {
	out := append(s.all(), s.number+" caller")
	return append(out, "龘靐", "靐"+string([]rune(s.narrative)[2]), "齉爩", "虪巷", "麤里", "鸜因", "讟话", "厵书")
}

// slot is the stored key of a subject, as it stands in the key store's file: a header and slots of 64 bytes.
func (h *house) slot(s cad.Subject) []byte {
	h.t.Helper()
	for r, err := range h.store.BySubject(h.t.Context(), s) {
		if err != nil {
			h.t.Fatal(err)
		}
		if r.Private != nil && r.Private.Subject == s {
			b := must(os.ReadFile(h.path("keys/slots.bin")))(h.t)
			return bytes.Clone(b[(r.Private.Slot+1)*64:][:60])
		}
	}
	h.t.Fatalf("%s has no private part", s)
	return nil
}

func (h *house) replayed() [32]byte {
	h.t.Helper()
	ctx := h.t.Context()
	codec := must(joint.NewCodec())(h.t)
	again := joint.NewHouse(func(s cad.Subject) ([]journal.Record, error) {
		var out []journal.Record
		for r, err := range h.store.BySubject(ctx, s) {
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
		return out, nil
	})
	for r, err := range h.store.Read(ctx, 0) {
		if err == nil {
			err = again.Replay(codec, r)
		}
		if err != nil {
			h.t.Fatal(err)
		}
	}
	return must(again.Hash())(h.t)
}

func (h *house) checkProof() {
	h.t.Helper()
	public := must(witness.ReadPublic(h.path("keys/witness.pem.pub")))(h.t)
	report := must(witness.Check(h.t.Context(), h.store, h.path("heads"), public))(h.t)
	if report.Heads < 4 || report.Covered != int64(h.desk.Head()) || report.Records != report.Covered {
		h.t.Errorf("the proof is %+v, the journal ends at %d", report, h.desk.Head())
	}
}

// stays checks everything that an erasure must leave as it was.
func (h *house) stays(other spoken) {
	h.t.Helper()
	live, _, err := h.desk.Hash(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	if h.replayed() != live {
		h.t.Error("a replay from the first record is not the live state")
	}
	h.checkProof()
	for _, word := range []string{other.number, other.narrative, other.corrected, other.note, other.feedback} {
		if got := h.found(word); !slices.Equal(got, []string{"incident:other"}) {
			h.t.Errorf("%q is found in %v", word, got)
		}
	}
	if got := h.found("盗窃"); !slices.Contains(got, "incident:other") {
		h.t.Errorf("the name of a type finds %v", got)
	}
}

func (h *house) gone(s spoken) {
	h.t.Helper()
	for _, word := range s.all() {
		if got := h.found(word); len(got) != 0 {
			h.t.Errorf("%q is still found in %v", word, got)
		}
	}
	for _, trace := range traces(s) {
		if in := h.scan([]byte(trace)); len(in) != 0 {
			h.t.Errorf("%q still stands in %v", trace, in)
		}
	}
}

// TestErasure is the whole promise: after an order nothing that was said about one incident is in any byte of any
// file, and everything else is as it was.
func TestErasure(t *testing.T) {
	h := newHouse(t)
	doomed, other := about("4417"), about("8526")
	// The other one's words share no rare sign with the doomed one's.
	other.narrative, other.address, other.corrected, other.regraded, other.note, other.feedback = "南门书店门口8526", "南门1号8526", "南门2号8526", "又来电8526", "白色轿车8526", "已登记8526"
	voice := h.live("doomed", "k1", doomed)
	otherVoice := h.live("other", "k2", other)
	for _, word := range []string{doomed.number, doomed.narrative, doomed.corrected, doomed.note, doomed.feedback} {
		if got := h.found(word); !slices.Equal(got, []string{"incident:doomed"}) {
			t.Fatalf("before the erasure %q is found in %v", word, got)
		}
		in := h.scan([]byte(word))
		if word == doomed.number { // Found by its digest; no byte of any file is the number.
			if len(in) != 0 {
				t.Fatalf("the number stands in %v", in)
			}
			continue
		}
		if len(in) == 0 || slices.ContainsFunc(in, func(f string) bool { return !strings.HasPrefix(f, "archive.db") }) {
			t.Fatalf("before the erasure %q stands in %v; only the archive may hold it in the clear", word, in)
		}
	}
	h.stays(other)
	slots := [][]byte{h.slot("incident:doomed"), h.slot("call:k1")}
	for _, s := range slots {
		if in := h.scan(s); !slices.Equal(in, []string{"keys/slots.bin"}) {
			t.Fatalf("a key stands in %v", in)
		}
	}

	h.do(joint.Erase{Subject: "incident:doomed", Ground: "PIPL 47"}) // Its call goes with it.
	h.step()

	check := func() {
		t.Helper()
		h.gone(doomed)
		h.stays(other)
		for _, s := range slots {
			if in := h.scan(s); len(in) != 0 {
				t.Errorf("an erased key still stands in %v", in)
			}
		}
		if content, err := h.blobs.Get(t.Context(), voice); err == nil {
			t.Errorf("the recording is still there: %q", content)
		}
		if in := h.scan([]byte(cad.Subject("call:k1"))); slices.ContainsFunc(in, func(f string) bool { return strings.HasPrefix(f, "blobs") }) {
			t.Errorf("a file of the erased call is left: %v", in)
		}
		must(h.blobs.Get(t.Context(), otherVoice))(t)
	}
	check()
	before := must(h.archive.Search(t.Context(), archive.Query{}))(t)

	// A restart, with the archive filled again from nothing.
	h.close()
	check0 := h.scan([]byte(doomed.number))
	if len(check0) != 0 {
		t.Errorf("after the stop the number stands in %v", check0)
	}
	if err := archive.Remove(h.path("archive.db")); err != nil {
		t.Fatal(err)
	}
	h.open()
	h.step()
	check()
	if again := must(h.archive.Search(t.Context(), archive.Query{}))(t); !reflect.DeepEqual(again, before) {
		t.Errorf("filled again the archive is\n%+v\nnot\n%+v", again, before)
	}
	if orders := must(h.erasure.Again(t.Context()))(t); orders != 2 {
		t.Errorf("carried out %d orders again, want 2", orders)
	}
	check()
	h.close()
}

// TestErasedCall takes the caller's number out of the incident's row and leaves the rest of it.
func TestErasedCall(t *testing.T) {
	h := newHouse(t)
	s := about("3391")
	h.live("one", "k1", s)
	h.do(joint.Erase{Subject: "call:k1", Ground: "PIPL 47"})
	if behind := must(h.index.Step(t.Context()))(t); behind != 0 { // The archive alone, before the key is destroyed.
		t.Fatal(behind)
	}
	if got := h.found(s.number); len(got) != 0 {
		t.Errorf("the number is still found in %v", got)
	}
	if in := h.scan([]byte(s.number)); len(in) != 0 {
		t.Errorf("the number still stands in %v", in)
	}
	if got := h.found(s.note); !slices.Equal(got, []string{"incident:one"}) {
		t.Errorf("the note is found in %v", got)
	}
	h.close()
}

// TestCutShort stops between the order and its execution.
func TestCutShort(t *testing.T) {
	h := newHouse(t)
	s := about("6604")
	voice := h.live("one", "k1", s)
	h.do(joint.Erase{Subject: "incident:one", Ground: "PIPL 47"})
	if len(h.scan([]byte(s.note))) == 0 {
		t.Fatal("nothing is left to be carried out")
	}
	h.close()
	h.open()
	ctx, stop := context.WithCancel(t.Context())
	if err := h.erasure.Watch(ctx); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); h.erasure.Follow(ctx) }()
	deadline := time.Now().Add(10 * time.Second)
	for cursor := cad.Seq(0); cursor != h.desk.Head(); {
		if time.Now().After(deadline) {
			t.Fatal("the orders are not carried out")
		}
		cursor = must(h.store.Cursor(ctx, "erasure"))(t)
	}
	stop()
	<-done
	h.gone(s)
	if _, err := h.blobs.Get(t.Context(), voice); err == nil {
		t.Error("the recording is still there")
	}
	if done := must(h.erasure.Step(t.Context()))(t); done != 0 {
		t.Errorf("%d orders were carried out a second time", done)
	}
	h.close()
}

// TestErasedDuress takes away what officers in danger said, and nothing else about them: of one duress alone, and of a
// unit under which older versions sealed such words.
func TestErasedDuress(t *testing.T) {
	h := newHouse(t)
	boxes := map[cad.Subject]cad.Sealed{}
	raise := func(u cad.UnitID, s cad.Subject) {
		t.Helper()
		kind, id := s.Split()
		d := cad.DuressID(id)
		if kind == "unit" {
			d = ""
		}
		say := func(words string) cad.Sealed {
			boxes[s] = h.seal(s, board.Words{Text: words})
			return boxes[s]
		}
		about := func(name string, c unit.Command) { h.do(joint.AboutUnit{ID: u, Name: name, Cmd: c}) }
		about("duress", unit.RaiseDuress{ID: u, Duress: d, Text: say("龘靐 behind the mill")})
		about("duress", unit.RaiseDuress{ID: u, Duress: d, Text: say("齉爩 has a knife")})
		about("clear_duress", unit.ClearDuress{ID: u, Duress: d, Text: say("虪巷 seen by 102")})
	}
	raise("101", "duress:d1")
	raise("101", "duress:d2")
	raise("102", "unit:102")
	slots := map[cad.Subject][]byte{}
	for s := range boxes {
		slots[s] = h.slot(s)
		if in := h.scan(slots[s]); !slices.Equal(in, []string{"keys/slots.bin"}) {
			t.Fatalf("the key of %s stands in %v", s, in)
		}
	}
	gone := func(want ...cad.Subject) {
		t.Helper()
		for _, word := range []string{"龘靐", "齉爩", "虪巷"} {
			if in := h.scan([]byte(word)); len(in) != 0 {
				t.Errorf("%q stands in %v", word, in)
			}
		}
		for s, box := range boxes {
			erased := slices.Contains(want, s)
			if in := h.scan(slots[s]); (len(in) == 0) != erased {
				t.Errorf("%s, erased %v: its key stands in %v", s, erased, in)
			}
			if ok := must(h.desk.Unseal(box, &board.Words{}))(t); ok == erased {
				t.Errorf("%s, erased %v: it opens: %v", s, erased, ok)
			}
		}
		if live, _, err := h.desk.Hash(t.Context()); err != nil || h.replayed() != live {
			t.Errorf("a replay from the first record is not the live state (%v)", err)
		}
	}
	gone()
	h.do(joint.Erase{Subject: "duress:d1", Ground: "PIPL 47"})
	h.step()
	gone("duress:d1")
	h.do(joint.Erase{Subject: "unit:102", Also: []cad.Subject{"duress:d2"}, Ground: "PIPL 47"})
	h.step()
	gone("duress:d1", "duress:d2", "unit:102")
	h.close()
	h.open()
	gone("duress:d1", "duress:d2", "unit:102")

	raise("102", "duress:d3") // Nothing of what was erased stands in the way of the next one.
	slots["duress:d3"] = h.slot("duress:d3")
	gone("duress:d1", "duress:d2", "unit:102")
	h.close()
}
