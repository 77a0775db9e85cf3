package sim

import (
	"context"
	"math"
	"sync"

	"shuniu/internal/api"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
)

// The speeds that a visitor may choose, world seconds in a second.
const (
	speedMin = 0 // Stands still.
	speedMax = 600
)

// World is a demo's world as its visitor steers it: how fast it runs, and which incident he holds. It is
// api.WorldControl. Make it with NewWorld.
type World struct {
	clock     *Clock
	board     *board.Board
	autopilot string

	mu      sync.Mutex
	speed   float64 // When nothing is held.
	holding cad.IncidentID
}

// NewWorld is a world that stands still until Go.
func NewWorld(c *Clock, b *board.Board, speed float64, autopilot string) (*World, error) {
	if err := checkSpeed(speed); err != nil {
		return nil, err
	}
	return &World{clock: c, board: b, speed: speed, autopilot: autopilot}, nil
}

func checkSpeed(speed float64) error {
	if math.IsNaN(speed) || speed < speedMin || speed > speedMax {
		return fault.New("sim.SetSpeed", fault.Invalid, "the speed lies between %d and %d", speedMin, speedMax).Because("bad_speed").At("speed")
	}
	return nil
}

// Go lets time pass.
func (w *World) Go() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock.SetSpeed(w.speed)
}

// Take gives an incident to the visitor: the autopilot leaves it alone, and time passes as in life. Taking another
// one lets go of the first.
func (w *World) Take(_ context.Context, id cad.IncidentID) error {
	const op = "sim.Take"
	var s incident.State
	w.board.Look(func(h *joint.House) { s = h.Incident(id) })
	switch {
	case s.ID == "":
		return fault.New(op, fault.NotFound, "there is no such incident").Because("no_incident").At("incident")
	case !s.Open():
		return fault.New(op, fault.Conflict, "the incident has ended").Because("ended").At("incident").Mend("take one that is open")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.holding = id
	w.clock.SetSpeed(1)
	return nil
}

// Release gives the incident back to the autopilot, and the world its speed.
func (w *World) Release(context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.holding = ""
	w.clock.SetSpeed(w.speed)
	return nil
}

// SetSpeed changes how fast the world runs; while an incident is held, how fast it will run afterwards.
func (w *World) SetSpeed(speed float64) error {
	if err := checkSpeed(speed); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.speed = speed
	if w.holding == "" {
		w.clock.SetSpeed(speed)
	}
	return nil
}

// State is how the world runs now.
func (w *World) State() api.WorldState {
	w.mu.Lock()
	defer w.mu.Unlock()
	return api.WorldState{Speed: w.clock.Speed(), Holding: w.holding, Clock: w.clock.Now(), Autopilot: w.autopilot}
}

// Held reports whether the visitor holds an incident.
func (w *World) Held(id cad.IncidentID) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return id != "" && w.holding == id
}
