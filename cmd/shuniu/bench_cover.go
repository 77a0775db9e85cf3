package main

import (
	"os"

	"shuniu/internal/bench"
	"shuniu/internal/fault"
)

type benchCover struct {
	benchFlags
	Size string `help:"How big the city is: district, city or metropolis." enum:"district,city,metropolis" default:"city"`
}

// Run measures the cover of a city that this very program makes.
func (c *benchCover) Run(s session) error {
	exe, err := os.Executable()
	if err != nil {
		return fault.Wrap("shuniu bench cover", fault.Unavailable, err, "the program does not know where it lies: %v", err)
	}
	o := c.options(s)
	o.Program, o.Sizes.City = exe, c.Size
	return bench.Cover(s.ctx, o)
}
