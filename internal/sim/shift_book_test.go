package sim_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"shuniu/internal/alarm"
	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
)

// fate is what a command came to, as far as its caller knows.
type fate int

const (
	untold  fate = iota // Not known to be stored: it may be in the journal, once, or not at all.
	taken               // Acknowledged: it is in the journal, exactly once, or changed nothing.
	refused             // Nothing of it is in the journal.
)

// entry is one command in the outside ledger.
type entry struct {
	wish    desk.Wish
	subject cad.Subject // Whose private words it brings; empty if it brings none.
	said    string      // Those words.

	fate   fate
	answer joint.Answer // When taken.
	last   error        // What was said last.
	told   int          // How often it was acknowledged as new.
	tries  int          // How often its caller has heard anything.
	doubt  int          // Tries by the last time that he heard not_stored: what began before that proves nothing.
	since  time.Time    // When it was recorded; if nothing is known to be, no later than it was answered.
}

// keyKept is how long a key is remembered, in recorded time (promise P2). Longer than that nobody asks again: what comes
// then may be executed anew.
const keyKept = 30 * 24 * time.Hour

// dayKept is how long the desk itself remembers it; then only the store does.
const dayKept = 24 * time.Hour

// promised reports whether a repeat is promised the first answer, when the journal ends so.
func (e *entry) promised(end journal.Head) bool { return end.At.Sub(e.since) <= keyKept }

type name struct {
	actor cad.ActorID
	key   string
}

// block is what the journal holds of one command.
type block struct {
	first, last cad.Seq
	records     int
}

// book is the outside ledger of one hall: what callers were told, kept where no desk can reach it.
type book struct {
	h *hall

	mu     sync.Mutex
	all    []*entry
	byName map[name]*entry
	stored map[name]*block
	leaves [][]byte             // The stored bytes, as they were when they were first read.
	erased map[cad.Subject]bool // Ordered, and answered: its key is destroyed.
	maybe  map[cad.Subject]bool // Ordered: its key may be destroyed.
}

func newBook(h *hall) *book {
	return &book{h: h, byName: map[name]*entry{}, stored: map[name]*block{}, erased: map[cad.Subject]bool{}, maybe: map[cad.Subject]bool{}}
}

func (b *book) enter(e *entry, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e.since.IsZero() {
		e.since = now
	}
	n := name{e.wish.Actor.ID, e.wish.Key}
	if e.wish.Key == "" || b.byName[n] == e {
		return
	}
	b.byName[n] = e
	b.all = append(b.all, e)
}

// standing is what is known of a command before it is given, and after how many answers.
func (b *book) standing(e *entry) (fate, int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return e.fate, e.tries
}

func (b *book) open() []*entry { return b.of(untold) }

func (b *book) answered() []*entry { return b.of(taken) }

// of gives the commands that came to f and are not too old to be given again.
func (b *book) of(f fate) (out []*entry) {
	end := b.h.end()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.all {
		if e.fate == f && e.promised(end) {
			out = append(out, e)
		}
	}
	return out
}

// tell gives a command to the desk, waits for what it says, and judges it.
func (h *hall) tell(e *entry) { h.give(h.desk, h.disk, e, false) }

// tellOld gives a command to a writer that was replaced.
func (h *hall) tellOld(d *desk.Desk, on *disk, e *entry) { h.give(d, on, e, true) }

func (h *hall) give(d *desk.Desk, on *disk, e *entry, replaced bool) {
	began := h.clock.Now()
	h.book.enter(e, began)
	before, tries := h.book.standing(e)
	ctx := h.s.t.Context()
	var reply desk.Reply
	var err error
	if _, ok := e.wish.Command.(joint.Erase); ok {
		reply, err = d.Erase(ctx, e.wish)
	} else {
		reply, err = d.Do(ctx, e.wish)
	}
	end, headErr := on.Head(ctx) // Before anything else: what he was told must be stored by now.
	if headErr != nil {
		h.s.fail(h, "P1", "the journal's end cannot be read: %v", headErr)
		return
	}
	if replaced {
		h.judgeOld(e, reply, err)
		return
	}
	if err != nil {
		h.judgeRefusal(e, tries, err)
		return
	}
	if before == taken && !reply.Repeat && e.wish.Key != "" {
		h.s.fail(h, "P2", "%s %q was executed again", e.wish.Command.Verb(), e.wish.Key)
	}
	h.judge(e, reply, end, began)
}

// judgeOld is promise P7: a writer that was replaced acknowledges nothing. What it had told before it may tell again.
func (h *hall) judgeOld(e *entry, reply desk.Reply, err error) {
	h.book.mu.Lock()
	defer h.book.mu.Unlock()
	switch {
	case err == nil && reply.Repeat:
	case err == nil:
		h.s.fail(h, "P7", "a writer that was replaced acknowledged %s %q at %d", e.wish.Command.Verb(), e.wish.Key, reply.Seq)
	case fault.KindOf(err) == fault.Internal:
		h.s.fail(h, "the desk", "%s: %v", e.wish.Command.Verb(), err)
	case fault.KindOf(err) == fault.Unavailable:
		if e.tries++; e.fate == refused {
			e.fate = untold
		}
		e.doubt = e.tries
	}
}

// judge looks at an acknowledgement.
func (h *hall) judge(e *entry, reply desk.Reply, end journal.Head, began time.Time) {
	verb, key := e.wish.Command.Verb(), e.wish.Key
	if reply.Seq > end.Seq {
		h.s.fail(h, "P1", "%s %q was acknowledged with record %d, and the journal ends at %d", verb, key, reply.Seq, end.Seq)
		return
	}
	var r journal.Record
	if !reply.Unchanged {
		var err error
		if r, err = h.disk.record(h.s.t.Context(), reply.Seq); err != nil || r.Key != key || r.Actor != e.wish.Actor.ID {
			h.s.fail(h, "P1", "%s %q was acknowledged with record %d, which is %q of %s (%v)", verb, key, reply.Seq, r.Key, r.Actor, err)
			return
		}
	}
	h.judgeTime(e, reply, r, end, began)
	if _, ok := e.wish.Command.(joint.AboutUnit); ok && verb == "unit.duress" {
		h.s.met("duress")
		if !reply.Unchanged && r.Type != "unit.duress_raised" && r.Type != "unit.duress_told" { // Told: he pressed again, with words.
			h.s.fail(h, "P9", "duress was acknowledged with record %d, a %s", reply.Seq, r.Type)
		}
	}
	h.book.mu.Lock()
	defer h.book.mu.Unlock()
	if e.fate == taken && !reflect.DeepEqual(e.answer, reply.Answer) {
		h.s.fail(h, "P2", "%s %q was told %+v, and the second time %+v", verb, key, e.answer, reply.Answer)
	}
	if reply.Repeat {
		h.s.met("repeat")
		if end.At.Sub(e.since) > dayKept {
			h.s.met("repeat of another day")
		}
	} else {
		h.s.met("taken")
		h.judgeNew(e, reply)
	}
	e.tries++
	e.fate, e.answer, e.last = taken, reply.Answer, nil
	if !reply.Unchanged {
		e.since = r.At
	}
}

// judgeTime is promise P11: what has an expiry is not executed after it.
func (h *hall) judgeTime(e *entry, reply desk.Reply, r journal.Record, end journal.Head, began time.Time) {
	x := e.wish.Expires
	if x.IsZero() {
		return
	}
	if !reply.Unchanged && r.At.After(x) {
		h.s.fail(h, "P11", "%s %q expired at %v and was executed at %v", e.wish.Command.Verb(), e.wish.Key, x, r.At)
	}
	if reply.Unchanged && !reply.Repeat && began.After(x) && h.clock.Now().After(x) {
		h.s.fail(h, "P11", "%s %q expired at %v and was answered anew after %v (journal's time %v)", e.wish.Command.Verb(), e.wish.Key, x, began, end.At)
	}
}

// judgeNew looks at a command that was executed now.
func (h *hall) judgeNew(e *entry, reply desk.Reply) {
	if e.told++; e.told > 1 && e.wish.Key != "" {
		h.s.fail(h, "P2", "%s %q was acknowledged as new twice", e.wish.Command.Verb(), e.wish.Key)
	}
	switch c := e.wish.Command.(type) {
	case joint.Erase:
		h.book.erased[c.Subject] = true
		h.s.met("erased")
	case joint.Merge:
		h.s.met("merged")
	case joint.Split:
		h.s.met("split")
	}
	if c, ok := e.wish.Command.(joint.Emergency); e.wish.IfSeq > 0 && !reply.Unchanged && !(ok && c.Emergency()) {
		h.judgeSeen(e, reply)
	}
}

// judgeSeen looks at a command whose sender had seen the row at IfSeq: nothing may have changed it between that and him.
func (h *hall) judgeSeen(e *entry, reply desk.Reply) {
	target := e.wish.Command.Target()
	if !h.laws.stays(target) {
		return
	}
	for seq := e.wish.IfSeq + 1; seq <= reply.Seq; seq++ {
		r, err := h.disk.record(h.s.t.Context(), seq)
		if err == nil && r.Key == e.wish.Key && r.Actor == e.wish.Actor.ID {
			return // From here on they are its own.
		}
		if err != nil || slices.Contains(r.Subjects, target) {
			h.s.fail(h, "if_seq", "%s %q saw %s at %d and was executed although record %d changed it (%v)", e.wish.Command.Verb(), e.wish.Key, target, e.wish.IfSeq, seq, err)
			return
		}
	}
}

// judgeRefusal looks at a refusal.
func (h *hall) judgeRefusal(e *entry, began int, err error) {
	var f *fault.Error
	if !errors.As(err, &f) {
		f = fault.Wrap("", fault.Internal, err, "")
	}
	verb, key := e.wish.Command.Verb(), e.wish.Key
	if promise := emergencyPromise(e.wish.Command); promise != "" && f.Code != "not_stored" && f.Code != "expired" {
		h.s.fail(h, promise, "%s %q was refused: %v", verb, key, err)
	}
	if f.Code == "expired" && (e.wish.Expires.IsZero() || e.wish.Expires.After(h.clock.Now().Add(100*365*24*time.Hour))) {
		h.s.fail(h, "P11", "%s %q has no expiry and is said to have expired", verb, key)
	}
	h.book.mu.Lock()
	defer h.book.mu.Unlock()
	e.last = err
	e.tries++
	switch {
	case f.Kind == fault.Internal:
		h.s.fail(h, "the desk", "%s: %v", verb, err)
	case f.Kind == fault.Unavailable:
		h.s.met("not stored")
		if e.doubt = e.tries; e.fate == refused {
			e.fate = untold
		}
	case e.fate == taken && key != "":
		h.s.fail(h, "P2", "%s %q was acknowledged before, and refused the second time: %v", verb, key, err)
	default:
		h.s.met("refused")
		switch f.Code {
		case "expired":
			h.s.met("expired")
		case "changed":
			h.s.met("stale")
		}
		if began >= e.doubt {
			e.fate = refused
		}
	}
}

// emergencyPromise is the promise that keeps a command from being refused; empty if there is none.
func emergencyPromise(c joint.Command) string {
	switch c := c.(type) {
	case joint.Receive:
		return "P8"
	case joint.AboutCall:
		if c.Name == "arrive" {
			return "P8"
		}
	case joint.AboutUnit:
		if c.Name == "duress" {
			return "P9"
		}
	}
	return ""
}

// reuse gives another command under a key that was answered (promise P2).
func (h *hall) reuse(e *entry, w desk.Wish) {
	before := h.head()
	reply, err := h.desk.Do(h.s.t.Context(), w)
	var f *fault.Error
	switch {
	case err == nil:
		h.s.fail(h, "P2", "key %q was answered for %s, and taken again for %s: %+v", w.Key, e.wish.Command.Verb(), w.Command.Verb(), reply)
	case !errors.As(err, &f) || f.Code != "key_reused" && f.Kind != fault.Unavailable && f.Kind != fault.Denied:
		h.s.fail(h, "P2", "key %q was used for something else, and the answer is %v", w.Key, err)
	case f.Code == "key_reused":
		h.s.met("key reused")
	}
	if now := h.head(); now != before {
		h.s.fail(h, "P2", "a key that was used for something else brought the journal from %d to %d", before, now)
	}
}

// check reads the journal and compares it with what callers were told: promises P1 and P2.
func (b *book) check() {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := cad.Seq(0)
	var end time.Time
	b.stored = map[name]*block{}
	for r, err := range b.h.disk.Read(b.h.s.t.Context(), 0) {
		if err != nil {
			b.h.s.fail(b.h, "P1", "the journal cannot be read: %v", err)
			return
		}
		at++
		switch {
		case r.Seq != at || r.Centre != b.h.id:
			b.h.s.fail(b.h, "P1", "record %d of %s stands at %d", r.Seq, r.Centre, at)
		case r.At.Before(end):
			b.h.s.fail(b.h, "P1", "record %d was recorded at %v, the one before it at %v", r.Seq, r.At, end)
		}
		end = r.At
		if slices.Contains(r.Subjects, joint.Erasures) {
			b.maybe[r.Subjects[0]] = true
		}
		b.compare(r)
		b.place(r)
	}
	if int(at) < len(b.leaves) {
		b.h.s.fail(b.h, "P1", "the journal ends at %d, and had %d records", at, len(b.leaves))
	}
	for _, e := range b.all {
		b.settle(e)
	}
}

// compare keeps the bytes of a record, or finds out that they changed.
func (b *book) compare(r journal.Record) {
	body, err := r.Bytes()
	if err != nil {
		b.h.s.fail(b.h, "P1", "record %d: %v", r.Seq, err)
		return
	}
	if int(r.Seq) > len(b.leaves) {
		b.leaves = append(b.leaves, body)
	} else if !bytes.Equal(b.leaves[r.Seq-1], body) {
		b.h.s.fail(b.h, "P1", "record %d was %s and is %s", r.Seq, b.leaves[r.Seq-1], body)
	}
}

// place notes to which command a record belongs.
func (b *book) place(r journal.Record) {
	if r.Key == "" {
		return
	}
	n := name{r.Actor, r.Key}
	k := b.stored[n]
	switch {
	case b.byName[n] == nil:
		b.h.s.fail(b.h, "P1", "record %d has key %q of %s, whom nobody here knows", r.Seq, r.Key, r.Actor)
	case k == nil:
		b.stored[n] = &block{first: r.Seq, last: r.Seq, records: 1}
		return
	case r.Seq != k.last+1:
		b.h.s.fail(b.h, "P2", "the records of key %q stand at %d and again at %d", r.Key, k.last, r.Seq)
	}
	if k != nil {
		k.last, k.records = r.Seq, k.records+1
	}
}

func (b *book) settle(e *entry) {
	k := b.stored[name{e.wish.Actor.ID, e.wish.Key}]
	verb := e.wish.Command.Verb()
	switch {
	case e.fate == taken && e.answer.Unchanged && k != nil:
		b.h.s.fail(b.h, "P1", "%s %q was told that nothing changed, and has %d records from %d", verb, e.wish.Key, k.records, k.first)
	case e.fate == taken && !e.answer.Unchanged && k == nil:
		b.h.s.fail(b.h, "P1", "%s %q was acknowledged with record %d and is lost", verb, e.wish.Key, e.answer.Seq)
	case e.fate == taken && k != nil && k.last != e.answer.Seq:
		b.h.s.fail(b.h, "P1", "%s %q was acknowledged with record %d, its last one is %d", verb, e.wish.Key, e.answer.Seq, k.last)
	case e.fate == refused && k != nil:
		b.h.s.fail(b.h, "P1", "%s %q was refused (%v), and has %d records from %d", verb, e.wish.Key, e.last, k.records, k.first)
	}
}

// words opens everything private that was acknowledged: it says what was said, or was erased and says nothing.
func (b *book) words() {
	b.mu.Lock()
	defer b.mu.Unlock()
	seen := 0
	for _, e := range b.all {
		k := b.stored[name{e.wish.Actor.ID, e.wish.Key}]
		if e.fate != taken || e.said == "" || k == nil {
			continue
		}
		for seq := k.first; seq <= k.last; seq++ {
			r, err := b.h.disk.record(b.h.s.t.Context(), seq)
			if err != nil || r.Private == nil || r.Private.Subject != e.subject {
				continue
			}
			seen++
			plain, err := b.h.keys.Open(*r.Private)
			switch gone := b.erased[e.subject]; {
			case gone && !errors.Is(err, journal.ErrErased):
				b.h.s.fail(b.h, "erasure", "%s was erased, and record %d says %q (%v)", e.subject, seq, plain, err)
			case b.maybe[e.subject] && errors.Is(err, journal.ErrErased):
			case !gone && (err != nil || !strings.Contains(string(plain), jsonText(e.said))):
				b.h.s.fail(b.h, "P1", "record %d of %s %q says %q, not %q (%v)", seq, e.wish.Command.Verb(), e.wish.Key, plain, e.said, err)
			}
		}
	}
	if seen == 0 && !b.h.s.failed() {
		b.h.s.t.Errorf("seed %d: no private words were compared", b.h.s.seed)
	}
}

func jsonText(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return s
	}
	return strings.Trim(string(b), `"`)
}

// laws folds every fact as it becomes durable, apart from the desk, and watches that each life goes along its table
// (promise P3). Rooms whose table is not to be seen from outside have a second one here: double entry.
type laws struct {
	h     *hall
	codec *journal.Codec

	mu          sync.Mutex
	at          cad.Seq
	incidents   map[cad.IncidentID]incident.State
	lives       lives
	assignments map[cad.AssignmentID]assignment.State
	alarms      map[cad.AlarmID]alarm.State
	last        map[cad.Subject]cad.Seq
}

func (l *laws) broken(seq cad.Seq, format string, args ...any) {
	l.h.s.fail(l.h, "P3", "record %d: %s", seq, fmt.Sprintf(format, args...))
}
