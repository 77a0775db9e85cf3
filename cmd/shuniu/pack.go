package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/console"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
	"shuniu/internal/policy"
)

type packFlags struct {
	Pack string `help:"Write what a room needs on paper, open incidents and units, into this file each minute: one page that opens without a server. It holds personal data and is readable for this user only." placeholder:"FILE"`
}

// How the pack is kept.
const (
	packEvery   = time.Minute
	packNumbers = 40 // Of paper cards, for the time in which no server gives any.
)

// packer writes a node's pack.
type packer struct {
	node  *node
	file  string
	log   *slog.Logger
	first int64 // Of its numbers for paper cards; 0: none were given.
}

// keepPack writes the pack at once, so that a wrong path is told at the start, and then each minute until ctx ends.
func keepPack(ctx context.Context, n *node, file string, log *slog.Logger) error {
	if file == "" {
		return nil
	}
	p := &packer{node: n, file: file, log: log}
	if reply, err := n.desk.Do(ctx, desk.Wish{Actor: desk.System(), Command: joint.TakePaper{Count: packNumbers}}); err == nil {
		p.first = reply.Number
	} else {
		log.Warn("the pack has no numbers for paper cards", "error", err)
	}
	if err := p.write(); err != nil {
		return err
	}
	go p.follow(ctx)
	return nil
}

func (p *packer) follow(ctx context.Context) {
	tick := time.NewTicker(packEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := p.write(); err != nil {
				p.log.Error("the pack is old: it could not be written", "file", p.file, "error", err)
			}
		}
	}
}

// write puts a whole new file in the place of the old one, or leaves the old one.
func (p *packer) write() error {
	data := p.node.centre.Pack(board.Class{Role: policy.Operator})
	if p.first > 0 {
		paper, _ := json.Marshal(map[string]int64{"next": p.first, "last": p.first + packNumbers - 1}) // Two numbers; they can always be written.
		data = append(append(append(data[:len(data)-1:len(data)-1], `,"paper":`...), paper...), '}')
	}
	page, ok := console.Pack(data)
	if !ok {
		return fault.New("shuniu", fault.Unavailable, "there is no console in this program, so no pack can be made").Mend("run make build, or leave out --pack")
	}
	if err := writeDurable(p.file, page); err != nil {
		return fault.Wrap("shuniu", fault.Unavailable, err, "the pack cannot be written to %s: %v", p.file, err).Mend("give a path in a folder that is there and that this user may write to")
	}
	return nil
}
