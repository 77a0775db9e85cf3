package assignment

import (
	"testing"
	"time"

	"shuniu/internal/cad"
)

// What passed is owed until it is done, with the time since when; then it is only a mark.
func TestMissedIsWhatIsOwedStill(t *testing.T) {
	sent := State{
		ID: "a", Unit: "101", Stage: Dispatched, Primary: true, DispatchedAt: noon, Passed: []string{"sign"},
		Limits: []Limit{{Kind: "sign", From: "dispatched", WithinS: 30}, {Kind: "arrive", From: "dispatched", WithinS: 600}},
	}
	if got := Missed(sent); len(got) != 1 || got[0].Kind != "sign" || !got[0].Due.Equal(noon.Add(30*time.Second)) || got[0].Subject != cad.Subject("assignment:a") {
		t.Errorf("not signed, owes %v", got)
	}
	if got := Due(sent); len(got) != 1 || got[0].Kind != "arrive" {
		t.Errorf("still to meet: %v", got)
	}
	signed := sent
	signed.Stage, signed.AcknowledgedAt = Acknowledged, noon.Add(time.Minute)
	if got := Missed(signed); len(got) != 0 {
		t.Errorf("signed late, owes %v", got)
	}
	ended := sent
	ended.Stage = Cleared
	if got := Missed(ended); len(got) != 0 {
		t.Errorf("released, owes %v", got)
	}
}
