package osm

import (
	"testing"

	"shuniu/internal/street"
)

func TestTagsOfMarks(t *testing.T) {
	for _, tt := range []struct {
		name  string
		tags  tags
		mark  street.Mark
		known bool
	}{
		{"nothing", tags{{"name", "x"}}, street.Mark{}, true},
		{"lights", tags{{"highway", "traffic_signals"}}, street.Mark{Signal: true}, true},
		{"lights one way", tags{{"highway", "traffic_signals"}, {"traffic_signals:direction", "forward"}}, street.Mark{Signal: true, SignalForward: 1}, true},
		{"lights the other way", tags{{"highway", "traffic_signals"}, {"traffic_signals:direction", "backward"}}, street.Mark{Signal: true, SignalForward: -1}, true},
		{"gate", tags{{"barrier", "gate"}}, street.Mark{Barrier: street.BarrierGate}, true},
		{"open gate", tags{{"barrier", "gate"}, {"access", "yes"}}, street.Mark{Barrier: street.BarrierLift}, true},
		{"gate for residents", tags{{"barrier", "lift_gate"}, {"access", "private"}}, street.Mark{Barrier: street.BarrierGate}, true},
		{"lift gate", tags{{"barrier", "lift_gate"}}, street.Mark{Barrier: street.BarrierLift}, true},
		{"gate shut for good", tags{{"barrier", "gate"}, {"emergency", "no"}}, street.Mark{Barrier: street.BarrierWall}, true},
		{"bollard", tags{{"barrier", "bollard"}}, street.Mark{Barrier: street.BarrierWall}, true},
		{"bollard among walkers", tags{{"barrier", "bollard"}, {"access", "yes"}}, street.Mark{Barrier: street.BarrierWall}, true},
		{"bollard for lorries", tags{{"barrier", "bollard"}, {"motor_vehicle", "yes"}}, street.Mark{}, true},
		{"bollard with a key", tags{{"barrier", "bollard"}, {"emergency", "yes"}}, street.Mark{Barrier: street.BarrierGate}, true},
		{"bollard that sinks", tags{{"barrier", "bollard"}, {"bollard", "rising"}}, street.Mark{Barrier: street.BarrierGate}, true},
		{"kerb", tags{{"barrier", "kerb"}}, street.Mark{}, true},
		{"nobody knows", tags{{"barrier", "portcullis"}}, street.Mark{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if m, known := tt.tags.mark(); m != tt.mark || known != tt.known {
				t.Errorf("%+v %v, want %+v %v", m, known, tt.mark, tt.known)
			}
		})
	}
	if e, cars := (tags{{"except", "psv; emergency"}}).excepts(); !e || cars {
		t.Error("except=psv;emergency")
	}
}
