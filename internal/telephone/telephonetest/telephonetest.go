// Package telephonetest is the suite that every exchange behind telephone.Switch passes.
package telephonetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/telephone"
)

// Outside is what happens on the other side of an exchange, as a test makes it happen.
type Outside interface {
	Ring(ctx context.Context, r telephone.Report) error
	HangUp(ctx context.Context, id cad.CallID) error
	Leave(ctx context.Context, id cad.CallID, leg string) error
	Record(ctx context.Context, id cad.CallID, ref string) error
	Stood(id cad.CallID) telephone.Stand // How the line stands.
}

// Run holds an exchange to the contract. fresh makes a new one.
func Run(t *testing.T, fresh func(t *testing.T) (telephone.Switch, Outside)) {
	t.Run("an older word changes nothing", func(t *testing.T) {
		s, out := fresh(t)
		set := func(seq cad.Seq, line telephone.Line) {
			t.Helper()
			if err := s.Set(t.Context(), telephone.Stand{Call: "k", Seq: seq, Line: line}); err != nil {
				t.Fatal(err)
			}
		}
		set(3, telephone.Talking)
		set(5, telephone.Held)
		set(3, telephone.Talking)
		set(5, telephone.Held)
		if got := out.Stood("k"); got.Line != telephone.Held || got.Seq != 5 {
			t.Errorf("it stands as %+v", got)
		}
	})
	t.Run("a report says all that the last one said", func(t *testing.T) {
		s, out := fresh(t)
		var heard []telephone.Report
		must(t, s.Connect(t.Context(), func(_ context.Context, r telephone.Report) error { heard = append(heard, r); return nil }))
		must(t, out.Ring(t.Context(), telephone.Report{Call: "k", Number: "1", Trunk: "110-1", Rang: time.Unix(1, 0)}))
		must(t, s.Set(t.Context(), telephone.Stand{Call: "k", Seq: 2, Line: telephone.Talking, With: []telephone.Party{{Leg: "l", Kind: call.WithPartner, To: "119"}}}))
		must(t, out.Record(t.Context(), "k", "r1"))
		must(t, out.Leave(t.Context(), "k", "l"))
		must(t, out.HangUp(t.Context(), "k"))
		last := heard[len(heard)-1]
		if last.Number != "1" || last.Trunk != "110-1" || !slices.Equal(last.Recordings, []string{"r1"}) || !slices.Equal(last.Left, []string{"l"}) || last.Ended.IsZero() {
			t.Errorf("the last report is %+v", last)
		}
	})
	t.Run("what was not taken is said again", func(t *testing.T) {
		s, out := fresh(t)
		refused, taken := 0, 0
		ear := func(_ context.Context, _ telephone.Report) error {
			if refused == 0 {
				refused++
				return errors.New("not stored")
			}
			taken++
			return nil
		}
		must(t, s.Connect(t.Context(), ear))
		_ = out.Ring(t.Context(), telephone.Report{Call: "k", Number: "1"}) // It may say that nobody heard.
		must(t, s.Connect(t.Context(), ear))
		if taken == 0 {
			t.Error("the call was never told again")
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
