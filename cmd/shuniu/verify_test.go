package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/reactor/witness"
	"shuniu/internal/sqlite"
	"shuniu/internal/unit"
)

// verify runs the command and decodes what it says.
func verify(t *testing.T, want int, args ...string) verified {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(context.Background(), append([]string{"verify", "--json"}, args...), &out, &errs); code != want {
		t.Fatalf("verify ended with %d, want %d: %s%s", code, want, out.String(), errs.String())
	}
	if want != 0 && !strings.Contains(errs.String(), "what to do") {
		t.Errorf("it does not say what to do: %s", errs.String())
	}
	var v verified
	if err := json.Unmarshal(out.Bytes(), &v); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	return v
}

// signNow signs the end of a journal at rest, as the service does within a minute.
func signNow(t *testing.T, dir string) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(dir, "journal.db"), sqlite.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	heads := filepath.Join(dir, "witness", "heads.log")
	key, err := witness.OpenKey(filepath.Join(dir, "witness", "witness.key"), heads)
	if err != nil {
		t.Fatal(err)
	}
	w, err := witness.Open(t.Context(), witness.Options{Store: store, Centre: "yunze", Heads: heads, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Sign(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// copyFolder copies a data folder as it is at rest.
func copyFolder(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}

// take posts incidents.
func (s *server) take(n int) {
	s.t.Helper()
	for i := range n {
		if code := s.ask(http.MethodPost, "/api/v1/incidents", map[string]string{"narrative": fmt.Sprint("help ", i)}, http.Header{"Idempotency-Key": {fmt.Sprint("key-", time.Now().UnixNano())}}, nil); code != http.StatusCreated {
			s.t.Fatalf("an incident gets %d", code)
		}
	}
}

// Promise P6 at the command line: what is whole passes, at rest and beside a running service; a flipped byte, a cut
// file, a rolled-back file and another past are found, and the place is named.
func TestVerify(t *testing.T) {
	t.Chdir("../..")
	dir := t.TempDir()
	serve := func(dir string) *server {
		return start(t, "serve", "--addr", "127.0.0.1:0", "--data", dir, "--centre", "centres/yunze")
	}
	s := serve(dir)
	s.take(20)
	s.stop()
	signNow(t, dir)
	yesterday := copyFolder(t, dir)
	before := verify(t, 0, "--data", dir)
	s = serve(dir)
	s.take(20)
	if v := verify(t, 0, "--data", dir); v.Records <= before.Records || v.Covered < before.Records { // The service runs on.
		t.Errorf("beside a running service: %+v", v)
	}
	s.stop()
	signNow(t, dir)
	v := verify(t, 0, "--data", dir)
	if !v.OK || v.Records <= before.Records || v.Heads < 2 || v.Covered != v.Records || int64(v.Snapshot) != v.Records || v.Answers < 40 || v.World != "live" || v.Centre != "yunze" {
		t.Errorf("a whole folder: %+v", v)
	}
	if len(v.StateHash) != 64 {
		t.Errorf("the state's hash is %q", v.StateHash)
	}

	name := func(dir string) string { return filepath.Join(dir, "journal.db") }
	change := func(t *testing.T, path string, f func([]byte) []byte) {
		t.Helper()
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name, part string
		first      int64 // 0: the text names the place.
		says       string
		harm       func(t *testing.T, dir string)
	}{
		{"a flipped byte", "journal", 0, "record ", func(t *testing.T, dir string) {
			change(t, name(dir), func(b []byte) []byte {
				at := bytes.Index(b, []byte(`"type":"incident.opened"`))
				if at < 0 {
					t.Fatal("no record is found in the file")
				}
				b[at+10] ^= 1
				return b
			})
		}},
		{"a cut file", "journal", 0, "damaged", func(t *testing.T, dir string) {
			change(t, name(dir), func(b []byte) []byte { return b[:len(b)*2/3] })
		}},
		{"a file of yesterday", "heads", before.Records + 1, "an older copy", func(t *testing.T, dir string) {
			b, err := os.ReadFile(name(yesterday))
			if err != nil {
				t.Fatal(err)
			}
			change(t, name(dir), func([]byte) []byte { return b })
		}},
		{"another past", "heads", before.Records + 1, "not the one that was signed", func(t *testing.T, dir string) {
			lie := copyFolder(t, yesterday)
			s := serve(lie)
			s.take(40)
			s.stop()
			b, err := os.ReadFile(name(lie))
			if err != nil {
				t.Fatal(err)
			}
			change(t, name(dir), func([]byte) []byte { return b })
		}},
		{"a forged head", "heads", 0, "signature", func(t *testing.T, dir string) {
			change(t, filepath.Join(dir, "witness", "heads.log"), func(b []byte) []byte {
				return bytes.Replace(b, []byte("centre \"yunze\""), []byte("centre \"yunzf\""), 1)
			})
		}},
		{"a snapshot of something else", "snapshot", v.Records, "is not what the records lead to", func(t *testing.T, dir string) {
			store, err := sqlite.Open(t.Context(), name(dir), sqlite.Options{ReserveBytes: -1, WALBytes: -1})
			if err != nil {
				t.Fatal(err)
			}
			snap, _, err := store.LatestSnapshot(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			snap.State = bytes.Replace(snap.State, []byte(`"received"`), []byte(`"reviewed"`), 1)
			snap.Hash = sha256.Sum256(snap.State)
			if err := errors.Join(store.SaveSnapshot(t.Context(), snap), store.Close()); err != nil {
				t.Fatal(err)
			}
		}},
		{"no heads", "heads", 0, "no signed heads", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "witness", "heads.log")); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			harmed := copyFolder(t, dir)
			tt.harm(t, harmed)
			v := verify(t, 1, "--data", harmed)
			if len(v.Findings) == 0 {
				t.Fatal("it ended with 1 and says nothing")
			}
			f := v.Findings[0]
			if f.Part != tt.part || int64(f.First) != tt.first && tt.first > 0 || !strings.Contains(f.Text, tt.says) || f.Remedy == "" {
				t.Errorf("found %+v, want %q in %s at %d", f, tt.says, tt.part, tt.first)
			}
		})
	}

	// Heads that were kept elsewhere find what those in the folder do not know: folder and heads of yesterday.
	verify(t, 0, "--data", yesterday)
	v = verify(t, 1, "--data", yesterday, "--heads", filepath.Join(dir, "witness", "heads.log"))
	if f := v.Findings[0]; f.Part != "heads" || int64(f.First) != before.Records+1 {
		t.Errorf("with the heads of today: %+v", f)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"verify", "--data", dir}, &out, &errs); code != 0 || !strings.Contains(out.String(), "nothing is wrong") {
		t.Errorf("in words: %d %s%s", code, out.String(), errs.String())
	}
	if code := run(t.Context(), []string{"verify", "--data", t.TempDir()}, &out, &errs); code != 1 || !strings.Contains(errs.String(), "no journal") {
		t.Errorf("an empty folder: %d %s", code, errs.String())
	}
}

// An answer that speaks of a record which is not its own, or not there, is named.
func TestVerifyAnswers(t *testing.T) {
	store, keys := memstore.New("yunze"), keyfile.Memory()
	d, err := desk.Open(t.Context(), desk.Config{Centre: "yunze", World: cad.Live, Store: store, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	by := desk.Wish{Actor: desk.System(), Key: "k1", Command: joint.AboutUnit{ID: "101", Name: "duress", Cmd: unit.RaiseDuress{ID: "101"}}}
	if _, err := d.Do(t.Context(), by); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, lies := range []int{0, 2} {
		epoch, head, err := store.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		answers := []journal.Answer{
			{Actor: "p1", Key: "not its own", Seq: 1, Body: []byte(`{"seq":1}`), At: time.Now()},
			{Actor: "p1", Key: "not there", Seq: 99, Body: []byte(`{"seq":99}`), At: time.Now()},
		}
		if err := store.Append(t.Context(), epoch, head.Seq, nil, answers[:lies]); err != nil {
			t.Fatal(err)
		}
		v := &verified{say: func(string, ...any) {}}
		if err := v.replay(t.Context(), store); err != nil {
			t.Fatal(err)
		}
		if len(v.Findings) != lies || v.Answers != 1+lies || v.Records != int64(head.Seq) {
			t.Fatalf("with %d lies: %+v", lies, v)
		}
		for i, f := range v.Findings {
			if f.Part != "answers" || f.First != answers[i].Seq {
				t.Errorf("found %+v", f)
			}
		}
	}
}
