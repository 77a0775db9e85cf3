package api

import (
	"context"
	"time"

	"shuniu/internal/cad"
)

// WorldControl moves a world that is not live: its speed, and what its visitor holds.
type WorldControl interface {
	Take(ctx context.Context, i cad.IncidentID) error // The visitor works on it; the autopilot leaves it alone.
	Release(ctx context.Context) error
	SetSpeed(speed float64) error
	State() WorldState
}

// WorldState is how a world runs now.
type WorldState struct {
	Speed     float64        `json:"speed" doc:"World seconds in a second."`
	Holding   cad.IncidentID `json:"holding,omitempty" doc:"The incident that the visitor holds."`
	Clock     time.Time      `json:"clock"`
	Autopilot string         `json:"autopilot" enum:"recorded,recommended,off"`
}
