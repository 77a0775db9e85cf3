// Package faults is the fault campaign: a writer over real files is killed, loses its power, meets a disk that fails
// and one that is full, and a ledger kept outside of it says afterwards whether anything that was acknowledged is
// lost, doubled, half there or changed. There is no code here that a server runs; the campaign is its tests.
//
// A short campaign is part of every test run; `go test ./internal/faults -full -v` runs the whole. A fault that the
// machine does not permit is skipped with the reason, and never counted as passed.
package faults
