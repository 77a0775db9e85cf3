package incident

import (
	"testing"

	"shuniu/internal/cad"
)

// A reason that version 1 wrote in the clear can still be read, and folds to the same state as a sealed one.
func TestOldReasonIsLifted(t *testing.T) {
	for _, k := range Facts() {
		if k.Type != (ClassifiedFact{}).FactType() {
			continue
		}
		f, err := k.Decode(1, []byte(`{"id":"A","type":"fight","priority":"P2","reason":"a second caller"}`))
		got, ok := f.(ClassifiedFact)
		if err != nil || !ok || got.Open != "a second caller" || !got.Secret().IsZero() || got.Type != "fight" {
			t.Errorf("lifted to %+v, %v", f, err)
		}
		if s := Evolve(State{Phase: Received}, got, cad.Stamp{Seq: 1, At: begin()}); s.Type != "fight" || s.Priority != cad.P2 || s.Phase != Classified {
			t.Errorf("folds to %+v", s)
		}
		return
	}
	t.Error("the table has no such fact")
}
