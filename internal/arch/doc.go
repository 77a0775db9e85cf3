// Package arch holds the rules of the house as tests: who may import whom, what a room never does, how long a
// function may grow. It has no code of its own and nothing may import it. The rules are statements of policy
// (policy_test.go): change them in a commit of their own, with an ADR.
package arch
