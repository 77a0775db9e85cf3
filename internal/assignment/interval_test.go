package assignment

import (
	"testing"
	"time"
)

func TestIntervals(t *testing.T) {
	begin := time.Date(2030, 5, 1, 14, 0, 0, 0, time.UTC)
	at := func(s int) time.Time { return begin.Add(time.Duration(s) * time.Second) }
	limits := []Limit{{Kind: "sign", From: "dispatched", WithinS: 30}, {Kind: "depart", From: "acknowledged", WithinS: 60}, {Kind: "arrive", From: "dispatched", WithinS: 300}}
	s := State{ID: "a", Stage: OnScene, Primary: true, Limits: limits, DispatchedAt: at(0), AcknowledgedAt: at(40), EnRouteAt: at(70), OnSceneAt: at(290)}
	for _, tt := range []struct {
		name string
		with func(State) State
		want []Stretch
	}{
		{"a whole way", func(s State) State { s.Stage, s.ClearedAt = Cleared, at(900); return s }, []Stretch{
			{Kind: "sign", From: at(0), To: at(40), LimitS: 30},
			{Kind: "depart", From: at(40), To: at(70), LimitS: 60},
			{Kind: "arrive", From: at(0), To: at(290), LimitS: 300},
			{Kind: "handle", From: at(290), To: at(900)},
		}},
		{"the desk signed first", func(s State) State { s.DeskSignedAt = at(12); return s }, []Stretch{
			{Kind: "sign", From: at(0), To: at(12), LimitS: 30},
			{Kind: "depart", From: at(40), To: at(70), LimitS: 60},
			{Kind: "arrive", From: at(0), To: at(290), LimitS: 300},
			{Kind: "handle", From: at(290)},
		}},
		{"nobody has signed", func(s State) State {
			return State{Stage: Dispatched, Primary: true, Limits: limits, DispatchedAt: at(0)}
		}, []Stretch{{Kind: "sign", From: at(0), LimitS: 30}, {Kind: "arrive", From: at(0), LimitS: 300}}},
		{"called back on the way", func(s State) State {
			return State{Stage: Cleared, Primary: true, Limits: limits, DispatchedAt: at(0), AcknowledgedAt: at(5), EnRouteAt: at(9), ClearedAt: at(60)}
		}, []Stretch{
			{Kind: "sign", From: at(0), To: at(5), LimitS: 30},
			{Kind: "depart", From: at(5), To: at(9), LimitS: 60},
			{Kind: "arrive", From: at(0), To: at(60), LimitS: 300, Ended: true},
		}},
		{"stacked behind another", func(s State) State {
			return State{Stage: Dispatched, Limits: limits, DispatchedAt: at(0)}
		}, []Stretch{{Kind: "sign", From: at(0), LimitS: 30}}},
		{"without limits", func(s State) State {
			return State{Stage: EnRoute, Primary: true, DispatchedAt: at(0), AcknowledgedAt: at(3), EnRouteAt: at(4)}
		}, []Stretch{{Kind: "sign", From: at(0), To: at(3)}, {Kind: "depart", From: at(0), To: at(4)}, {Kind: "arrive", From: at(0)}}},
	} {
		got := Intervals(tt.with(s))
		if len(got) != len(tt.want) {
			t.Errorf("%s: %+v", tt.name, got)
			continue
		}
		for i := range got {
			if got[i] != tt.want[i] {
				t.Errorf("%s: %+v, want %+v", tt.name, got[i], tt.want[i])
			}
		}
	}
}
