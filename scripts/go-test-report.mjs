// Reads `go test -json` and says what a person wants to know: a line per package, the whole output of
// what failed, every skip with its reason, and the counts that make the last line of `make test`.
// usage: go test -json ... | node go-test-report.mjs COUNTS_FILE
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const countsFile = process.argv[2]
const output = new Map() // "package test" -> lines, dropped when it passes
const counts = { passed: 0, failed: 0, skipped: 0 }
const failures = []
const skips = []
const parents = new Set() // tests that only hold subtests are not counted twice
const broken = new Set() // packages with a failed test

const key = (event) => `${event.ImportPath ?? event.Package ?? ''} ${event.Test ?? ''}`

function keep(event) {
  const lines = output.get(key(event)) ?? []
  lines.push(event.Output)
  if (lines.length > 5_000) lines.splice(100, 1_000) // a test that talks without end
  output.set(key(event), lines)
}

function endOfTest(event) {
  const name = key(event)
  const lines = (output.get(name) ?? []).join('')
  output.delete(name)
  const parent = event.Test.lastIndexOf('/')
  if (parent > 0) parents.add(`${event.Package} ${event.Test.slice(0, parent)}`)
  if (event.Action === 'skip') {
    counts.skipped++
    const reason = lines.split('\n').find((line) => /_test\.go:\d+:/.test(line)) ?? ''
    skips.push(`${event.Package} ${event.Test}: ${reason.replace(/^.*_test\.go:\d+:\s*/, '').trim()}`)
  } else if (event.Action === 'fail') {
    counts.failed++
    broken.add(event.Package)
    failures.push(`--- ${event.Package} ${event.Test}\n${lines}`)
  } else if (!parents.has(name)) {
    counts.passed++
  }
}

function endOfPackage(event) {
  const lines = (output.get(key(event)) ?? []).join('')
  output.delete(key(event))
  const seconds = (event.Elapsed ?? 0).toFixed(1)
  if (event.Action === 'fail') {
    if (!broken.has(event.Package)) counts.failed++ // it does not build, or died outside of a test
    console.log(`FAIL ${event.Package} ${seconds} s`)
    failures.push(`--- ${event.Package}\n${lines}`)
  } else if (!/no test files/.test(lines)) {
    console.log(`ok   ${event.Package} ${seconds} s`)
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let event
  try {
    event = JSON.parse(line)
  } catch {
    console.log(line) // the go command itself, for instance a flag it does not know
    continue
  }
  if (event.Action === 'output' || event.Action === 'build-output') keep(event)
  else if (event.Action === 'build-fail') failures.push(`--- does not build\n${(output.get(key(event)) ?? []).join('')}`)
  else if (['pass', 'fail', 'skip'].includes(event.Action)) event.Test ? endOfTest(event) : endOfPackage(event)
}

for (const skip of skips) console.log(`skip ${skip}`)
for (const failure of failures) console.log(failure)
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
if (countsFile) writeFileSync(countsFile, `${counts.passed} ${counts.failed} ${counts.skipped}\n`)
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0 // no test at all is no success
