package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/journal"
	"shuniu/internal/keyfile"
	"shuniu/internal/sqlite"
)

// ledger is what the callers know: what they asked and what they were told. It lives outside the writer.
type ledger struct {
	tried map[string]try
	acked map[string]ack
	codes map[string]int // Refusals by code.
	wrong []string       // Answers that contradict each other.
}

func newLedger() *ledger {
	return &ledger{tried: map[string]try{}, acked: map[string]ack{}, codes: map[string]int{}}
}

func (l *ledger) write(x line) {
	switch x.Say {
	case "try":
		l.tried[x.Try.Key] = *x.Try
	case "ack":
		first, known := l.acked[x.Key]
		if known && (first.ID != x.Ack.ID || first.Number != x.Ack.Number || first.Seq != x.Ack.Seq) {
			l.wrong = append(l.wrong, fmt.Sprintf("%s was told %+v, then %+v", x.Key, first, *x.Ack))
		}
		if !known {
			l.acked[x.Key] = *x.Ack
		}
	case "no":
		l.codes[x.Code]++
	}
}

// open is what was sent and never acknowledged.
func (l *ledger) open() []try {
	var out []try
	for k, t := range l.tried {
		if _, ok := l.acked[k]; !ok {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b try) int { return len(a.Key) - len(b.Key) })
	return out
}

// verdict is what the journal says about a ledger. The lists name what is wrong.
type verdict struct {
	Acked, Unasked                        int // Acknowledged; in the journal without an acknowledgement.
	Lost, Doubled, Half, Changed, Foreign []string
}

func (v verdict) bad() int {
	return len(v.Lost) + len(v.Doubled) + len(v.Half) + len(v.Changed) + len(v.Foreign)
}

// report fails the test for whatever is wrong; lost is allowed where the loss is the point.
func (v verdict) report(t *testing.T, l *ledger) {
	t.Helper()
	some := func(s []string) []string { return s[:min(3, len(s))] }
	if v.bad() > 0 {
		t.Errorf("of %d acknowledged: %d lost %v, %d doubled %v, %d half %v, %d changed %v, %d that nobody sent %v", v.Acked,
			len(v.Lost), some(v.Lost), len(v.Doubled), some(v.Doubled), len(v.Half), some(v.Half), len(v.Changed), some(v.Changed), len(v.Foreign), some(v.Foreign))
	}
	if len(l.wrong) > 0 {
		t.Errorf("%d answers contradict each other: %v", len(l.wrong), some(l.wrong))
	}
}

// The facts of a call, and of a note: a command is whole or absent.
func facts(t try) []string {
	if t.Call == "" {
		return []string{"incident.noted"}
	}
	return []string{"incident.opened", "incident.classified", "call.arrived", "call.attached"}
}

// judge reads the journal in a folder and compares it with the ledger. Nobody else may have it open.
func (l *ledger) judge(ctx context.Context, dir string) (v verdict, err error) {
	keys, err := keyfile.Open(filepath.Join(dir, "keys"), keyfile.Options{})
	if err != nil {
		return v, err
	}
	store, err := sqlite.Open(ctx, filepath.Join(dir, "journal.db"), sqlite.Options{Centre: jointtest.Centre, ReadOnly: true})
	if err != nil {
		return v, errors.Join(err, keys.Close())
	}
	defer func() { err = errors.Join(err, store.Close(), keys.Close()) }()
	byKey := map[string][]journal.Record{}
	var last cad.Seq
	for r, err := range store.Read(ctx, 0) {
		if err != nil {
			return v, err
		}
		if r.Seq != last+1 {
			return v, fmt.Errorf("record %d follows %d", r.Seq, last)
		}
		if last = r.Seq; r.Key != "" {
			byKey[r.Key] = append(byKey[r.Key], r)
		}
	}
	v.Acked = len(l.acked)
	for k, records := range byKey {
		l.judgeOne(&v, keys, k, records)
	}
	for k := range l.acked {
		if len(byKey[k]) == 0 {
			v.Lost = append(v.Lost, k)
		}
	}
	return v, nil
}

// judgeOne looks at what one command left in the journal.
func (l *ledger) judgeOne(v *verdict, keys *keyfile.Store, key string, records []journal.Record) {
	t, known := l.tried[key]
	if !known {
		v.Foreign = append(v.Foreign, key)
		return
	}
	var types []string
	for i, r := range records {
		types = append(types, r.Type)
		if r.Seq != records[0].Seq+cad.Seq(i) || r.Commit != records[0].Commit {
			v.Doubled = append(v.Doubled, key)
			return
		}
		if r.Private == nil {
			continue
		}
		if text, err := words(keys, r); err != nil || text != t.Text {
			v.Changed = append(v.Changed, fmt.Sprintf("%s (%s): %q %v", key, r.Type, text, err))
			return
		}
	}
	want := facts(t)
	switch {
	case len(types) > len(want):
		v.Doubled = append(v.Doubled, fmt.Sprintf("%s %v", key, types))
	case !slices.Equal(types, want):
		v.Half = append(v.Half, fmt.Sprintf("%s %v", key, types))
	}
	a, acked := l.acked[key]
	switch last := records[len(records)-1]; {
	case !acked:
		v.Unasked++
	case a.Seq != last.Seq || a.ID != string(t.ID):
		v.Changed = append(v.Changed, fmt.Sprintf("%s was told %+v, but stands at %d", key, a, last.Seq))
	}
}

// words are the private words of a record.
func words(keys *keyfile.Store, r journal.Record) (string, error) {
	plain, err := keys.Open(*r.Private)
	if err != nil {
		return "", err
	}
	var w struct {
		board.Words
		board.Caller
	}
	err = json.Unmarshal(plain, &w)
	return w.Text + w.Name, err
}

// The ledger must see what it is there to see.
func TestLedgerSeesEveryWrong(t *testing.T) {
	ctx := t.Context()
	o := orders{Dir: t.TempDir(), Callers: 1, Reserve: -1, Log: -1}
	w, err := openWriter(ctx, o, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	l := newLedger()
	for _, x := range []try{{"k1", "i1", "c1", "one"}, {"k2", "i2", "c2", "two"}, {"k3", "i1", "", "three"}} {
		l.write(line{Say: "try", Try: &x})
		wish, err := x.wish(w.desk)
		if err != nil {
			t.Fatal(err)
		}
		reply, err := w.desk.Do(ctx, wish)
		if err != nil {
			t.Fatal(err)
		}
		l.write(line{Say: "ack", Key: x.Key, Ack: &ack{ID: reply.ID, Number: reply.Number, Seq: reply.Seq}})
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	check := func(what string, count func(verdict) int, want int) {
		t.Helper()
		v, err := l.judge(ctx, o.Dir)
		if err != nil {
			t.Fatal(err)
		}
		if v.bad() != want || count(v) != want {
			t.Errorf("%s: %+v", what, v)
		}
	}
	check("as it is", func(v verdict) int { return v.bad() }, 0)
	k1 := l.tried["k1"]
	l.acked["k9"] = ack{ID: "i9"}
	check("an acknowledged one is missing", func(v verdict) int { return len(v.Lost) }, 1)
	delete(l.acked, "k9")
	l.tried["k1"] = try{"k1", "i1", "c1", "other words"}
	check("words differ", func(v verdict) int { return len(v.Changed) }, 1)
	l.tried["k1"] = try{"k1", "i1", "", "one"}
	check("more facts than sent", func(v verdict) int { return len(v.Doubled) }, 1)
	l.tried["k1"] = k1
	l.tried["k3"] = try{"k3", "i1", "c3", "three"}
	check("fewer facts than sent", func(v verdict) int { return len(v.Half) }, 1)
	delete(l.tried, "k3")
	check("nobody sent it", func(v verdict) int { return len(v.Foreign) }, 1)
	l.write(line{Say: "ack", Key: "k2", Ack: &ack{ID: "i7"}})
	if len(l.wrong) != 1 {
		t.Errorf("two answers to one key: %v", l.wrong)
	}
}
