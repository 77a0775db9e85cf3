package journal_test

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"shuniu/internal/cad"
	"shuniu/internal/journal"
)

// leaves is a list of leaf hashes that can be asked as a store is.
type leaves []tlog.Hash

func (l leaves) Leaves(_ context.Context, after, to cad.Seq) iter.Seq2[tlog.Hash, error] {
	return func(yield func(tlog.Hash, error) bool) {
		for seq := after; seq < to; seq++ {
			if int(seq) >= len(l) {
				yield(tlog.Hash{}, journal.ErrPosition)
				return
			}
			if !yield(l[seq], nil) {
				return
			}
		}
	}
}

func grown(t *testing.T, n int) (*journal.Tree, leaves, []tlog.Hash) {
	t.Helper()
	tree, l, heads := &journal.Tree{}, make(leaves, n), make([]tlog.Hash, n+1)
	_, heads[0] = tree.Head()
	for i := range l {
		l[i] = journal.Leaf(fmt.Appendf(nil, "record %d", i+1))
		tree.Append(l[i])
		_, heads[i+1] = tree.Head()
	}
	return tree, l, heads
}

// The tree's heads are those of the reference, and every proof that it gives is taken by a stranger.
func TestTree(t *testing.T) {
	const n = 300
	tree, l, heads := grown(t, n)
	var stored []tlog.Hash
	reference := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = stored[x]
		}
		return out, nil
	})
	for size := range int64(n + 1) {
		if size > 0 {
			more, err := tlog.StoredHashesForRecordHash(size-1, l[size-1], reference)
			if err != nil {
				t.Fatal(err)
			}
			stored = append(stored, more...)
		}
		want, err := tlog.TreeHash(size, reference)
		if err != nil || heads[size] != want {
			t.Fatalf("the head of %d records is %s, want %s: %v", size, heads[size], want, err)
		}
	}
	for size := int64(1); size <= n; size += 7 {
		for seq := cad.Seq(1); int64(seq) <= size; seq += 11 {
			p, err := tree.ProveRecord(t.Context(), l, size, seq)
			if err != nil {
				t.Fatal(err)
			}
			if err := journal.CheckRecord(p, size, heads[size], seq, l[seq-1]); err != nil {
				t.Fatal(err)
			}
			if err := journal.CheckRecord(p, size, heads[size], seq, l[int(seq)%n]); err == nil {
				t.Fatalf("record %d was proved with another's leaf", seq)
			}
		}
		for old := int64(1); old <= size; old += 13 {
			p, err := tree.ProveTree(t.Context(), l, old, size)
			if err != nil {
				t.Fatal(err)
			}
			if err := journal.CheckTree(p, size, heads[size], old, heads[old]); err != nil {
				t.Fatal(err)
			}
			if err := journal.CheckTree(p, size, heads[size], old, heads[old-1]); err == nil {
				t.Fatalf("%d continues a head that it does not", size)
			}
		}
	}
	if _, err := tree.ProveRecord(t.Context(), l, n+1, 1); err == nil {
		t.Error("a proof was given for a size that is not reached")
	}
}

// A tree that a snapshot brought back goes on and proves as if it had never been away.
func TestTreeFromEdge(t *testing.T) {
	const n = 5_000
	_, l, heads := grown(t, n)
	for _, cut := range []int{0, 1, 255, 256, 3_333, 4_096, n} {
		part := &journal.Tree{}
		for _, leaf := range l[:cut] {
			part.Append(leaf)
		}
		kept, err := json.Marshal(part.Edge())
		if err != nil {
			t.Fatal(err)
		}
		var e journal.Edge
		if err := json.Unmarshal(kept, &e); err != nil {
			t.Fatal(err)
		}
		tree, err := journal.TreeFromEdge(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, leaf := range l[cut:] {
			tree.Append(leaf)
		}
		if size, h := tree.Head(); size != n || h != heads[n] {
			t.Fatalf("cut at %d: head %d %s", cut, size, h)
		}
		for _, seq := range []cad.Seq{1, 256, 257, 3_000, n} {
			p, err := tree.ProveRecord(t.Context(), l, n, seq)
			if err != nil {
				t.Fatal(err)
			}
			if err := journal.CheckRecord(p, n, heads[n], seq, l[seq-1]); err != nil {
				t.Fatalf("cut at %d: %v", cut, err)
			}
		}
	}
	if _, err := journal.TreeFromEdge(journal.Edge{Size: 3}); !errors.Is(err, journal.ErrCorrupt) {
		t.Errorf("an edge without hashes was taken: %v", err)
	}
}

func testKey() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)) }

// A head's text is taken back only as it was signed.
func TestSignedHead(t *testing.T) {
	_, l, heads := grown(t, 3)
	pub, ok := testKey().Public().(ed25519.PublicKey)
	if !ok {
		t.Fatal("no public key")
	}
	h := journal.SignHead(testKey(), "yunze", int64(len(l)), heads[3], time.Date(2030, 1, 1, 18, 0, 0, 5, time.UTC))
	text := h.Text()
	back, err := journal.ParseHead(text)
	if err != nil || back.Verify(pub) != nil {
		t.Fatalf("%v %v\n%s", err, back.Verify(pub), text)
	}
	for i := range text {
		for bit := range 8 {
			text[i] ^= 1 << bit
			if h, err := journal.ParseHead(text); err == nil && h.Verify(pub) == nil {
				t.Errorf("bit %d of byte %d changes nothing:\n%s", bit, i, text)
			}
			text[i] ^= 1 << bit
		}
	}
}

// A loss of power in the middle of a head costs that head and no other; damage anywhere else is said.
func TestHeadLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "heads")
	log, _, err := journal.OpenHeadLog(path)
	if err != nil {
		t.Fatal(err)
	}
	_, l, heads := grown(t, 90)
	at := time.Date(2030, 1, 1, 18, 0, 0, 0, time.UTC)
	for size := 30; size <= 90; size += 30 {
		if err := log.Append(journal.SignHead(testKey(), "yunze", int64(size), heads[size], at), l[size-30:size]); err != nil {
			t.Fatal(err)
		}
	}
	if err := log.Append(journal.SignHead(testKey(), "yunze", 95, heads[90], at), l[:4]); !errors.Is(err, journal.ErrPosition) {
		t.Errorf("a head without its leaves was kept: %v", err)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := 1; cut < len(content)/3; cut += 9 {
		if err := os.WriteFile(path, content[:len(content)-cut], 0o600); err != nil {
			t.Fatal(err)
		}
		log, found, err := journal.OpenHeadLog(path)
		if err != nil || len(found) != 2 || found[1].Size != 60 {
			t.Fatalf("cut by %d: %d heads, %v", cut, len(found), err)
		}
		if err := errors.Join(log.Append(journal.SignHead(testKey(), "yunze", 90, heads[90], at), l[60:]), log.Close()); err != nil {
			t.Fatal(err)
		}
		if again, err := os.ReadFile(path); err != nil || string(again) != string(content) {
			t.Fatalf("cut by %d: the file is not the same again: %v", cut, err)
		}
	}
	content[len(content)/2] ^= 0x80
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := journal.OpenHeadLog(path); !errors.Is(err, journal.ErrCorrupt) {
		t.Errorf("a damaged head was taken: %v", err)
	}
}
