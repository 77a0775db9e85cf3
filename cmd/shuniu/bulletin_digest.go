package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/json"
	"errors"
	"math"
	"os"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/bulletin"
	"shuniu/internal/cad"
	"shuniu/internal/incident"
	"shuniu/internal/journal"
	"shuniu/internal/org"
)

// digestVersion is of the digest's form and of what it holds: raise it whenever folding gives something else.
const digestVersion = 1

// digest is a ledger as a file: what is settled as rows of numbers, what is not as the rooms' own states.
type digest struct {
	Version     int
	Record      []byte // The SHA-256 of the last record's stored form: a journal that has another one there is another journal.
	Seq         cad.Seq
	Since, AsOf time.Time
	Org         []byte // JSON.
	Home        map[cad.UnitID]cad.OrgID
	Incidents   []byte // JSON.
	Assignments []byte // JSON.

	IDs   []cad.IncidentID // Of the settled ones.
	Words []string         // Each once; cells name them by their place.
	Cells []int64          // The settled ones, one after another.
}

// keep settles what has ended and writes the digest, whole or not at all.
func (l *ledger) keep(path string) error {
	l.settle()
	d, err := l.digest()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(d); err != nil {
		return err
	}
	sum := sha256.Sum256(b.Bytes())
	return writeDurable(path, append(sum[:], b.Bytes()...))
}

// digest is the ledger after settle, with nothing brought back since.
func (l *ledger) digest() (digest, error) {
	sum, err := sumOf(l.last)
	if err != nil {
		return digest{}, err
	}
	d := digest{Version: digestVersion, Record: sum[:], Seq: l.seq, Since: l.out.since, AsOf: l.out.asOf, Home: l.home}
	var errs [3]error
	d.Org, errs[0] = json.Marshal(l.out.org)
	d.Incidents, errs[1] = json.Marshal(l.incidents)
	d.Assignments, errs[2] = json.Marshal(l.assignments)
	w := cellWriter{place: map[string]int64{}}
	for k := range l.settled {
		d.IDs = append(d.IDs, l.settled[k].id)
		w.incident(l.settled[k].Incident)
	}
	d.Words, d.Cells = w.words, w.cells
	return d, errors.Join(errs[:]...)
}

// resume begins where a digest ends, if there is one that is whole and of this journal; else at the first record.
func (l *ledger) resume(ctx context.Context, store journal.Store, path string) {
	b, err := os.ReadFile(path)
	if err != nil || len(b) < sha256.Size || sha256.Sum256(b[sha256.Size:]) != [sha256.Size]byte(b[:sha256.Size]) {
		return
	}
	var d digest
	if err := gob.NewDecoder(bytes.NewReader(b[sha256.Size:])).Decode(&d); err != nil || d.Version != digestVersion || d.Seq < 1 {
		return
	}
	for r, err := range store.Read(ctx, d.Seq-1) {
		if own, errOwn := sumOf(r); err != nil || errOwn != nil || !bytes.Equal(own[:], d.Record) {
			return
		}
		l.restore(d)
		return
	}
}

// sumOf is the SHA-256 of a record's stored form.
func sumOf(r journal.Record) ([sha256.Size]byte, error) {
	b, err := r.Bytes()
	return sha256.Sum256(b), err
}

// restore takes a digest, all of it or nothing.
func (l *ledger) restore(d digest) {
	var centre org.State
	incidents, assignments := map[cad.IncidentID]*incident.State{}, map[cad.AssignmentID]*assignment.State{}
	if errors.Join(json.Unmarshal(d.Org, &centre), json.Unmarshal(d.Incidents, &incidents), json.Unmarshal(d.Assignments, &assignments)) != nil {
		return
	}
	ended, where := make([]endedIncident, len(d.IDs)), make(map[cad.IncidentID]int, len(d.IDs))
	r := cellReader{words: d.Words, cells: d.Cells}
	for k, id := range d.IDs {
		ended[k], where[id] = endedIncident{id, r.incident()}, k
	}
	if r.short {
		return
	}
	l.seq, l.out.since, l.out.asOf, l.out.org = d.Seq, d.Since, d.AsOf, centre
	l.incidents, l.assignments, l.settled, l.where = incidents, assignments, ended, where
	if d.Home != nil {
		l.home = d.Home
	}
}

// cellWriter writes incidents as numbers.
type cellWriter struct {
	words []string
	place map[string]int64
	cells []int64
}

func (w *cellWriter) word(texts ...string) {
	for _, s := range texts {
		k, ok := w.place[s]
		if !ok {
			k = int64(len(w.words))
			w.words, w.place[s] = append(w.words, s), k
		}
		w.cells = append(w.cells, k)
	}
}

// noTime stands for a time that is not there.
const noTime = math.MinInt64

func (w *cellWriter) time(times ...time.Time) {
	for _, t := range times {
		n := int64(noTime)
		if !t.IsZero() {
			n = t.UnixNano()
		}
		w.cells = append(w.cells, n)
	}
}

func (w *cellWriter) incident(i bulletin.Incident) {
	w.word(i.ID, i.Void, i.Taken, i.Fed, i.Place, i.Unit, i.State)
	w.time(i.Received, i.Feedback)
	w.cells = append(w.cells, int64(len(i.Orders)))
	for _, o := range i.Orders {
		w.word(o.Crew, o.Unit)
		w.time(o.Sent, o.Signed, o.Turned, o.Departed, o.Arrived, o.Cleared)
	}
}

// cellReader reads them back.
type cellReader struct {
	words []string
	cells []int64
	short bool // There was less than there should be.
}

func (r *cellReader) next() int64 {
	if len(r.cells) == 0 {
		r.short = true
		return 0
	}
	n := r.cells[0]
	r.cells = r.cells[1:]
	return n
}

func (r *cellReader) word() string {
	k := r.next()
	if k < 0 || k >= int64(len(r.words)) {
		r.short = true
		return ""
	}
	return r.words[k]
}

func (r *cellReader) time() time.Time {
	n := r.next()
	if n == noTime {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

func (r *cellReader) incident() bulletin.Incident {
	i := bulletin.Incident{ID: r.word(), Void: r.word(), Taken: r.word(), Fed: r.word(), Place: r.word(), Unit: r.word(), State: r.word()}
	i.Received, i.Feedback = r.time(), r.time()
	n := r.next()
	if n > 0 && n <= int64(len(r.cells)) {
		i.Orders = make([]bulletin.Order, 0, n)
	}
	for ; n > 0 && !r.short; n-- {
		o := bulletin.Order{Crew: r.word(), Unit: r.word()}
		o.Sent, o.Signed, o.Turned, o.Departed, o.Arrived, o.Cleared = r.time(), r.time(), r.time(), r.time(), r.time(), r.time()
		i.Orders = append(i.Orders, o)
	}
	return i
}
