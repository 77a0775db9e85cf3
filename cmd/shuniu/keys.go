package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
	"shuniu/internal/keyfile"
)

// keysTried is how many records are looked at for a private part that shows whose keys these are.
const keysTried = 5_000

// lostFile stands in a folder of keys that replaced lost ones.
const lostFile = "lost.json"

// lostKeys says which private parts nobody can open any more.
type lostKeys struct {
	Through cad.Seq   `json:"through"` // Records up to this one were sealed with keys that are lost.
	At      time.Time `json:"at"`
}

// openKeys opens the keys of the journal. New keys are made only beside an empty journal: beside a full one they would
// open nothing that was ever said, and rows without words would look as if they had been erased. Somebody who has
// really lost them says so; then the centre goes on with new keys, and what is left of the old ones is moved aside.
func (f *files) openKeys(ctx context.Context, lost bool) (err error) {
	dir := filepath.Join(f.dir, "keys")
	if err := f.readLost(dir); err != nil {
		return err
	}
	if f.head.Seq > 0 && !keyfile.Exists(dir) {
		err = fault.Wrap("shuniu", fault.Conflict, errNoKeys, "the keys of this journal are missing: %s holds none, and the journal has %d records", dir, f.head.Seq).
			Mend(remedyKeys)
	} else if f.keys, err = keyfile.Open(dir, keyfile.Options{}); err == nil {
		err = f.belong(ctx, dir)
	}
	// A full disk or a folder in use is no loss: only keys that are not there, damaged or of another journal are replaced.
	gone := errors.Is(err, errNoKeys) || errors.Is(err, journal.ErrCorrupt) || errors.Is(err, fs.ErrNotExist)
	if err == nil || !lost || f.head.Seq == 0 || !gone {
		return err
	}
	if f.keys != nil {
		if err := f.keys.Close(); err != nil {
			return err
		}
		f.keys = nil
	}
	return f.replaceKeys(dir)
}

// errNoKeys says that the keys that are there open nothing of this journal, or that there are none.
var errNoKeys = errors.New("what was sealed could not be opened")

const remedyKeys = "put the folder back from its copy, or give --data the folder that this journal was begun with; if no copy is left, " +
	"shuniu serve --keys-lost goes on with new keys, and what people said before can never be read again"

// replaceKeys moves what is left of the old keys aside and makes new ones, marked as such before they are used.
func (f *files) replaceKeys(dir string) error {
	aside, err := moveAside(dir)
	if err != nil {
		return fmt.Errorf("the old keys cannot be moved aside to %s: %w", aside, err)
	}
	mark, err := json.Marshal(lostKeys{Through: f.head.Seq, At: time.Now().UTC()})
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err == nil {
		err = writeDurable(filepath.Join(dir, lostFile), mark)
	}
	if err != nil {
		return fmt.Errorf("the new keys cannot be marked: %w", err)
	}
	f.lost = f.head.Seq
	f.keys, err = keyfile.Open(dir, keyfile.Options{})
	return err
}

func (f *files) readLost(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, lostFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var mark lostKeys
	if err == nil {
		err = json.Unmarshal(text, &mark)
	}
	if err != nil {
		return fault.Wrap("shuniu", fault.Conflict, err, "%s cannot be read", filepath.Join(dir, lostFile)).Mend("put the folder keys back from its copy")
	}
	f.lost = mark.Through
	return nil
}

// belong refuses keys that are not those of the journal. A folder and a database are easily mixed up; a writer with
// other keys would take the centre over and could open nothing that was ever told to it.
func (f *files) belong(ctx context.Context, dir string) error {
	for r, err := range f.store.Read(ctx, f.lost) {
		if errors.Is(err, journal.ErrCorrupt) {
			return nil // Another finding: whoever needs this record names it. A snapshot may make it needless (promise P8).
		}
		if err != nil {
			return err
		}
		if r.Seq > f.lost+keysTried {
			break
		}
		if r.Private == nil {
			continue
		}
		switch _, err := f.keys.Open(*r.Private); {
		case err == nil:
			return nil
		case !errors.Is(err, journal.ErrErased):
			return fault.Wrap("shuniu", fault.Conflict, errors.Join(errNoKeys, err), "the keys in %s are not those of this journal", dir).Mend(remedyKeys)
		}
	}
	return nil
}

// moveAside gives a folder another name beside its old one; nothing is overwritten. One that is not there is no error.
func moveAside(dir string) (string, error) {
	aside := dir + ".old-" + time.Now().UTC().Format("20060102T150405.000")
	if err := os.Rename(dir, aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return aside, err
	}
	return aside, nil
}

// writeDurable puts a small file in place, whole and synced, or leaves the one that was there.
func writeDurable(path string, content []byte) error {
	f, err := os.OpenFile(path+".part", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(path+".part", path)
	}
	if err != nil {
		return err
	}
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
