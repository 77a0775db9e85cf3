package bench

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"sync"
)

// fanOut is the trivial server: every change is finished bytes of the given size, copied to every client at once. It
// stores nothing, decides nothing, renders nothing.
func fanOut(ctx context.Context, rowBytes int) (source, func() error, error) {
	var mu sync.Mutex
	clients := map[chan []byte]bool{}
	row := bytes.Repeat([]byte("x"), rowBytes)
	var seq int64
	server, addr, err := listen(ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		out := http.NewResponseController(w)
		c := make(chan []byte, 1024)
		mu.Lock()
		clients[c] = true
		mu.Unlock()
		defer func() {
			mu.Lock()
			delete(clients, c)
			mu.Unlock()
		}()
		if out.Flush() != nil { // Only now does the client count as connected.
			return
		}
		for {
			select {
			case <-r.Context().Done():
				return
			case b := <-c:
				if _, err := w.Write(b); err != nil || out.Flush() != nil {
					return
				}
			}
		}
	}))
	if err != nil {
		return source{}, nil, err
	}
	change := func(context.Context, int) (int64, error) {
		mu.Lock()
		defer mu.Unlock()
		seq++
		b := fmt.Appendf(nil, "event: rows\nid: %d\ndata: {\"seq\":%d,\"prev\":%d,\"row\":\"%s\"}\n\n", seq, seq, seq-1, row)
		for c := range clients {
			select {
			case c <- b:
			default: // It cannot keep up: the change is missed, and counted so.
			}
		}
		return seq, nil
	}
	return source{name: "trivial", addr: addr, path: "/", change: change}, server.Close, nil
}
