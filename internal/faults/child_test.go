package faults

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/keyfile"
	"shuniu/internal/policy"
	"shuniu/internal/sqlite"
)

// childVariable holds the orders of a process that is there to be killed.
const childVariable = "SHUNIU_FAULTS_CHILD"

func TestMain(m *testing.M) {
	if orders := os.Getenv(childVariable); orders != "" {
		os.Exit(obey(orders))
	}
	os.Exit(m.Run())
}

// orders is what a child shall do.
type orders struct {
	Dir      string
	Life     int   // Which of the writers on these files it is; part of every key.
	Callers  int   // How many send commands at once.
	Reserve  int64 // Bytes of the disk reserve.
	Log      int64 // Bytes of the write-ahead log laid out in advance.
	Snapshot int64 // Records between two snapshots.
	Again    []try // What was not answered in an earlier life, to be sent again first.
}

// try is one command as it was given. The same try gives the same command, in whatever life.
type try struct {
	Key  string
	ID   cad.IncidentID // The incident to make, or to which a note is added.
	Call cad.CallID     // Empty for a note.
	Text string         // Private words that must come back unchanged.
}

// line is what a child says; one JSON object a line.
type line struct {
	Say  string // "pid", "keys", "store", "open", "try", "ack", "no", "broken".
	Pid  int    `json:",omitempty"`
	MS   int64  `json:",omitempty"` // How long the start took.
	Try  *try   `json:",omitempty"`
	Key  string `json:",omitempty"`
	Ack  *ack   `json:",omitempty"`
	Code string `json:",omitempty"` // Why not.
	Text string `json:",omitempty"`
}

// ack is what a caller was told.
type ack struct {
	ID     string
	Number int64
	Seq    cad.Seq
	Repeat bool
}

var dispatcher = cad.Actor{ID: "caller", Role: policy.Dispatcher} //nolint:gochecknoglobals // Never written.

// writer is a desk over real files.
type writer struct {
	keys  *keyfile.Store
	store *sqlite.Store
	desk  *desk.Desk
}

func (w *writer) close() error {
	var err error
	if w.desk != nil {
		err = w.desk.Close(context.Background())
	}
	if w.store != nil {
		err = errors.Join(err, w.store.Close())
	}
	return errors.Join(err, w.keys.Close())
}

// openWriter opens the files in a folder and a desk over them; heard is told of each step.
func openWriter(ctx context.Context, o orders, heard func(step string)) (w *writer, err error) {
	w = &writer{}
	if w.keys, err = keyfile.Open(filepath.Join(o.Dir, "keys"), keyfile.Options{}); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	heard("keys")
	if w.store, err = sqlite.Open(ctx, filepath.Join(o.Dir, "journal.db"), sqlite.Options{Centre: jointtest.Centre, ReserveBytes: o.Reserve, WALBytes: o.Log}); err != nil {
		return w, err
	}
	heard("store")
	if w.desk, err = desk.Open(ctx, desk.Config{
		Centre: jointtest.Centre, World: cad.Live, Store: w.store, Keys: w.keys, Policy: policy.Roles{}, SnapshotEvery: o.Snapshot,
	}); err != nil {
		return w, err
	}
	_, err = w.desk.Do(ctx, desk.Wish{Actor: desk.System(), Command: joint.Configure{Charter: jointtest.Charter(jointtest.Centre)}})
	return w, err
}

// wish makes the command of a try.
func (t try) wish(d *desk.Desk) (desk.Wish, error) {
	words, err := d.Seal(incident.Subject(t.ID), board.Words{Text: t.Text})
	if err != nil {
		return desk.Wish{}, err
	}
	w := desk.Wish{Actor: dispatcher, Key: t.Key, Body: []byte(t.Text)}
	if t.Call == "" {
		w.Command = joint.AboutIncident{ID: t.ID, Name: "note", Cmd: incident.Note{ID: t.ID, Text: words}}
		return w, nil
	}
	caller, err := d.Seal(call.Subject(t.Call), board.Caller{Name: t.Text})
	w.Command = joint.Receive{
		ID: t.ID, Call: t.Call, Source: incident.Phone, Type: "theft", Place: jointtest.At(-200, 10), Caller: caller, Private: words,
	}
	return w, err
}

// voice lets many callers speak one after another. What was said is in the pipe, and outlives the process.
type voice struct {
	mu  sync.Mutex
	out io.Writer
}

func (v *voice) say(l line) {
	b, err := json.Marshal(l)
	if err != nil {
		panic(err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, err := v.out.Write(append(b, '\n')); err != nil {
		os.Exit(4) // Nobody listens any more.
	}
}

// obey is the child: it opens the files and sends commands until it is killed, or until the parent lets go of it.
func obey(text string) int {
	var o orders
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return 2
	}
	v := &voice{out: os.Stdout}
	v.say(line{Say: "pid", Pid: os.Getpid()})
	go func() {
		_, _ = io.Copy(io.Discard, bufio.NewReader(os.Stdin))
		os.Exit(0)
	}()
	from := time.Now()
	w, err := openWriter(context.Background(), o, func(step string) { v.say(line{Say: step}) })
	if err != nil {
		v.say(line{Say: "broken", Text: err.Error()})
		return 3
	}
	v.say(line{Say: "open", MS: time.Since(from).Milliseconds()})
	var wg sync.WaitGroup
	for n := range o.Callers {
		wg.Go(func() { o.call(v, w.desk, n) })
	}
	wg.Wait()
	return 0
}

// call is one caller, without end: calls, and notes to the last incident that was acknowledged to him. What is not
// stored he sends again under the same key; now and then he repeats what was stored, as networks do.
func (o orders) call(v *voice, d *desk.Desk, caller int) {
	for i := caller; i < len(o.Again); i += o.Callers {
		o.send(v, d, o.Again[i])
	}
	var known cad.IncidentID
	for n := 1; ; n++ {
		name := fmt.Sprintf("%d-%d-%d", o.Life, caller, n)
		t := try{Key: name, ID: cad.IncidentID("i" + name), Call: cad.CallID("c" + name), Text: "words of " + name}
		if known != "" && n%3 == 0 {
			t.ID, t.Call = known, ""
		}
		if !o.send(v, d, t) {
			continue
		}
		if known = t.ID; n%7 == 0 {
			o.send(v, d, t)
		}
	}
}

// sendings is how often a command is sent before its caller gives up and takes the next.
const sendings = 20

func (o orders) send(v *voice, d *desk.Desk, t try) bool {
	v.say(line{Say: "try", Try: &t})
	for range sendings {
		w, err := t.wish(d)
		var reply desk.Reply
		if err == nil {
			reply, err = d.Do(context.Background(), w)
		}
		if err == nil {
			v.say(line{Say: "ack", Key: t.Key, Ack: &ack{ID: reply.ID, Number: reply.Number, Seq: reply.Seq, Repeat: reply.Repeat}})
			return true
		}
		var f *fault.Error
		if !errors.As(err, &f) {
			f = fault.New("", fault.Internal, "")
		}
		v.say(line{Say: "no", Key: t.Key, Code: f.Code, Text: err.Error()})
	}
	return false
}
