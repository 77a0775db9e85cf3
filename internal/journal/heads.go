package journal

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// SignedHead is a journal's end at a moment, signed, so that whoever keeps it can later show that a record was
// changed, taken out or rolled back.
type SignedHead struct {
	Centre    cad.CentreID
	Size      int64 // Number of records covered.
	Hash      tlog.Hash
	At        time.Time // When it was signed, UTC, to the second.
	Signature []byte    // Ed25519 over the text before it.
}

const headTitle = "shuniu journal head v1"

// SignHead signs the end of a journal.
func SignHead(key ed25519.PrivateKey, centre cad.CentreID, size int64, hash tlog.Hash, at time.Time) SignedHead {
	h := SignedHead{Centre: centre, Size: size, Hash: hash, At: at.UTC().Truncate(time.Second)}
	h.Signature = ed25519.Sign(key, h.signed())
	return h
}

func (h SignedHead) signed() []byte {
	return fmt.Appendf(nil, "%s\ncentre %q\nsize %d\nhash %s\nat %s\n", headTitle, h.Centre, h.Size, h.Hash, h.At.UTC().Format(time.RFC3339))
}

// Text is the form in which heads are kept and sent to witnesses: six lines, the last one the signature.
func (h SignedHead) Text() []byte {
	return fmt.Appendf(h.signed(), "signature %s\n", base64.StdEncoding.EncodeToString(h.Signature))
}

// ParseHead reads the text of a head. It does not verify it.
func ParseHead(text []byte) (SignedHead, error) {
	var h SignedHead
	bad := func(what string, err error) (SignedHead, error) {
		return SignedHead{}, fault.Wrap("journal.ParseHead", fault.Invalid, errors.Join(ErrCorrupt, err), "this is no signed head: %s", what)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if len(lines) != 6 || lines[0] != headTitle {
		return bad("title or number of lines", nil)
	}
	values := make([]string, 0, 5)
	for i, name := range []string{"centre", "size", "hash", "at", "signature"} {
		v, ok := strings.CutPrefix(lines[i+1], name+" ")
		if !ok {
			return bad(name, nil)
		}
		values = append(values, v)
	}
	centre, err := strconv.Unquote(values[0])
	if err != nil {
		return bad("centre", err)
	}
	h.Centre = cad.CentreID(centre)
	if h.Size, err = strconv.ParseInt(values[1], 10, 64); err != nil || h.Size < 0 {
		return bad("size", err)
	}
	if h.Hash, err = tlog.ParseHash(values[2]); err != nil {
		return bad("hash", err)
	}
	if h.At, err = time.Parse(time.RFC3339, values[3]); err != nil {
		return bad("at", err)
	}
	if h.Signature, err = base64.StdEncoding.DecodeString(values[4]); err != nil {
		return bad("signature", err)
	}
	if !bytes.Equal(h.Text(), text) {
		return bad("not the canonical form", nil)
	}
	return h, nil
}

// Verify checks the signature.
func (h SignedHead) Verify(key ed25519.PublicKey) error {
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, h.signed(), h.Signature) {
		return fault.Wrap("journal.SignedHead", fault.Conflict, ErrCorrupt, "the signature of the head of %d records is wrong", h.Size)
	}
	return nil
}

// HeadLog keeps signed heads in a file outside the database, and beside it the leaf hash of every record that
// they cover (32 bytes each): the heads show that something was changed, the leaves show which record.
type HeadLog struct {
	heads  *os.File
	leaves *os.File
	last   int64 // Size of the newest head.
	end    int64 // Bytes of whole heads.
}

// OpenHeadLog opens the file of heads, and the file of leaves beside it (path + ".leaves"), or makes them. A head that a loss of
// power cut short is dropped; any other damage is ErrCorrupt.
func OpenHeadLog(path string) (*HeadLog, []SignedHead, error) {
	l, heads, err := readHeadLog(path, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, nil, err
	}
	d, err := os.Open(filepath.Dir(path))
	if err == nil {
		err = errors.Join(d.Sync(), d.Close())
	}
	if err != nil {
		return nil, nil, fmt.Errorf("journal: the folder of the signed heads cannot be synced: %w", errors.Join(err, l.Close()))
	}
	return l, heads, nil
}

// ReadHeadLog reads the same two files and changes neither, for whoever checks: also a copy that cannot be written,
// and beside the process that signs.
func ReadHeadLog(path string) (*HeadLog, []SignedHead, error) {
	return readHeadLog(path, os.O_RDONLY)
}

func readHeadLog(path string, how int) (*HeadLog, []SignedHead, error) {
	l := &HeadLog{}
	var err error
	if l.heads, err = os.OpenFile(path, how, 0o600); err != nil {
		return nil, nil, fmt.Errorf("journal: the signed heads cannot be opened: %w", err)
	}
	if l.leaves, err = os.OpenFile(path+".leaves", how, 0o600); err != nil {
		return nil, nil, fmt.Errorf("journal: the leaves cannot be opened: %w", errors.Join(err, l.heads.Close()))
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("journal: the signed heads cannot be read: %w", errors.Join(err, l.Close()))
	}
	var heads []SignedHead
	for {
		text, _, whole := bytes.Cut(content[l.end:], []byte("\n\n"))
		if !whole {
			break
		}
		h, err := ParseHead(append(bytes.Clone(text), '\n'))
		if err != nil {
			return nil, nil, fmt.Errorf("journal: head %d in %s: %w", len(heads)+1, path, errors.Join(err, l.Close()))
		}
		heads = append(heads, h)
		l.last = h.Size
		l.end += int64(len(text)) + 2
	}
	return l, heads, nil
}

// Append keeps a head and the leaves of the records since the one before. Both are durable when it returns.
func (l *HeadLog) Append(h SignedHead, leaves []tlog.Hash) error {
	if h.Size < l.last || h.Size-l.last != int64(len(leaves)) {
		return fault.Wrap("journal.HeadLog", fault.Internal, ErrPosition, "%d leaves do not lead from head %d to head %d", len(leaves), l.last, h.Size)
	}
	raw := make([]byte, 0, len(leaves)*tlog.HashSize)
	for _, leaf := range leaves {
		raw = append(raw, leaf[:]...)
	}
	if _, err := l.leaves.WriteAt(raw, l.last*tlog.HashSize); err != nil {
		return fmt.Errorf("journal: the leaves cannot be kept: %w", err)
	}
	text := append(h.Text(), '\n')
	if err := l.heads.Truncate(l.end); err != nil { // A head that was cut short.
		return fmt.Errorf("journal: the signed head cannot be kept: %w", err)
	}
	if _, err := l.heads.WriteAt(text, l.end); err != nil {
		return fmt.Errorf("journal: the signed head cannot be kept: %w", err)
	}
	if err := errors.Join(l.leaves.Sync(), l.heads.Sync()); err != nil {
		return fmt.Errorf("journal: the signed head may not be durable: %w", err)
	}
	l.last, l.end = h.Size, l.end+int64(len(text))
	return nil
}

// Leaves gives the kept leaf hashes, as Store.Leaves does.
func (l *HeadLog) Leaves(_ context.Context, after, to cad.Seq) iter.Seq2[tlog.Hash, error] {
	return func(yield func(tlog.Hash, error) bool) {
		buf := make([]byte, 1024*tlog.HashSize)
		for after < to {
			n := min(int64(to-after), 1024) * tlog.HashSize
			if _, err := l.leaves.ReadAt(buf[:n], int64(after)*tlog.HashSize); err != nil {
				yield(tlog.Hash{}, fmt.Errorf("journal: the leaves cannot be read: %w", err))
				return
			}
			for i := int64(0); i < n; i += tlog.HashSize {
				if !yield(tlog.Hash(buf[i:i+tlog.HashSize]), nil) {
					return
				}
				after++
			}
		}
	}
}

// Close lets go of the files.
func (l *HeadLog) Close() error { return errors.Join(l.heads.Close(), l.leaves.Close()) }

// Tampered says what a verification found. It is an ErrCorrupt.
type Tampered struct {
	First, Last cad.Seq // The first bad record lies here; the same if it is known exactly.
	Head        int     // Which of the heads shows it, from 0; -1 if the store itself does.
	Why         string
	Err         error // What the store said; may be nil.
}

// Error names the place.
func (t *Tampered) Error() string {
	place := fmt.Sprintf("record %d", t.First)
	if t.First != t.Last {
		place = fmt.Sprintf("one of records %d to %d", t.First, t.Last)
	}
	return fmt.Sprintf("journal: %s: %s", place, t.Why)
}

// Unwrap makes it an ErrCorrupt.
func (t *Tampered) Unwrap() []error { return []error{ErrCorrupt, t.Err} }

// Verify recomputes the whole tree from the stored bytes and compares it with every kept head, oldest first. It
// returns how many records it read. kept are the leaves that belong to the heads (a HeadLog); it may be nil, and
// then only the span between two heads can be named. A finding is a *Tampered.
func Verify(ctx context.Context, store Store, key ed25519.PublicKey, heads []SignedHead, kept Leaver) (int64, error) {
	end, damaged := store.Head(ctx)
	if damaged != nil && !errors.Is(damaged, ErrCorrupt) {
		return 0, fmt.Errorf("journal: the end cannot be read: %w", damaged)
	}
	if damaged != nil { // The last record cannot be read; the heads say how far to look for the place.
		for _, h := range heads {
			end.Seq = max(end.Seq, cad.Seq(h.Size))
		}
	}
	var now edge
	for i, h := range heads {
		before := now
		if err := h.Verify(key); err != nil {
			return now.size, fmt.Errorf("journal: head %d: %w", i, err)
		}
		switch {
		case h.Size < now.size:
			return now.size, &Tampered{First: cad.Seq(h.Size) + 1, Last: cad.Seq(now.size), Head: i, Why: "a later head covers fewer records than an earlier one"}
		case h.Size > int64(end.Seq):
			return now.size, &Tampered{First: end.Seq + 1, Last: end.Seq + 1, Head: i, Why: fmt.Sprintf("the journal ends at %d, a head covers %d: it was cut or an older copy was put in its place", end.Seq, h.Size)}
		}
		if err := grow(ctx, store, &now, h.Size); err != nil {
			return now.size, err
		}
		if now.head() != h.Hash {
			return now.size, place(ctx, store, kept, before, h, i)
		}
	}
	if damaged != nil {
		return now.size, &Tampered{First: end.Seq + 1, Last: end.Seq + 1, Head: -1, Why: "this record or a later one cannot be read", Err: damaged}
	}
	err := grow(ctx, store, &now, int64(end.Seq))
	return now.size, err
}

// grow adds the store's leaves up to a size. Damage that the store sees by itself is named at once.
func grow(ctx context.Context, store Leaver, e *edge, size int64) error {
	for leaf, err := range store.Leaves(ctx, cad.Seq(e.size), cad.Seq(size)) {
		if errors.Is(err, ErrCorrupt) {
			return &Tampered{First: cad.Seq(e.size) + 1, Last: cad.Seq(e.size) + 1, Head: -1, Why: "it is damaged", Err: err}
		}
		if err != nil {
			return fmt.Errorf("journal: leaf %d cannot be read: %w", e.size+1, err)
		}
		e.add(leaf, nil)
	}
	return nil
}

// place names the first bad record between two heads, by the kept leaves if they agree with the head.
func place(ctx context.Context, store, kept Leaver, before edge, h SignedHead, i int) error {
	found := &Tampered{First: cad.Seq(before.size) + 1, Last: cad.Seq(h.Size), Head: i, Why: "the record is not the one that was signed"}
	if kept == nil {
		return found
	}
	good := before
	if err := grow(ctx, kept, &good, h.Size); err != nil || good.head() != h.Hash {
		found.Why += "; the kept leaves do not agree with the head either"
		return found
	}
	next, stop := iter.Pull2(kept.Leaves(ctx, cad.Seq(before.size), cad.Seq(h.Size)))
	defer stop()
	seq := cad.Seq(before.size)
	for leaf, err := range store.Leaves(ctx, seq, cad.Seq(h.Size)) {
		want, _, ok := next()
		seq++
		if err != nil || !ok || leaf != want {
			found.First, found.Last, found.Err = seq, seq, err
			return found
		}
	}
	return found
}
