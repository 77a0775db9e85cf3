// Package sqlite keeps one centre's journal in one SQLite file: write-ahead log, synchronous=FULL, one process at
// a time. It is the default store, for a centre that runs on one machine.
package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	driversqlite "modernc.org/sqlite"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

// ErrClosed is the answer of a store after Close.
var ErrClosed = errors.New("sqlite: the store is closed")

// Options are the choices of one journal. The zero value of each means its default.
type Options struct {
	Centre       cad.CentreID // Refused if the file belongs to another; empty takes the file as it is.
	ReserveBytes int64        // Disk space kept aside; 0 means 64 MiB, below 0 none.
	WALBytes     int64        // How far the write-ahead log is laid out in advance; 0 means 12 MiB, below 0 none.
	ReadOnly     bool         // Reads beside another process: takes no lock, and refuses every write.
}

const (
	reserveBytesDefault = 64 << 20
	walBytesDefault     = 12 << 20
	pageBytes           = 8192       // Fewer, larger pages: a record is about 600 bytes.
	checkpointPages     = 1000       // About 8 MiB of log between checkpoints, within what is laid out in advance.
	schemaVersion       = 2          // Version 1 had no column more.
	applicationID       = 0x5368756e // "Shun"
	checkedRecords      = 1000       // How many of the last records Open reads.
)

// Store is one open journal file. It is safe for use by many goroutines.
type Store struct {
	path   string
	opt    Options
	lock   *os.File
	closed atomic.Bool

	write   sync.Mutex // Guards what follows.
	w       *conn      // The only connection that writes.
	epoch   journal.Epoch
	last    journal.Head
	lastID  int64 // Of the answers.
	broken  error // Why no append is taken before Begin.
	moved   int   // What w.written was when the log was last moved into the main file.
	readers *pool

	side    sync.Mutex // Guards the cursors and the reserve.
	cursors *cursors
	snaps   sync.Mutex // Guards the snapshot files.
}

var _ journal.Store = (*Store)(nil)

// schema is the present form. A body is the record's stored bytes; sum is the CRC-32C of the sequence and the body, so
// that a damaged row is found when it is read. What one append says about one life is one row of subjects: seq is the
// first record, more holds the distances from each to the next as varints. The answers of one append are one row.
const schema = `
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE records(seq INTEGER PRIMARY KEY, sum INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE subjects(subject TEXT NOT NULL, seq INTEGER NOT NULL, more BLOB, PRIMARY KEY(subject, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE answers(id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE answer_keys(actor TEXT NOT NULL, key TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY(actor, key)) STRICT, WITHOUT ROWID;
`

// Open opens the journal file at path, or makes it, and checks it. Errors: journal.ErrLocked naming the process that has it,
// journal.ErrCorrupt naming the place; after either nothing was changed.
func Open(ctx context.Context, path string, opt Options) (_ *Store, err error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	if opt.ReserveBytes == 0 {
		opt.ReserveBytes = reserveBytesDefault
	}
	if opt.WALBytes == 0 {
		opt.WALBytes = walBytesDefault
	}
	// fdatasync leaves out the file's times, which nobody needs back. Where it is missing, fsync stays.
	if _, err := driversqlite.Fdatasync(true); err != nil && !errors.Is(err, driversqlite.ErrFdatasyncUnavailable) {
		return nil, fmt.Errorf("sqlite: fdatasync cannot be chosen: %w", err)
	}
	s := &Store{path: path, opt: opt, readers: newPool(path), broken: errors.New("sqlite: Begin comes before the first append")}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.release())
		}
	}()
	if !opt.ReadOnly {
		if s.lock, err = lock(path); err != nil {
			return nil, err
		}
		if err := refuseForeign(path); err != nil {
			return nil, err
		}
		if err := s.openWriter(); err != nil {
			return nil, err
		}
	}
	if s.cursors, err = openCursors(path); err != nil {
		return nil, err
	}
	if err := s.readers.use(s.check); err != nil {
		return nil, err
	}
	if opt.ReadOnly {
		return s, nil
	}
	// A disk without room for the reserve must not keep a centre from starting: ReserveHeld shows that it is missing.
	_ = s.RestoreReserve()
	return s, nil
}

// openWriter dials the writing connection, makes the schema if the file is new, moves what a crash left in the
// write-ahead log into the file, and lays the log out again.
//
// Moving it first matters after a failed fsync: the log may be whole in the page cache and not on the disk.
// Writing it anew into the main file, and syncing that, makes durable whatever is served from here on.
func (s *Store) openWriter() error {
	f, err := os.OpenFile(s.path, os.O_RDWR|os.O_CREATE, 0o600) // SQLite would make it readable by all; its companions take its mode.
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return fault.Wrap("sqlite.Open", fault.Unavailable, err, "the journal's file cannot be opened")
	}
	w, err := dial(s.path, "busy_timeout(5000)", fmt.Sprintf("page_size(%d)", pageBytes), "journal_mode(WAL)", "synchronous(FULL)",
		"cache_size(-65536)", "temp_store(2)", "journal_size_limit(-1)", "wal_autocheckpoint(0)", "cell_size_check(1)")
	if err != nil {
		return err
	}
	s.w, s.moved = w, 0
	version, err := w.number("PRAGMA user_version")
	if err != nil {
		return err
	}
	switch version {
	case 0:
		err = s.create()
	case 1:
		err = s.lift()
	case schemaVersion:
	default:
		err = s.otherForm(version, "start the program version that wrote this file, or a newer one")
	}
	if err != nil {
		return err
	}
	busy, err := w.number("PRAGMA wal_checkpoint(TRUNCATE)")
	if err != nil {
		return err
	}
	if busy != 0 {
		return fault.Wrap("sqlite.Open", fault.Unavailable, journal.ErrLocked, "%s is being read by another program", s.path).
			Mend("stop what reads the file, then start again")
	}
	return s.layOutLog()
}

// refuseForeign looks at the header before SQLite does: a file that is not ours is never written to.
func refuseForeign(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sqlite: the journal cannot be opened: %w", err)
	}
	header := make([]byte, 100)
	n, err := f.ReadAt(header, 0)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("sqlite: the journal cannot be read: %w", err)
	}
	if n == 0 {
		return nil // An empty file is a new journal.
	}
	if n < len(header) || string(header[:16]) != "SQLite format 3\x00" {
		return corrupt(path, "the first 16 bytes are not those of an SQLite file", nil)
	}
	if [4]byte(header[68:72]) == [4]byte{0x53, 0x68, 0x75, 0x6e} {
		return nil
	}
	if [4]byte(header[60:64]) == [4]byte{} {
		return nil // A new file whose first transaction is still in its log.
	}
	return corrupt(path, "bytes 68 to 71 are not those of a journal", nil)
}

func (s *Store) create() error {
	for _, q := range []string{"BEGIN IMMEDIATE", schema, fmt.Sprintf("PRAGMA application_id=%d", applicationID), fmt.Sprintf("PRAGMA user_version=%d", schemaVersion)} {
		if err := s.w.exec(q); err != nil {
			return err
		}
	}
	if err := s.w.exec("INSERT INTO meta VALUES('centre',?),('epoch','0')", string(s.opt.Centre)); err != nil {
		return err
	}
	if err := s.w.exec("COMMIT"); err != nil {
		return err
	}
	if err := syncDir(filepath.Dir(s.path)); err != nil {
		return fmt.Errorf("sqlite: the journal's folder cannot be synced: %w", err)
	}
	return nil
}

// lift turns a file of form 1 into the present form: rows without more are rows of one record.
func (s *Store) lift() error {
	for _, q := range []string{"BEGIN IMMEDIATE", "ALTER TABLE subjects ADD COLUMN more BLOB", fmt.Sprintf("PRAGMA user_version=%d", schemaVersion), "COMMIT"} {
		if err := s.w.exec(q); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) otherForm(version int64, remedy string) error {
	return fault.New("sqlite.Open", fault.Internal, "%s has form %d, this program writes form %d", s.path, version, schemaVersion).Mend(remedy)
}

// layOutLog writes zeros where the log will grow. An append then overwrites blocks that the file system already
// knows, and its fsync has no allocation to write down. Zeros are no valid frames: SQLite passes over them.
func (s *Store) layOutLog() error {
	if s.opt.WALBytes <= 0 {
		return nil
	}
	f, err := os.OpenFile(s.path+"-wal", os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("sqlite: the log cannot be laid out: %w", err)
	}
	info, err := f.Stat()
	if err == nil && info.Size() < s.opt.WALBytes {
		// On a full disk the log grows, or fails, by itself.
		if fill(f, info.Size(), s.opt.WALBytes) != nil {
			err = f.Truncate(info.Size())
		}
		err = errors.Join(err, f.Sync())
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("sqlite: the log cannot be laid out: %w", err)
	}
	return nil
}

// check reads what a start depends on: whose journal it is, that the number of records equals the last sequence,
// and the last records themselves. The whole file is not read: at a million records that takes longer than
// a centre may be down; every later read checks what it reads, and Check reads everything.
func (s *Store) check(c *conn) error {
	version, err := c.number("PRAGMA user_version")
	if err != nil {
		return err
	}
	if version != schemaVersion { // A writer has lifted it; whoever only reads cannot.
		return s.otherForm(version, "open it once for writing with this program, or read it with the version that wrote it")
	}
	var centre string
	if err := c.query("SELECT value FROM meta WHERE name='centre'", func(v []driver.Value) (bool, error) {
		centre, _ = v[0].(string)
		return false, nil
	}); err != nil {
		return err
	}
	if s.opt.Centre != "" && centre != string(s.opt.Centre) {
		return fault.New("sqlite.Open", fault.Invalid, "%s is the journal of %q, not of %q", s.path, centre, s.opt.Centre).
			Mend("give each centre its own file")
	}
	count, err := c.number("SELECT count(*) FROM records")
	if err != nil {
		return err
	}
	head, err := s.headOf(c)
	if err != nil {
		return err
	}
	if cad.Seq(count) != head.Seq {
		return corrupt(s.path, fmt.Sprintf("it ends at record %d and holds %d", head.Seq, count), nil)
	}
	return s.records(c, max(head.Seq-checkedRecords, 0), checkedRecords, func(cad.Seq, []byte) (bool, error) { return true, nil })
}

// Check reads everything: SQLite's own pages and indexes, every record against its sum, and the subjects against
// the records. It is for an idle hour, and for a file that is under suspicion.
func (s *Store) Check(ctx context.Context) error {
	err := s.readers.use(func(c *conn) error {
		return c.query("PRAGMA integrity_check(1)", func(v []driver.Value) (bool, error) {
			if said, _ := v[0].(string); said != "ok" {
				return false, corrupt(s.path, said, nil)
			}
			return true, nil
		})
	})
	if err != nil {
		return err
	}
	var named, indexed int64
	head := journal.Head{}
	for r, err := range s.Read(ctx, 0) {
		if err != nil {
			return err
		}
		head.Seq = r.Seq
		for _, sub := range distinct(r.Subjects) {
			named++
			if err := s.readers.use(func(c *conn) error { return s.checkIndexed(c, sub, r.Seq) }); err != nil {
				return err
			}
		}
	}
	return s.readers.use(func(c *conn) error {
		err := c.query("SELECT seq,more FROM subjects WHERE seq<=?", func(v []driver.Value) (bool, error) {
			seqs, err := s.seqsOf(v)
			indexed += int64(len(seqs))
			return true, err
		}, int64(head.Seq))
		if err == nil && indexed != named {
			err = corrupt(s.path, fmt.Sprintf("the index of subjects names %d places, the records have %d", indexed, named), nil)
		}
		return err
	})
}

// checkIndexed looks whether the index of subjects leads from a life to a record of it.
func (s *Store) checkIndexed(c *conn, subject cad.Subject, seq cad.Seq) error {
	found := false
	err := c.query("SELECT seq,more FROM subjects WHERE subject=? AND seq<=? ORDER BY seq DESC LIMIT 1", func(v []driver.Value) (bool, error) {
		seqs, err := s.seqsOf(v)
		found = slices.Contains(seqs, seq)
		return false, err
	}, string(subject), int64(seq))
	if err == nil && !found {
		err = corrupt(s.path, fmt.Sprintf("record %d is missing from the index of its subjects", seq), nil)
	}
	return err
}

func (s *Store) usable(ctx context.Context) error {
	if s.closed.Load() {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	return nil
}

// Close waits for an append and the reads that are under way, and lets go of the files.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	return s.release()
}

func (s *Store) release() error {
	s.closed.Store(true)
	errs := []error{s.readers.close()}
	s.write.Lock()
	defer s.write.Unlock()
	if s.w != nil {
		errs = append(errs, s.w.close())
		s.w = nil
	}
	if s.cursors != nil {
		errs = append(errs, s.cursors.f.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
	}
	return errors.Join(errs...)
}
