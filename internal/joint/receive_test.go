package joint_test

import (
	"fmt"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
)

// TestMarksAreBounded gives a first report ten thousand unusable parts: its row names a few, each once.
func TestMarksAreBounded(t *testing.T) {
	cmd := joint.Receive{ID: "i1", Source: incident.Phone}
	for i := range 10_000 {
		cmd.Tags = append(cmd.Tags, cad.TagID(fmt.Sprint("nonsense", i)))
		cmd.Aside = append(cmd.Aside, incident.Aside{Field: fmt.Sprint("f", i/2), Why: "unknown_field"})
	}
	out, err := cmd.Decide(joint.NewHouse(nil), joint.Moment{Now: time.Unix(1e9, 0).UTC(), Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	marks := out.Facts[0].(incident.Opened).Aside
	if n := len(marks); n != 25 || marks[1].Field != "f1" || marks[n-1].Why != "and_more" {
		t.Errorf("%d marks: %v", n, marks)
	}
}
