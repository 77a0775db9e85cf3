package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/cad"
	"shuniu/internal/demand"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
	"shuniu/internal/org"
	"shuniu/internal/trial"
	"shuniu/internal/unit"
)

// StudyCalls are the calls that a study rests on.
type StudyCalls struct {
	Calls  []trial.Call
	Source string // "recorded" or "simulated".
	// OfficerLeftOut is how many events officers began; they are not among the calls. Unsaid means that the records do not
	// say who began what.
	OfficerLeftOut int
	Unsaid         bool
}

// StudySource gives a centre's past, or that of its simulated people.
type StudySource interface {
	Calls(ctx context.Context, days int, seed uint64) (StudyCalls, error)
	// Fair compares recorded choices with recommended ones. Without records it is fault.NotFound with what to do.
	Fair(ctx context.Context, progress func(done, all int)) (trial.Fair, error)
}

// Studies try things on a centre's past, in a world of their own in memory: nothing of it reaches the journal, the desk or
// anybody outside. Questions are answered one after the other, so that they never take more than one core from the desk.
// Make it with NewStudies and end it with Close.
type Studies struct {
	source StudySource
	log    *slog.Logger
	base   context.Context
	stop   context.CancelFunc
	works  sync.WaitGroup
	turn   chan struct{} // One question at a time.

	mu      sync.Mutex
	demand  *demand.Map
	basis   StudyCalls
	tries   map[string]*try
	order   []string
	running string // The try that runs.
	count   int
	fair    *fairness
}

// try is one what-if.
type try struct {
	progress float64
	done     bool
	result   trial.Whatif
	real     float64
	err      error
}

// fairness is the comparison of records, made once.
type fairness struct {
	done   bool
	result trial.Fair
	err    error
}

// NewStudies is ready at once; what takes long is worked out when it is first asked for.
func NewStudies(source StudySource, log *slog.Logger) *Studies {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &Studies{source: source, log: log, turn: make(chan struct{}, 1), tries: map[string]*try{}}
	s.base, s.stop = context.WithCancel(context.Background())
	return s
}

// Close ends what runs, and waits for it. nil is nothing to end.
func (s *Studies) Close() {
	if s != nil {
		s.stop()
		s.works.Wait()
	}
}

// StudyDemand is where and when people call, as callers' own calls show it.
type StudyDemand struct {
	Source         string          `json:"source" enum:"recorded,simulated"`
	Calls          int             `json:"calls"`
	OfficerLeftOut int             `json:"officer_left_out" doc:"Events that officers began. They never enter: a forecast that learns from them sends officers where officers were."`
	Note           string          `json:"note" enum:"officers_left_out,officers_unsaid" doc:"officers_unsaid: the records do not say who began what."`
	From           time.Time       `json:"from"`
	To             time.Time       `json:"to"`
	Hours          []float64       `json:"hours" doc:"Calls an hour in each hour of the week, Monday 00:00 first."`
	Cells          json.RawMessage `json:"cells" doc:"GeoJSON: squares with calls an hour as rate."`
}

// WhatIfAsk says what to try.
type WhatIfAsk struct {
	Changes []trial.Change `json:"changes" maxItems:"50"`
	Days    int            `json:"days,omitempty" minimum:"0" maximum:"31" doc:"Of simulated callers; recorded calls are played whole. 0: seven."`
	Seed    uint64         `json:"seed,omitempty"`
	Class   string         `json:"class,omitempty" maxLength:"64" doc:"A class of cover, to look at its calls alone."`
}

// WhatIfBegun names a trial that runs.
type WhatIfBegun struct {
	ID string `json:"id"`
}

// WhatIf is how far a trial is, and what came of it.
type WhatIf struct {
	State      string               `json:"state" enum:"running,done,failed"`
	Progress   float64              `json:"progress" minimum:"0" maximum:"1"`
	Before     *trial.Summary       `json:"before,omitempty"`
	After      *trial.Summary       `json:"after,omitempty"`
	Difference map[string][]float64 `json:"difference,omitempty" doc:"After less before, as lower bound, figure, higher bound of 95 in 100 resamplings."`
	Block      string               `json:"block,omitempty" doc:"What is drawn as one for the intervals: days, or hours where there are few days."`
	Workloads  []trial.Workload     `json:"workloads,omitempty"`
	TimesReal  float64              `json:"times_real,omitempty" doc:"How much faster than life it was played."`
	Code       string               `json:"code,omitempty"`
	Detail     string               `json:"detail,omitempty"`
}

const studyAct = "study.ask"

// studies are a centre's, for whoever may ask.
func (s *Server) studies(ctx context.Context) (*Centre, *Studies, error) {
	c := centreOf(ctx)
	if err := c.Desk.May(actorOf(ctx), studyAct, cad.Thing{}); err != nil {
		return nil, nil, problemOf(err)
	}
	if c.Study == nil {
		return nil, nil, problemOf(fault.New("api.Study", fault.NotFound, "there are no calls to study here").Because("no_study").
			Mend("put recorded calls and a map into the centre's folder: shuniu import calls --help"))
	}
	return c, c.Study, nil
}

// asked registers a question about a study; ask gets the turn before.
func asked[I, O any](s *Server, op huma.Operation, ask func(ctx context.Context, c *Centre, st *Studies, in *I) (O, error)) {
	op.Tags, op.Path = []string{"study"}, "/api/v1"+op.Path
	if op.Method == http.MethodPost {
		op.MaxBodyBytes = maxBodyBytes
	}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*struct{ Body O }, error) {
		c, st, err := s.studies(ctx)
		if err != nil {
			return nil, err
		}
		out, err := ask(ctx, c, st, in)
		if fault.KindOf(err) == fault.Unavailable && err != nil {
			return nil, problemOf(err) // It is being worked out: nothing for the log.
		}
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return &struct{ Body O }{Body: out}, nil
	})
}

// studyRoutes serves the page of studies.
func (s *Server) studyRoutes() {
	asked(s, huma.Operation{OperationID: "get-study-demand", Method: http.MethodGet, Path: "/study/demand", Summary: "Where and when people call"},
		func(ctx context.Context, c *Centre, st *Studies, in *DemandAsk) (StudyDemand, error) {
			return st.whereCalled(ctx, c, *in)
		})
	asked(s, huma.Operation{OperationID: "post-study-locate", Method: http.MethodPost, Path: "/study/locate", Summary: "Where posts would stand best"},
		func(ctx context.Context, c *Centre, st *Studies, in *struct{ Body LocateAsk }) (Located, error) {
			return st.locate(ctx, c, in.Body)
		})
	asked(s, huma.Operation{OperationID: "post-study-whatif", Method: http.MethodPost, Path: "/study/whatif", Summary: "Try another fleet on the same calls; it runs beside"},
		func(_ context.Context, c *Centre, st *Studies, in *struct{ Body WhatIfAsk }) (WhatIfBegun, error) {
			return st.begin(c, in.Body)
		})
	asked(s, huma.Operation{OperationID: "get-study-whatif", Method: http.MethodGet, Path: "/study/whatif/{id}", Summary: "How far a trial is, and what came of it"},
		func(_ context.Context, _ *Centre, st *Studies, in *struct {
			ID string `path:"id" maxLength:"64"`
		},
		) (WhatIf, error) {
			return st.look(in.ID)
		})
	asked(s, huma.Operation{OperationID: "get-study-hypercube", Method: http.MethodGet, Path: "/study/hypercube", Summary: "How busy units are, and how often nobody is free, by Larson's hypercube model"},
		func(ctx context.Context, c *Centre, st *Studies, in *struct {
			Class string `query:"class" maxLength:"64"`
		},
		) (StudyLoad, error) {
			return st.load(ctx, c, in.Class)
		})
	asked(s, huma.Operation{OperationID: "get-study-fair", Method: http.MethodGet, Path: "/study/fair", Summary: "Recorded choices against recommended ones, on days that were not fitted"},
		func(_ context.Context, _ *Centre, st *Studies, _ *struct{}) (trial.Fair, error) { return st.compared() })
}

// wait takes the turn, or gives up when nobody waits for the answer any more.
func (s *Studies) wait(ctx context.Context) (release func(), err error) {
	select {
	case s.turn <- struct{}{}:
		return func() { <-s.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.base.Done():
		return nil, fault.New("api.Study", fault.Unavailable, "the service ends").Because("closing")
	}
}

// manned is the centre and its units as they are configured now.
func (c *Centre) manned() (*org.State, []trial.Unit) {
	var o *org.State
	all := map[cad.UnitID]*unit.State{}
	c.Board.Look(func(h *joint.House) {
		o = h.Org
		for id, u := range h.Units {
			all[id] = u
		}
	})
	return o, trial.UnitsOf(all, o)
}

// triesKept is how many finished trials can still be looked at.
const triesKept = 20

// begin starts a trial beside. One runs at a time.
func (s *Studies) begin(c *Centre, ask WhatIfAsk) (WhatIfBegun, error) {
	const op = "api.WhatIf"
	o, units := c.manned()
	if ask.Days <= 0 {
		ask.Days = 7
	}
	if _, err := trial.Apply(units, ask.Changes, o); err != nil {
		return WhatIfBegun{}, err // A bad change is said at once.
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != "" {
		return WhatIfBegun{}, fault.New(op, fault.Conflict, "another trial is running").Because("study_running", "id", s.running).Mend("wait for it")
	}
	if s.base.Err() != nil {
		return WhatIfBegun{}, fault.New(op, fault.Unavailable, "the service ends").Because("closing")
	}
	s.count++
	id := "w" + strconv.Itoa(s.count)
	s.tries[id], s.running = &try{}, id
	if s.order = append(s.order, id); len(s.order) > triesKept {
		delete(s.tries, s.order[0])
		s.order = s.order[1:]
	}
	s.works.Go(func() { s.play(id, c, o, units, ask) })
	return WhatIfBegun{ID: id}, nil
}

// play runs a trial.
func (s *Studies) play(id string, c *Centre, o *org.State, units []trial.Unit, ask WhatIfAsk) {
	result, pace, err := s.try(id, c, o, units, ask)
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tries[id]
	t.result, t.real, t.err, t.done, s.running = result, pace, err, true, ""
	if err != nil && s.base.Err() == nil {
		s.log.Warn("a trial failed", "error", err)
	}
}

func (s *Studies) try(id string, c *Centre, o *org.State, units []trial.Unit, ask WhatIfAsk) (out trial.Whatif, pace float64, err error) {
	release, err := s.wait(s.base)
	if err != nil {
		return out, 0, err
	}
	defer release()
	basis, err := s.source.Calls(s.base, ask.Days, max(1, ask.Seed))
	if err != nil {
		return out, 0, err
	}
	world := trial.World{Org: o, Zone: zoneIn(o.Zone), Streets: c.Streets.At(c.Desk.Now())}
	if ask.Class != "" {
		basis.Calls = callsOf(ask.Class, basis.Calls, o)
	}
	t, err := trial.New(s.base, world, basis.Calls)
	if err != nil {
		return out, 0, err
	}
	began := time.Now()
	out, err = t.Try(s.base, units, ask.Changes, trial.Options{Seed: ask.Seed, Progress: func(done, all int) {
		s.mu.Lock()
		s.tries[id].progress = float64(done) / float64(all)
		s.mu.Unlock()
		runtime.Gosched() // Whoever takes a call goes first.
	}})
	from, to := t.Span()
	return out, 2 * to.Sub(from).Seconds() / max(1e-9, time.Since(began).Seconds()), err
}

func zoneIn(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

// look says how far a trial is.
func (s *Studies) look(id string) (WhatIf, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tries[id]
	switch {
	case t == nil:
		return WhatIf{}, fault.New("api.WhatIf", fault.NotFound, "there is no trial %q", id).Because("no_trial").Mend("start it anew")
	case !t.done:
		return WhatIf{State: "running", Progress: t.progress}, nil
	case t.err != nil:
		p := problemOf(t.err)
		return WhatIf{State: "failed", Progress: t.progress, Code: p.Code, Detail: p.Detail}, nil
	}
	d := t.result.Difference
	list := func(i trial.Interval) []float64 { return []float64{i.Low, i.Mid, i.High} }
	return WhatIf{
		State: "done", Progress: 1, Before: &t.result.Before, After: &t.result.After, Block: d.Block, Workloads: t.result.Work, TimesReal: t.real,
		Difference: map[string][]float64{"p50_s": list(d.P50), "p90_s": list(d.P90), "mean_s": list(d.Mean)},
	}, nil
}

// compared is the comparison with records. It is made once, beside; until then who asks is told to ask again.
func (s *Studies) compared() (trial.Fair, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fair == nil {
		s.fair = &fairness{}
		s.works.Go(func() {
			release, err := s.wait(s.base)
			if err != nil {
				return
			}
			defer release()
			result, err := s.source.Fair(s.base, nil)
			s.mu.Lock()
			defer s.mu.Unlock()
			s.fair.result, s.fair.err, s.fair.done = result, err, true
		})
	}
	if !s.fair.done {
		return trial.Fair{}, fault.New("api.Fair", fault.Unavailable, "the comparison is being worked out").Because("study_working").Mend("ask again in a while")
	}
	return s.fair.result, s.fair.err
}
