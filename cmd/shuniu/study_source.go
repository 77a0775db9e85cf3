package main

import (
	"context"
	"sync"

	"shuniu/internal/api"
	"shuniu/internal/fault"
	"shuniu/internal/founding"
	"shuniu/internal/intake"
	"shuniu/internal/org"
	"shuniu/internal/osm"
	"shuniu/internal/sim"
	"shuniu/internal/trial"
)

// recordedPast studies recorded calls. They are read when somebody asks first.
type recordedPast struct {
	read func(ctx context.Context) ([]intake.Call, error)
	past past

	mu   sync.Mutex
	done bool
}

// Calls are the recorded ones, whole; no days and no chance are chosen.
func (p *recordedPast) Calls(ctx context.Context, _ int, _ uint64) (api.StudyCalls, error) {
	if err := p.load(ctx); err != nil {
		return api.StudyCalls{}, err
	}
	own, left, said := ownCalls(p.past.calls)
	calls, _ := trial.CallsOf(sim.Records(own))
	return api.StudyCalls{Calls: calls, Source: "recorded", OfficerLeftOut: left, Unsaid: !said}, nil
}

// ownCalls are those that somebody called for. left is how many officers or sensors began, said whether the records say so.
func ownCalls(calls []intake.Call) (own []intake.Call, left int, said bool) {
	for i := range calls {
		said = said || calls[i].Source != ""
		if calls[i].ByCaller() {
			own = append(own, calls[i])
		}
	}
	return own, len(calls) - len(own), said
}

// Fair compares what was recorded with what we would have proposed.
func (p *recordedPast) Fair(ctx context.Context, progress func(done, all int)) (trial.Fair, error) {
	if err := p.load(ctx); err != nil {
		return trial.Fair{}, err
	}
	return p.past.fair(ctx, 0.5, 1, 1000, func(string) {}, progress)
}

func (p *recordedPast) load(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done {
		return nil
	}
	calls, err := p.read(ctx)
	if err != nil {
		return err
	}
	p.past.calls, p.done = calls, true
	return nil
}

// recordedStudy is the study of a centre whose folder holds recorded calls; nil where it holds none, or there is no map.
func recordedStudy(s session, dir string, charter org.Charter, streets *osm.Extract) *api.Studies {
	calls, mapping := founding.Calls(dir)
	if calls == "" || mapping == "" || streets == nil {
		return nil
	}
	return api.NewStudies(&recordedPast{
		past: past{charter: charter, streets: streets, zone: zoneOf(charter.Settings.Zone)},
		read: func(ctx context.Context) ([]intake.Call, error) {
			file, err := readCalls(ctx, calls, mapping)
			return file.Calls, err
		},
	}, s.log)
}

// madePast studies the calls of simulated people.
type madePast struct {
	charter org.Charter
	streets *osm.Extract
	perDay  float64
}

// Calls are those of an ordinary time of so many days.
func (p madePast) Calls(ctx context.Context, days int, seed uint64) (api.StudyCalls, error) {
	calls, err := madeCalls(ctx, p.charter, p.streets, p.perDay, seed, days)
	return api.StudyCalls{Calls: calls, Source: "simulated"}, err
}

// Fair is not possible: nobody ever answered these calls.
func (madePast) Fair(context.Context, func(done, all int)) (trial.Fair, error) {
	return trial.Fair{}, fault.New("shuniu", fault.NotFound, "the calls here are simulated, so nobody chose anything that could be compared").Because("no_records").
		Mend("look at a centre with recorded calls: shuniu demo --from ../shared/data/sf")
}

// studied is what can be studied in a demo.
func studied(s session, where city, charter org.Charter, streets *osm.Extract, calls []intake.Call) *api.Studies {
	if streets == nil {
		return nil
	}
	if len(calls) == 0 {
		return api.NewStudies(madePast{charter: charter, streets: streets, perDay: where.perDay}, s.log)
	}
	return api.NewStudies(&recordedPast{
		past: past{charter: charter, streets: streets, zone: zoneOf(charter.Settings.Zone)},
		read: func(context.Context) ([]intake.Call, error) { return calls, nil },
	}, s.log)
}
