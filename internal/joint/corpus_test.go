package joint_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"shuniu/internal/alarm"
	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
	"shuniu/internal/order"
	"shuniu/internal/org"
	"shuniu/internal/report"
	"shuniu/internal/unit"
)

// The journals in testdata/corpus were written by earlier versions and are never written again: each must replay to
// its hash for ever, without the keys of its private parts. A new version adds a folder of its own with
//
//	SHUNIU_WRITE_CORPUS=v0.2 go test ./internal/joint -run TestCorpus
//
// which plays testdata/stories/everything.txt. A hash may change only when the state itself has a new shape: then
// SHUNIU_WRITE_HASH=1 writes the hashes anew, and the commit says why.
func TestCorpus(t *testing.T) {
	if name := os.Getenv("SHUNIU_WRITE_CORPUS"); name != "" {
		writeCorpus(t, filepath.Join("testdata", "corpus", name))
	}
	versions, err := filepath.Glob(filepath.Join("testdata", "corpus", "*"))
	if err != nil || len(versions) == 0 {
		t.Fatalf("there is no kept journal: %v", err)
	}
	for _, dir := range versions {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			sum := replayCorpus(t, readCorpus(t, dir))
			file := filepath.Join(dir, "hash.txt")
			if os.Getenv("SHUNIU_WRITE_HASH") != "" {
				if err := os.WriteFile(file, []byte(sum+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.TrimSpace(string(want)) != sum {
				t.Errorf("it replays to %s, and did to %s", sum, want)
			}
		})
	}
}

// The newest kept journal holds every fact that any room knows, and each is written today as it was then, so that none
// can change its form unnoticed: a new form is a new version of the fact, and a new kept journal.
func TestCorpusHoldsEveryFact(t *testing.T) {
	versions, err := filepath.Glob(filepath.Join("testdata", "corpus", "*"))
	if err != nil || len(versions) == 0 {
		t.Fatalf("there is no kept journal: %v", err)
	}
	codec, err := joint.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	held, private := map[string]bool{}, 0
	for _, r := range readCorpus(t, slices.Max(versions)) {
		f, err := codec.Decode(r)
		if err != nil {
			t.Fatal(err)
		}
		again := r
		if err := codec.Encode(&again, f); err != nil || !bytes.Equal(again.Data, r.Data) || again.Version != r.Version {
			t.Errorf("record %d is another fact now (%v):\n%s\n%s", r.Seq, err, r.Data, again.Data)
		}
		held[r.Type] = true
		if r.Private != nil {
			private++
		}
	}
	for _, k := range slices.Concat(org.Facts(), unit.Facts(), call.Facts(), incident.Facts(), assignment.Facts(), alarm.Facts(), order.Facts(), report.Facts(), joint.Facts()) {
		if !held[k.Type] {
			t.Errorf("no %s", k.Type)
		}
	}
	if private == 0 {
		t.Error("no private part")
	}
}

// readCorpus gives the records, each of which must be written again exactly as it stands there.
func readCorpus(t *testing.T, dir string) []journal.Record {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var out []journal.Record
	for line := range bytes.Lines(b) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		r, err := journal.ParseRecord(line)
		if err != nil {
			t.Fatal(err)
		}
		again, err := r.Bytes()
		if err != nil || !bytes.Equal(again, line) {
			t.Fatalf("record %d is written in another way now (%v):\n%s\n%s", r.Seq, err, line, again)
		}
		out = append(out, r)
	}
	return out
}

func replayCorpus(t *testing.T, records []journal.Record) string {
	t.Helper()
	codec, err := joint.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	h := joint.NewHouse(func(s cad.Subject) ([]journal.Record, error) {
		return slices.DeleteFunc(slices.Clone(records), func(r journal.Record) bool { return !slices.Contains(r.Subjects, s) }), nil
	})
	var sum [32]byte // Over the states after each record: lives that leave memory later count too.
	for _, r := range records {
		if err := h.Replay(codec, r); err != nil {
			t.Fatal(err)
		}
		state, err := h.Hash()
		if err != nil {
			t.Fatal(err)
		}
		sum = sha256.Sum256(append(sum[:], state[:]...))
	}
	return hex.EncodeToString(sum[:])
}

func writeCorpus(t *testing.T, dir string) {
	t.Helper()
	if err := os.Mkdir(dir, 0o750); err != nil {
		t.Fatalf("a kept journal is never written again: %v", err)
	}
	w := newTown(t)
	datadriven.RunTest(t, "testdata/stories/everything.txt", func(t *testing.T, d *datadriven.TestData) string { return w.play(t, d) })
	var out bytes.Buffer
	for _, r := range w.records {
		b, err := r.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(b, '\n'))
	}
	if err := os.WriteFile(filepath.Join(dir, "journal.jsonl"), out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "hash.txt"), []byte(replayCorpus(t, w.records)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}
