package journaltest

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shuniu/internal/cad"
	"shuniu/internal/journal"
)

// model is what a store should hold, in the plainest words.
type model struct {
	b       *bench
	s       journal.Store
	epoch   journal.Epoch // 0 before Begin and after a failure.
	end     cad.Seq
	answers []journal.Answer
	next    int // Number of the next answer.
	cursor  cad.Seq
}

// testModel lives through random histories, and compares the store with the model after each step.
func testModel(t *testing.T, b *bench) {
	m := &model{b: b, s: b.open()}
	rapid.Check(t, func(rt *rapid.T) {
		// One journal serves all histories: each goes on where the last one ended, as after a restart.
		rt.Repeat(map[string]func(*rapid.T){
			"begin":    m.begin,
			"append":   m.append,
			"misplace": m.misplace,
			"repeat":   m.repeat,
			"reopen":   m.reopen,
			"forget":   m.forget,
			"cursor":   m.setCursor,
			"":         m.check,
		})
	})
}

func (m *model) begin(rt *rapid.T) {
	e, head, err := m.s.Begin(m.b.t.Context())
	if err != nil || e <= m.epoch || head.Seq != m.end {
		rt.Fatalf("Begin: epoch %d after %d, end %d, want %d: %v", e, m.epoch, head.Seq, m.end, err)
	}
	m.epoch = e
}

func (m *model) append(rt *rapid.T) {
	n := rapid.IntRange(0, 12).Draw(rt, "records")
	var answers []journal.Answer
	for range rapid.IntRange(0, 3).Draw(rt, "answers") {
		a := AnswerOf(m.next + len(answers))
		a.At = AnswerOf(m.next).At
		answers = append(answers, a)
	}
	err := m.s.Append(m.b.t.Context(), m.epoch, m.end, Records(m.end, n), answers)
	if (err == nil) != (m.epoch != 0) {
		rt.Fatalf("append in epoch %d: %v", m.epoch, err)
	}
	if err == nil {
		m.end += cad.Seq(n)
		m.answers = append(m.answers, answers...)
		m.next += len(answers)
	}
}

func (m *model) misplace(rt *rapid.T) {
	at := m.end + cad.Seq(rapid.SampledFrom([]int{-1, 1, 2}).Draw(rt, "off"))
	if err := m.s.Append(m.b.t.Context(), m.epoch, at, Records(at, 2), nil); err == nil {
		rt.Fatalf("an append after %d was taken, the end is %d", at, m.end)
	}
	m.epoch = 0
}

func (m *model) repeat(rt *rapid.T) {
	if len(m.answers) == 0 {
		rt.Skip("nothing to repeat")
	}
	a := rapid.SampledFrom(m.answers).Draw(rt, "answer")
	if err := m.s.Append(m.b.t.Context(), m.epoch, m.end, Records(m.end, 2), []journal.Answer{a}); err == nil {
		rt.Fatal("a key was taken twice")
	}
	m.epoch = 0
}

func (m *model) reopen(rt *rapid.T) {
	if err := m.s.Close(); err != nil {
		rt.Fatal(err)
	}
	s, err := m.b.Open()
	if err != nil {
		rt.Fatal(err)
	}
	m.b.t.Cleanup(func() { _ = s.Close() })
	m.s, m.epoch = s, 0
}

func (m *model) forget(rt *rapid.T) {
	before := Start().Add(time.Duration(rapid.IntRange(0, m.next+1).Draw(rt, "second")) * time.Second)
	if err := m.s.ForgetAnswers(m.b.t.Context(), before); err != nil {
		rt.Fatal(err)
	}
	m.answers = slices.DeleteFunc(m.answers, func(a journal.Answer) bool { return a.At.Before(before) })
}

func (m *model) setCursor(rt *rapid.T) {
	m.cursor = cad.Seq(rapid.IntRange(0, int(m.end)).Draw(rt, "cursor"))
	if err := m.s.SetCursor(m.b.t.Context(), "deadlines", m.cursor); err != nil {
		rt.Fatal(err)
	}
}

func (m *model) check(rt *rapid.T) {
	ctx := m.b.t.Context()
	if h, err := m.s.Head(ctx); err != nil || h.Seq != m.end {
		rt.Fatalf("the end is %d, want %d: %v", h.Seq, m.end, err)
	}
	if c, err := m.s.Cursor(ctx, "deadlines"); err != nil || c != m.cursor {
		rt.Fatalf("the cursor is %d, want %d: %v", c, m.cursor, err)
	}
	from := max(m.end-20, 0)
	rs, err := Collect(m.s.Read(ctx, from))
	if err != nil || len(rs) != int(m.end-from) {
		rt.Fatalf("%d records after %d: %v", len(rs), from, err)
	}
	for i, r := range rs {
		if diff := Same(r, Record(cad.Seq(r.Commit), from+cad.Seq(i)+1)); diff != "" {
			rt.Fatal(diff)
		}
	}
	got, err := Collect(m.s.AnswersSince(ctx, time.Time{}))
	if err != nil || !slices.EqualFunc(got, m.answers, sameAnswer) {
		rt.Fatalf("%d answers, want %d: %v", len(got), len(m.answers), err)
	}
}
