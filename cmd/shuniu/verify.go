package main

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
	"shuniu/internal/reactor/witness"
	"shuniu/internal/sqlite"
)

type verifyCommand struct {
	Data  string `help:"Folder of the journal." required:"" placeholder:"DIR"`
	Heads string `help:"File of signed heads; better a copy that was kept on another disk. Without it those in the data folder are taken." placeholder:"FILE"`
	Key   string `help:"Public key of the heads. Without it the one beside the heads is taken: whoever can change those can change it, too." placeholder:"FILE"`
	JSON  bool   `help:"Print one JSON object."`
}

// finding is something that is wrong with a data folder.
type finding struct {
	Part   string  `json:"part"`            // "journal", "heads", "answers" or "snapshot".
	First  cad.Seq `json:"first,omitempty"` // The first bad record lies here; 0 if no record is named.
	Last   cad.Seq `json:"last,omitempty"`
	Text   string  `json:"text"`
	Remedy string  `json:"remedy"`
}

// verified is what was found to be right, and what was not.
type verified struct {
	Data      string       `json:"data"`
	Centre    cad.CentreID `json:"centre,omitempty"`
	World     cad.World    `json:"world,omitempty"`
	Records   int64        `json:"records"`
	LastAt    time.Time    `json:"last_at,omitzero"` // When the last record was recorded.
	Heads     int          `json:"heads"`
	Covered   int64        `json:"covered"` // Records under the newest head; nothing proves those after it yet.
	HeadAt    time.Time    `json:"head_at,omitzero"`
	Answers   int          `json:"answers"`
	Snapshot  cad.Seq      `json:"snapshot"` // 0: there is none.
	StateHash string       `json:"state_hash,omitempty"`
	Findings  []finding    `json:"findings"`
	OK        bool         `json:"ok"`
	Seconds   float64      `json:"seconds"`

	say func(format string, args ...any) // What is being done, for whoever waits.
}

// What to do when something is wrong. Nothing of ours mends a journal: what was acknowledged is not guessed.
const (
	remedyKeep   = "keep a copy of the whole folder as it is; then restore the newest backup that verifies, and enter again what is missing"
	remedyHeads  = "compare with another copy of the heads; if all say the same, somebody changed the journal: keep it as evidence and restore a backup that verifies"
	remedyNone   = "give --heads with a copy of the signed heads; a service that runs signs new ones within a minute"
	remedyShot   = "remove the folder journal.db.snapshots: the next start replays from the first record"
	progressTime = 3 * time.Second // How often a long check says that it is still at work.
)

// Run checks and says what it found. It changes nothing, and ends with 1 if anything is wrong.
func (c *verifyCommand) Run(s session) error {
	began := time.Now()
	path := filepath.Join(c.Data, "journal.db")
	if _, err := os.Stat(path); err != nil {
		return fault.Wrap("shuniu verify", fault.NotFound, err, "there is no journal in %s", c.Data).Mend("name the folder that serve or demo was given")
	}
	v := &verified{Data: c.Data, Findings: []finding{}}
	quiet := v.progress(s)
	err := c.check(s.ctx, path, v)
	quiet()
	if err != nil {
		return err
	}
	v.OK, v.Seconds = len(v.Findings) == 0, time.Since(began).Seconds()
	if err := v.print(s, c.JSON); err != nil {
		return err
	}
	if !v.OK {
		return fault.New("shuniu verify", fault.Conflict, "%d things are wrong with %s", len(v.Findings), c.Data).Mend(v.Findings[0].Remedy)
	}
	return nil
}

// progress says now and then what is being done, until the returned function is called.
func (v *verified) progress(s session) (stop func()) {
	began, done, ended := time.Now(), make(chan struct{}), make(chan struct{})
	phases := make(chan string, 8)
	v.say = func(format string, args ...any) {
		select {
		case phases <- fmt.Sprintf(format, args...):
		default: // Whoever waits hears of the next one.
		}
	}
	go func() {
		defer close(ended)
		tick := time.NewTicker(progressTime)
		defer tick.Stop()
		phase := "opening"
		for {
			select {
			case <-done:
				return
			case phase = <-phases:
			case <-tick.C:
				s.say("still at work after %.0f s: %s", time.Since(began).Seconds(), phase)
			}
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}

// check looks at every part. An error is that something could not be looked at; what is wrong is a finding.
func (c *verifyCommand) check(ctx context.Context, path string, v *verified) (err error) {
	store, err := sqlite.Open(ctx, path, sqlite.Options{ReadOnly: true})
	if err != nil {
		return v.found("journal", err, remedyKeep)
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	v.say("reading every page, record and index")
	if err := v.found("journal", store.Check(ctx), remedyKeep); err != nil {
		return err
	}
	if err := c.checkHeads(ctx, store, v); err != nil {
		return err
	}
	if len(v.Findings) > 0 { // A damaged journal cannot be replayed.
		return nil
	}
	return v.replay(ctx, store)
}

// found notes what is wrong; an error that is no damage is given back.
func (v *verified) found(part string, err error, remedy string) error {
	if err == nil {
		return nil
	}
	if !errors.Is(err, journal.ErrCorrupt) && fault.KindOf(err) != fault.NotFound {
		return err
	}
	f := finding{Part: part, Text: err.Error(), Remedy: remedy}
	var t *journal.Tampered
	if errors.As(err, &t) {
		f.First, f.Last = t.First, t.Last
	}
	v.Findings = append(v.Findings, f)
	return nil
}

// checkHeads compares the journal with every signed head: each must be a prefix of it.
func (c *verifyCommand) checkHeads(ctx context.Context, store journal.Store, v *verified) error {
	heads, key := c.Heads, c.Key
	if heads == "" {
		heads = filepath.Join(c.Data, "witness", "heads.log")
	}
	if key == "" {
		key = filepath.Join(filepath.Dir(heads), "witness.key.pub")
		if _, err := os.Stat(key); errors.Is(err, fs.ErrNotExist) {
			key = filepath.Join(c.Data, "witness", "witness.key.pub")
		}
	}
	v.say("comparing with the signed heads")
	var public ed25519.PublicKey
	public, err := witness.ReadPublic(key)
	if err != nil {
		return v.found("heads", err, "give --key with the public key of these heads")
	}
	report, err := witness.Check(ctx, store, heads, public)
	v.Heads, v.Covered, v.HeadAt = report.Heads, report.Covered, report.Last
	if fault.KindOf(err) == fault.NotFound && !errors.Is(err, journal.ErrCorrupt) || err == nil && report.Heads == 0 {
		return v.found("heads", fault.New("shuniu verify", fault.NotFound, "there are no signed heads in %s: nobody could tell a changed journal", heads), remedyNone)
	}
	return v.found("heads", err, remedyHeads)
}

// replay folds every record, and compares the snapshot and the answers with them on the way.
func (v *verified) replay(ctx context.Context, store journal.Store) error {
	snap, kept, err := store.LatestSnapshot(ctx)
	if err != nil {
		return err
	}
	expected, err := v.expect(ctx, store)
	if err != nil {
		return err
	}
	codec, err := joint.NewCodec()
	if err != nil {
		return err
	}
	h := joint.NewHouse(func(s cad.Subject) (out []journal.Record, err error) {
		for r, err := range store.BySubject(ctx, s) {
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
		return out, nil
	})
	for r, err := range store.Read(ctx, 0) {
		if err == nil {
			err = h.Replay(codec, r)
		}
		if err != nil {
			return v.found("journal", errors.Join(journal.ErrCorrupt, err), remedyKeep)
		}
		v.Records, v.LastAt, v.Centre = int64(r.Seq), r.At, r.Centre
		if r.Seq%1000 == 0 {
			v.say("replaying, at record %d", r.Seq)
		}
		v.told(r, expected[r.Seq])
		delete(expected, r.Seq)
		if kept && r.Seq == snap.Seq {
			v.Snapshot = snap.Seq
			if sum, err := h.Hash(); err != nil || sum != snap.Hash {
				v.Findings = append(v.Findings, finding{Part: "snapshot", First: snap.Seq, Last: snap.Seq, Text: fmt.Sprintf("the snapshot at %d is not what the records lead to (%v)", snap.Seq, err), Remedy: remedyShot})
			}
		}
	}
	for seq, answers := range expected {
		v.Findings = append(v.Findings, finding{Part: "answers", First: seq, Last: seq, Text: fmt.Sprintf("key %q was answered with record %d, which is not there", answers[0].key, seq), Remedy: remedyKeep})
	}
	state, err := h.Bytes()
	if err != nil {
		return err
	}
	v.World, v.StateHash = h.Org.World, fmt.Sprintf("%x", sha256.Sum256(state))
	return nil
}

// answered is a command that was told to have made a record.
type answered struct {
	actor cad.ActorID
	key   string
}

// expect reads every answer that is kept, each against its sum, and says which records they speak of.
func (v *verified) expect(ctx context.Context, store journal.Store) (map[cad.Seq][]answered, error) {
	v.say("reading the answers")
	out := map[cad.Seq][]answered{}
	for a, err := range store.AnswersSince(ctx, time.Time{}) {
		if err != nil {
			return out, v.found("answers", err, remedyKeep)
		}
		v.Answers++
		var said joint.Answer
		if err := json.Unmarshal(a.Body, &said); err != nil {
			v.Findings = append(v.Findings, finding{Part: "answers", Text: fmt.Sprintf("the answer to key %q cannot be read: %v", a.Key, err), Remedy: remedyKeep})
			continue
		}
		if !said.Unchanged {
			out[a.Seq] = append(out[a.Seq], answered{a.Actor, a.Key})
		}
	}
	return out, nil
}

// told compares a record with the answers that speak of it.
func (v *verified) told(r journal.Record, answers []answered) {
	for _, a := range answers {
		if a.actor != r.Actor || a.key != r.Key {
			v.Findings = append(v.Findings, finding{
				Part: "answers", First: r.Seq, Last: r.Seq, Remedy: remedyKeep,
				Text: fmt.Sprintf("key %q was answered with record %d, which has key %q", a.key, r.Seq, r.Key),
			})
		}
	}
}

// print says it in plain lines, or as one JSON object.
func (v *verified) print(s session, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(s.out).Encode(v)
	}
	lines := []string{}
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if v.Records > 0 {
		say("journal   %d records of the %s world of %s, the last one of %s", v.Records, v.World, v.Centre, v.LastAt.Format(time.DateTime))
		say("answers   %d, each with its record", v.Answers)
	}
	if v.Heads > 0 {
		say("heads     %d, the newest of %s over %d records", v.Heads, v.HeadAt.Format(time.DateTime), v.Covered)
	}
	switch {
	case v.Records > 0 && v.Snapshot > 0:
		say("snapshot  at record %d, compared with a replay", v.Snapshot)
	case v.Records > 0:
		say("snapshot  none")
	}
	for _, f := range v.Findings {
		say("WRONG     %s: %s", f.Part, f.Text)
		say("          what to do: %s", f.Remedy)
	}
	if v.OK {
		say("nothing is wrong (%.1f s)", v.Seconds)
	}
	for _, l := range lines {
		if _, err := fmt.Fprintln(s.out, l); err != nil {
			return err
		}
	}
	return nil
}
