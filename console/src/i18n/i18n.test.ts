import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { afterEach, describe, expect, test } from 'vitest'
import { codesEn, codesZh } from './codes'
import { en } from './en'
import { zone } from '../lib/time'
import { actorText, problemText, reasonText, terms } from './i18n'
import { zh } from './zh'

const holes = (s: string) => [...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort().join()

describe('catalogues', () => {
  test('both languages fill the same holes', () => {
    for (const [key, words] of Object.entries(zh)) expect(`${key} ${holes(en[key as keyof typeof zh])}`).toBe(`${key} ${holes(words)}`)
    for (const [key, words] of Object.entries(codesZh)) expect(`${key} ${holes(codesEn[key as keyof typeof codesZh])}`).toBe(`${key} ${holes(words)}`)
  })

  test('no words are empty, and English holds no Chinese but the name of the other language', () => {
    for (const words of [...Object.values(zh), ...Object.values(codesZh)]) expect(words).not.toBe('')
    const chinese = Object.entries({ ...en, ...codesEn }).filter(([, words]) => /\p{Script=Han}/u.test(words)).map(([key]) => key)
    expect(chinese).toEqual(['app.other_language', 'app.other_language_name'])
  })
})

describe('reasons', () => {
  afterEach(() => terms.set(new Map()))

  test('ids inside a sentence are said in words', () => {
    expect(reasonText('zh', { code: 'busy', params: { number: '40', stage: 'on_scene' }, text: 'busy' })).toBe('正在 #40：到场')
    terms.set(new Map([['type:knife', { zh: '持刀伤人', en: 'Stabbing' }]]))
    expect(reasonText('en', { code: 'incident.classified', params: { priority: 'P1', type: 'knife' } })).toBe('graded P1 Stabbing')
  })

  test('who and when are said as people read them', () => {
    zone.set('Asia/Shanghai')
    const taken = { code: 'answered', params: { by: 'demo-call-taker', at: '2030-05-01T06:00:20Z' }, text: 'x' }
    expect(reasonText('zh', taken)).toBe('接警员 已在 14:00:20 接听')
    expect(reasonText('en', taken)).toBe('answered by Call-taker at 14:00:20')
    zone.set(undefined)
  })

  test('a code that we do not know is shown with the words of the server', () => {
    expect(reasonText('zh', { code: 'brand.new', text: 'the moon is full' })).toBe('the moon is full')
    expect(reasonText('zh', { code: 'brand.new_code' })).toBe('brand new code')
  })

  test('a sentence that would have a hole gives way to that of the server', () => {
    expect(reasonText('zh', { code: 'busy', params: {}, text: 'busy elsewhere' })).toBe('busy elsewhere')
  })

  test('problems say what to do now, in the language of the person', () => {
    expect(problemText('zh', { status: 0, kind: 'unavailable', code: 'client.unreachable' })).toBe('服务器没有答复，没有收下')
    expect(problemText('zh', { status: 409, kind: 'conflict', code: 'unit_busy', params: { unit: '103' }, detail: 'x' })).toBe('103 正忙：改派或排队')
    expect(problemText('en', { status: 409, kind: 'conflict', detail: 'something else' })).toBe('Not now: something else')
  })

  test('actors are people and machinery, by name', () => {
    expect(actorText('zh', 'demo-commander')).toBe('值班指挥长')
    expect(actorText('en', 'crew-291')).toBe('Crew 291')
    expect(actorText('zh', 'seat-21')).toBe('21 席')
    expect(actorText('zh', 'k02')).toBe('k02')
    expect(reasonText('en', { code: 'incident.handed_over', params: { to: 'seat-21' } })).toBe('command handed to Seat 21')
  })
})

test('whatever a centre asks of a unit has a word', () => {
  const centres = join(import.meta.dirname, '../../../centres')
  const asked = readdirSync(centres, { recursive: true, encoding: 'utf8' }).filter((f) => /(types|units)\.yaml$/.test(f)).flatMap((f) => {
    const text = readFileSync(join(centres, f), 'utf8')
    return [...text.matchAll(/capability: (\w+)|capabilities: \[([^\]]*)\]/g)].flatMap((m) => (m[1] ?? m[2] ?? '').split(/,\s*/))
  })
  expect(asked.length).toBeGreaterThan(40)
  expect([...new Set(asked)].filter((c) => !Object.hasOwn(zh, `cap.${c}`))).toEqual([])
})

test('whomever a centre tells has a word', () => {
  const centres = join(import.meta.dirname, '../../../centres')
  const told = readdirSync(centres, { recursive: true, encoding: 'utf8' }).filter((f) => /(types|plans)\.yaml$/.test(f)).flatMap((f) =>
    [...readFileSync(join(centres, f), 'utf8').matchAll(/notify: \[([^\]]*)\]/g)].flatMap((m) => (m[1] ?? '').split(/,\s*/)))
  expect(told.length).toBeGreaterThan(4)
  expect([...new Set(told)].filter((code) => !Object.hasOwn(zh, `notify.${code}`))).toEqual([])
})

// Text that stands in a component cannot be switched to the other language.
function literals(name: string, source: string): string[] {
  const found: string[] = []
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true, name.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS)
  const shown = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label'])
  const visit = (node: ts.Node): void => {
    const text = ts.isJsxText(node) || ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node) ? node.text : ''
    const attribute = ts.isStringLiteral(node) && ts.isJsxAttribute(node.parent) && shown.has(node.parent.name.getText())
    if (/\p{Script=Han}/u.test(text) && text !== '、') found.push(`${name}: ${text}`)
    else if ((ts.isJsxText(node) || attribute) && /\p{L}{3,}/u.test(text)) found.push(`${name}: ${text.trim()}`)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

test('no words stand outside of the catalogues', () => {
  expect(literals('a.tsx', '<b title="hello there">你好</b>')).toHaveLength(2)
  const root = join(import.meta.dirname, '..')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((f) => /\.tsx?$/.test(f) && !/\.test\.|^i18n|pinyin|schema\.gen/.test(f))
  expect(files.length).toBeGreaterThan(40)
  const fonts = (line: string) => !line.includes('Noto Sans')
  const keyNames = (line: string) => !/(\/ 、 F8|: Esc|: Alt( [A-Z])?)$/.test(line)
  expect(files.flatMap((f) => literals(f, readFileSync(join(root, f), 'utf8'))).filter(fonts).filter(keyNames)).toEqual([])
}, 60_000) // It reads every source, beside whatever else the machine does.
