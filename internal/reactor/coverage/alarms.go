package coverage

import (
	"context"
	"time"

	"shuniu/internal/cover"
)

func (r *Reactor) ring(ctx context.Context, id string, a cover.AreaCover, since time.Time) bool {
	return false
}

func (r *Reactor) silence(ctx context.Context, id string) bool { return false }
