package sim

import (
	"context"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/telephone"
	"shuniu/internal/telephone/telephonetest"
)

func TestExchangeKeepsTheContract(t *testing.T) {
	telephonetest.Run(t, func(*testing.T) (telephone.Switch, telephonetest.Outside) {
		x := NewExchange(func() time.Time { return time.Unix(100, 0) })
		return x, x
	})
}

// Whoever is called back picks up and hangs up by himself, or is not there.
func TestWhoIsCalledBack(t *testing.T) {
	now := time.Unix(100, 0)
	x := NewExchange(func() time.Time { return now })
	heard := map[cad.CallID]telephone.Report{}
	if err := x.Connect(t.Context(), func(_ context.Context, r telephone.Report) error { heard[r.Call] = r; return nil }); err != nil {
		t.Fatal(err)
	}
	for _, id := range []cad.CallID{"a", "d"} { // 97 and 100: the second is not there.
		if err := x.Set(t.Context(), telephone.Stand{Call: id, Seq: 1, Line: telephone.Dialling, Number: "1"}); err != nil {
			t.Fatal(err)
		}
	}
	for at, ok := x.Next(); ok; at, ok = x.Next() {
		now = at
		if err := x.Run(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	if a := heard["a"]; a.Answered.IsZero() || !a.Ended.Equal(a.Answered.Add(talksBackFor)) {
		t.Errorf("a: %+v", a)
	}
	if d := heard["d"]; !d.Answered.IsZero() || d.Ended.IsZero() {
		t.Errorf("d: %+v", d)
	}
}
