// Package witness signs the end of the journal again and again and keeps the signed heads outside the database, so that
// whoever changes, takes out or rolls back a record later is found out. It signs what follows from the leaves that it
// kept itself, never what the database claims about its own past. It must never sign a journal that became shorter.
package witness

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

// When a head is signed.
const (
	signEvery   = time.Minute // As long as anything was written since the last one.
	signRecords = 1000        // Or when so many records came.
	lookEvery   = time.Second // How often Follow looks, by the machine's clock.
)

// Options are what a witness is made of.
type Options struct {
	Store  journal.Store
	Centre cad.CentreID
	Heads  string             // Path of the file of heads; its folder must exist, and should not be the database's disk.
	Key    ed25519.PrivateKey // See OpenKey.
	Log    *slog.Logger       // nil: nothing is logged.
}

// Reactor is the witness of one journal. Make it with Open. It is safe for use by several goroutines.
type Reactor struct {
	opt Options

	mu   sync.Mutex
	kept *journal.HeadLog
	tree journal.Tree
	last journal.SignedHead // The zero value if none was signed.
	why  error              // Why the last look of Follow could not sign; nil if it could.
}

// Open reads the heads that were signed before and the leaves kept with them. It fails with journal.ErrCorrupt when
// they do not belong together or were not signed with this key.
func Open(ctx context.Context, o Options) (_ *Reactor, err error) {
	const op = "witness.Open"
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if len(o.Key) != ed25519.PrivateKeySize {
		return nil, fault.New(op, fault.Internal, "a witness needs a key")
	}
	kept, heads, err := journal.OpenHeadLog(o.Heads)
	if err != nil {
		return nil, fmt.Errorf("witness: %w", err)
	}
	r := &Reactor{opt: o, kept: kept}
	defer func() {
		if err != nil {
			err = errors.Join(err, kept.Close())
		}
	}()
	if len(heads) == 0 {
		return r, nil
	}
	r.last = heads[len(heads)-1]
	public, _ := o.Key.Public().(ed25519.PublicKey)
	if err := r.last.Verify(public); err != nil {
		return nil, fault.Wrap(op, fault.Conflict, err, "the newest head was not signed with this key").
			Mend("put the key back that belongs to these heads")
	}
	if r.last.Centre != o.Centre {
		return nil, fault.Wrap(op, fault.Conflict, journal.ErrCorrupt, "these are the heads of centre %s", r.last.Centre)
	}
	for leaf, err := range kept.Leaves(ctx, 0, cad.Seq(r.last.Size)) {
		if err != nil {
			return nil, fault.Wrap(op, fault.Internal, errors.Join(journal.ErrCorrupt, err), "the kept leaves cannot be read")
		}
		r.tree.Append(leaf)
	}
	if _, hash := r.tree.Head(); hash != r.last.Hash {
		return nil, fault.Wrap(op, fault.Internal, journal.ErrCorrupt, "the kept leaves do not lead to the newest head")
	}
	return r, nil
}

// Step signs a head if one is due at now: when 1,000 records came since the last one, or any record and a minute. It
// says whether it signed. Errors: a *journal.Tampered when the journal is shorter than what was signed, and those of
// the store and of the disk; a step that failed is taken again.
func (r *Reactor) Step(ctx context.Context, now time.Time) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	end, err := r.end(ctx)
	if err != nil {
		return false, err
	}
	fresh := int64(end) - r.last.Size
	if fresh <= 0 || fresh < signRecords && now.Sub(r.last.At) < signEvery {
		return false, nil
	}
	return true, r.sign(ctx, end, now)
}

// Sign signs a head now, if any record came since the last one: before a stop, or because someone asks for one.
func (r *Reactor) Sign(ctx context.Context, now time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	end, err := r.end(ctx)
	if err != nil || int64(end) == r.last.Size {
		return err
	}
	return r.sign(ctx, end, now)
}

func (r *Reactor) end(ctx context.Context) (cad.Seq, error) {
	head, err := r.opt.Store.Head(ctx)
	if err != nil {
		return 0, fmt.Errorf("witness: the journal's end cannot be read: %w", err)
	}
	if int64(head.Seq) < r.last.Size {
		return 0, &journal.Tampered{
			First: head.Seq + 1, Last: head.Seq + 1, Head: -1,
			Why: fmt.Sprintf("the journal ends at %d, a head covers %d: it was cut or an older copy was put in its place", head.Seq, r.last.Size),
		}
	}
	return head.Seq, nil
}

// sign takes in the new leaves and keeps a head over all of them. The tree moves on only when the head is kept.
func (r *Reactor) sign(ctx context.Context, end cad.Seq, now time.Time) error {
	next, err := journal.TreeFromEdge(r.tree.Edge())
	if err != nil {
		return err
	}
	fresh := make([]tlog.Hash, 0, int64(end)-r.last.Size)
	for leaf, err := range r.opt.Store.Leaves(ctx, cad.Seq(r.last.Size), end) {
		if err != nil {
			return fmt.Errorf("witness: leaf %d cannot be read: %w", r.last.Size+int64(len(fresh))+1, err)
		}
		next.Append(leaf)
		fresh = append(fresh, leaf)
	}
	size, hash := next.Head()
	h := journal.SignHead(r.opt.Key, r.opt.Centre, size, hash, now)
	if err := r.kept.Append(h, fresh); err != nil {
		return fmt.Errorf("witness: %w", err)
	}
	for _, leaf := range fresh {
		r.tree.Append(leaf)
	}
	r.last = h
	return nil
}

// Last is the newest head that was signed; false if there is none yet.
func (r *Reactor) Last() (journal.SignedHead, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last, r.last.Size > 0
}

// Follow signs beside a clock until ctx ends. What fails is tried again, and logged once for as long as it is the same.
func (r *Reactor) Follow(ctx context.Context, now func() time.Time) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		_, err := r.Step(ctx, now())
		if ctx.Err() != nil {
			return
		}
		r.note(err)
	}
}

// note keeps why nothing could be signed, and logs it when it changes.
func (r *Reactor) note(err error) {
	r.mu.Lock()
	was := reason(r.why)
	r.why = err
	r.mu.Unlock()
	is := reason(err)
	if is == was {
		return
	}
	switch is {
	case NotTheSigned:
		r.opt.Log.Error("the journal is not the one that was signed; keep a copy of the data folder as it is, then see shuniu verify", "error", err)
	case NothingSigned:
		r.opt.Log.Warn("no head could be signed yet", "error", err)
	default:
		r.opt.Log.Info("heads are signed again")
	}
}

// Why no heads are signed, as codes.
const (
	NotTheSigned  = "journal_not_signed" // The journal is not the one that was signed.
	NothingSigned = "heads_not_signed"   // The disk or the journal could not be used; it is tried again.
)

// Reason is why no heads are signed at the moment, as a code; empty if they are.
func (r *Reactor) Reason() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return reason(r.why)
}

func reason(err error) string {
	var found *journal.Tampered
	switch {
	case err == nil:
		return ""
	case errors.As(err, &found):
		return NotTheSigned
	}
	return NothingSigned
}

// Covered is how many records the newest head in a file covers; 0 if there is none, or if the file is damaged, which
// Open names. Nothing is changed.
func Covered(heads string) int64 {
	kept, signed, err := journal.ReadHeadLog(heads)
	if err != nil {
		return 0
	}
	if err := kept.Close(); err != nil || len(signed) == 0 {
		return 0
	}
	return signed[len(signed)-1].Size
}

// Close lets go of the files. The store stays open.
func (r *Reactor) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept.Close()
}

// Report is what a check found to be right.
type Report struct {
	Records int64     // Recomputed from the stored bytes.
	Heads   int       // Compared.
	Covered int64     // Records under the newest head; those after it are proved by nothing yet.
	Last    time.Time // When the newest head was signed; zero if there is none.
}

// Check recomputes the tree from the first record and compares it with every kept head. A finding is a
// *journal.Tampered, which names the first bad record and the head that shows it; a wrong signature or a damaged file
// of heads is journal.ErrCorrupt. fault.NotFound means that there are no heads at this path. The store and the heads may
// be in use; neither is changed.
func Check(ctx context.Context, store journal.Store, heads string, key ed25519.PublicKey) (_ Report, err error) {
	for _, path := range []string{heads, heads + ".leaves"} {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return Report{}, fault.Wrap("witness.Check", fault.NotFound, err, "there are no signed heads here")
		}
	}
	kept, signed, err := journal.ReadHeadLog(heads)
	if err != nil {
		return Report{}, fmt.Errorf("witness: %w", err)
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	report := Report{Heads: len(signed)}
	if n := len(signed); n > 0 {
		report.Covered, report.Last = signed[n-1].Size, signed[n-1].At
	}
	report.Records, err = journal.Verify(ctx, store, key, signed, kept)
	return report, err
}
