// Package archive is search and history: readable rows of everything that was ever taken down, in one SQLite file. The
// file may be deleted at any time and is filled again from the journal; nothing is ever decided from it. It knows no
// room: whoever feeds it makes its rows, after opening the private parts.
//
// Its file holds personal text in the clear, so it belongs on an encrypted disk, and Erase leaves nothing of a row in
// any byte of it. The numbers of callers do not stand there: each call has a digest of its number under a key that is kept
// elsewhere, and a number is found by its digest, whole. That is why places stand in a plain grid and not in an R*Tree: SQLite's R*Tree leaves a removed
// place's coordinates in its nodes, where secure_delete does not reach.
package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// The ways in which an archive refuses. They are matched with errors.Is.
var (
	// ErrGap says that rows do not follow what the archive holds. Feed it what is missing, or Reset it.
	ErrGap = errors.New("archive: a change is missing")
	// ErrDamaged says that the file is damaged or of another version. It may be deleted (Remove) and filled again.
	ErrDamaged = errors.New("archive: the file cannot be used and may be deleted; it is rebuilt from the journal")
)

const (
	version      = 3 // Of the file. 2 kept callers' numbers among the words.
	readersMax   = 4
	cellDegrees  = 0.005 // Side of a grid cell, about 550 m north to south.
	millisecBusy = 5000
)

// Row is one searchable thing. What is unknown stays empty.
type Row struct {
	ID          string       // Unique; not empty.
	Of          string       // ID of the row that it belongs to and is erased with, such as a note's incident. May be empty.
	Kind        string       // "incident", "call", "note", ...
	Number      string       // What people call it by; found by exact match first.
	Type        string       // The incident's type code.
	Priority    cad.Priority // Empty if not graded.
	Phase       string       // Where its life stands.
	Unit        string       // The responsible unit.
	Address     string       // In the clear.
	Narrative   string       // In the clear.
	Notes       string       // Texts of its notes, in the clear, one a line.
	Place       geo.Point    // WGS 84; used only if HasPlace.
	HasPlace    bool
	Received    time.Time // UTC, kept to the microsecond; zero if unknown.
	Closed      time.Time // UTC, kept to the microsecond; zero while open.
	LastChanged cad.Seq   // The record that last changed it.
	Callers     []Caller  // Its calls, each by a digest of its number; erased with it.
}

// Caller is one call of a row.
type Caller struct {
	Call   string    // Its id.
	Digest string    // Stands for the number; the number itself is not kept here.
	At     time.Time // When it arrived, UTC.
}

// Stats says what an archive holds.
type Stats struct {
	Rows  int64
	Bytes int64 // The file with its log.
	AsOf  cad.Seq
}

// Archive is one open file. It is safe for use by several goroutines. Make it with Open.
type Archive struct {
	path string

	mu      sync.RWMutex // Held for writing while the file is swept or replaced, so that no reader pins old pages.
	writing sync.Mutex   // Taken after mu. Readers and one writer work side by side.
	in      *sql.DB      // One connection.
	out     *sql.DB
	asOf    atomic.Int64
}

// Open opens the archive, or makes an empty one. An unusable file is left as it is: the error is then ErrDamaged.
//
// The file is written without waiting for the disk (WAL, synchronous=NORMAL): a killed process loses nothing, a power
// loss may cost the last changes but not the file, and AsOf says what is there.
func Open(path string) (*Archive, error) {
	const op = "archive.Open"
	if strings.ContainsAny(path, "?#%") {
		return nil, fault.New(op, fault.Invalid, "an archive's path may not contain ?, # or %%")
	}
	a := &Archive{path: path}
	if err := a.open(); err != nil {
		return nil, err
	}
	return a, nil
}

func (a *Archive) open() (err error) {
	const op = "archive.Open"
	f, err := os.OpenFile(a.path, os.O_RDWR|os.O_CREATE, 0o600) // SQLite would make it readable by all.
	if err != nil {
		return fault.Wrap(op, fault.Unavailable, err, "the archive's file cannot be opened")
	}
	if err := f.Close(); err != nil {
		return fault.Wrap(op, fault.Unavailable, err, "the archive's file cannot be opened")
	}
	if a.in, err = dial(a.path, 1, "journal_mode(WAL)", "synchronous(NORMAL)", "secure_delete(ON)", "temp_store(MEMORY)"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.shut())
		}
	}()
	var tables int
	if err := a.in.QueryRow("SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return translate(op, err)
	}
	if tables == 0 {
		if _, err := a.in.Exec(schema); err != nil {
			return translate(op, err)
		}
	}
	var found, asOf int64
	if err := a.in.QueryRow("SELECT version, as_of FROM meta").Scan(&found, &asOf); err != nil {
		return damaged(op, err)
	}
	if found != version {
		return damaged(op, fmt.Errorf("version %d, this program writes %d", found, version))
	}
	a.asOf.Store(asOf)
	a.out, err = dial(a.path, readersMax, "query_only(ON)", "temp_store(MEMORY)", "mmap_size(268435456)")
	return err
}

func dial(path string, conns int, pragmas ...string) (*sql.DB, error) {
	q := url.Values{"_pragma": append(pragmas, fmt.Sprintf("busy_timeout(%d)", millisecBusy))}
	db, err := sql.Open("sqlite", "file:"+path+"?"+q.Encode())
	if err != nil {
		return nil, translate("archive.Open", err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// Remove deletes an archive's file and its companions. It must not be open. A missing one is no error.
func Remove(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fault.Wrap("archive.Remove", fault.Unavailable, err, "the archive's file cannot be deleted")
		}
	}
	return nil
}

// Reset empties the archive, in a new file, to be filled again from the first record.
func (a *Archive) Reset(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := errors.Join(a.shut(), Remove(a.path)); err != nil {
		return err
	}
	a.asOf.Store(0)
	return a.open()
}

// Close lets go of the file.
func (a *Archive) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.shut()
}

func (a *Archive) shut() error {
	var err error
	for _, db := range []*sql.DB{a.out, a.in} {
		if db != nil {
			err = errors.Join(err, db.Close())
		}
	}
	return err
}

// AsOf is the last sequence that the archive holds; 0 if it is empty.
func (a *Archive) AsOf() cad.Seq { return cad.Seq(a.asOf.Load()) }

// Put stores rows, new or changed, and moves the archive on from one sequence to the next, all or nothing. It refuses
// with ErrGap when after is not AsOf or seq is before it. rows may be empty.
func (a *Archive) Put(ctx context.Context, after, seq cad.Seq, rows []Row) error {
	const op = "archive.Put"
	a.mu.RLock()
	defer a.mu.RUnlock()
	a.writing.Lock()
	defer a.writing.Unlock()
	if after != a.AsOf() || seq < after {
		return fault.Wrap(op, fault.Conflict, ErrGap, "the archive is at %d, the rows go from %d to %d", a.AsOf(), after, seq)
	}
	tx, err := a.in.BeginTx(ctx, nil)
	if err != nil {
		return translate(op, err)
	}
	defer tx.Rollback()
	if len(rows) > 0 {
		put, err := tx.PrepareContext(ctx, upsert)
		if err != nil {
			return translate(op, err)
		}
		defer put.Close()
		for _, r := range rows {
			if r.ID == "" {
				return fault.New(op, fault.Internal, "a row has no id")
			}
			if _, err := put.ExecContext(ctx, columnsOf(r)...); err != nil {
				return translate(op, err)
			}
			if err := putCallers(ctx, tx, r); err != nil {
				return translate(op, err)
			}
		}
	}
	if _, err := tx.ExecContext(ctx, "UPDATE meta SET as_of = ?", int64(seq)); err != nil {
		return translate(op, err)
	}
	if err := tx.Commit(); err != nil {
		return translate(op, err)
	}
	a.asOf.Store(int64(seq))
	return nil
}

// Erase removes the rows with these ids and those that belong to them, so that no byte of the file or its log holds
// anything of them, and waits for the disk. An id that is not there is no error.
func (a *Archive) Erase(ctx context.Context, ids []string) error {
	const op = "archive.Erase"
	a.mu.Lock()
	defer a.mu.Unlock()
	tx, err := a.in.BeginTx(ctx, nil)
	if err != nil {
		return translate(op, err)
	}
	defer tx.Rollback()
	for _, id := range ids {
		if id == "" {
			continue // Every row that belongs to no other has an empty Of.
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM callers WHERE item IN (SELECT id FROM items WHERE id = ?1 OR parent = ?1)", id); err != nil {
			return translate(op, err)
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM items WHERE id = ?1 OR parent = ?1", id); err != nil {
			return translate(op, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return translate(op, err)
	}
	var busy, logged, moved int
	if err := a.in.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &logged, &moved); err != nil {
		return translate(op, err)
	}
	if busy != 0 {
		return fault.New(op, fault.Unavailable, "the archive's log is in use by another process; erase again")
	}
	return nil
}

// Stats says what the archive holds.
func (a *Archive) Stats(ctx context.Context) (Stats, error) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	s := Stats{AsOf: a.AsOf()}
	if err := a.out.QueryRowContext(ctx, "SELECT count(*) FROM items").Scan(&s.Rows); err != nil {
		return Stats{}, translate("archive.Stats", err)
	}
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(a.path + suffix); err == nil {
			s.Bytes += info.Size()
		}
	}
	return s, nil
}

func cellOf(degrees float64) int64 { return int64(math.Floor(degrees / cellDegrees)) }

func damaged(op string, err error) error {
	return fault.Wrap(op, fault.Unavailable, errors.Join(ErrDamaged, err), "the archive's file is damaged or of another version").
		Mend("delete the archive's file; it is rebuilt from the journal")
}

// translate tells damage, a full disk and a cancelled wish apart.
func translate(op string, err error) error {
	var e *driver.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_FORMAT:
			return damaged(op, err)
		case lib.SQLITE_FULL, lib.SQLITE_IOERR, lib.SQLITE_BUSY, lib.SQLITE_CANTOPEN, lib.SQLITE_READONLY:
			return fault.Wrap(op, fault.Unavailable, err, "the archive's disk refuses")
		}
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s: %w", op, err)
	}
	return fault.Wrap(op, fault.Internal, err, "the archive failed")
}
