import { useEffect, useMemo, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { read } from '../api/client'
import { shownBoard } from '../api/connection'
import { setLanguage, useText, type Key } from '../i18n/i18n'
import { takeLayout, arranging, resetLayout, showPanel, hasPlace } from '../lib/desk'
import { makeReady, type Entry } from '../lib/everything'
import { focus, openIncident, showOnMap } from '../lib/focus'
import { presets } from '../lib/layout'
import { setTheme, themes } from '../lib/look'
import { keyRows } from './KeyMap'
import { panels } from './panels'
import { turn } from './use-desk-keys'

type Words = { zh?: string[]; en?: string[] }
type Grammar = { verbs: { id: string; words: Words; form: Record<string, string>; example: Record<string, string> }[] | null }

const over = new Set(['closed', 'merged', 'transferred', 'invalid'])

/** What the command line can do, from the server's own grammar; nothing where it has none to tell. */
const useGrammar = () => useQuery({ queryKey: ['grammar'], queryFn: ({ signal }) => read<Grammar>('/command/grammar', signal), staleTime: Infinity, retry: false })

/** Puts words into the command line and gives it the keyboard. */
export function toCommandLine(words: string): void {
  const field = document.querySelector<HTMLInputElement>('.command input')
  if (!field) return
  field.focus()
  // As if somebody had typed it: the field belongs to its own component.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, words)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/** Everything that is near: on the board, on the desk, and what can be done. */
export function useEntries(): readonly Entry[] {
  const { t, name, word, lang } = useText()
  const [{ incidents, units }] = useState(shownBoard) // As it was when somebody began to search: the list stays still.
  const verbs = useGrammar().data?.verbs
  const all = useMemo(() => [
    ...[...incidents.values()].filter((i) => !over.has(i.phase)).sort((a, b) => b.number - a.number).map((i): Entry => ({
      id: `incident ${i.id}`, kind: 'incident', say: `#${i.number} ${name(i.type_name, t('queue.no_type'))}`, words: [String(i.number), i.narrative ?? ''], teaches: String(i.number),
      more: [i.place?.address ?? '', word('inc.phase.', i.phase)].filter(Boolean).join(' · '), run: () => openIncident(i.id),
    })),
    ...[...units.values()].map((u): Entry => ({
      id: `unit ${u.id}`, kind: 'unit', say: u.call_sign, words: [name(u.kind_name, u.kind)], more: [name(u.kind_name, u.kind), word('unit.state.', u.state)].join(' · '), teaches: u.call_sign,
      run: () => {
        focus.set((f) => ({ ...f, unit: u.id }))
        if (u.position) showOnMap(u.position, 15)
      },
    })),
    ...panels.filter((p) => p.place !== 'always').map((p): Entry => ({
      id: `panel ${p.id}`, kind: 'panel', say: t(p.words), words: [p.id], ...(p.key ? { teaches: p.key.replaceAll('+', ' ') } : {}),
      run: () => (p.place === 'over' || (p.place === 'right' && p.id !== 'incident' && !hasPlace(p.id)) ? turn(p) : showPanel(p.id)),
    })),
    ...(verbs ?? []).map((v): Entry => ({
      id: `verb ${v.id}`, kind: 'action', say: v.form[lang] ?? v.id, words: [...(v.words.zh ?? []), ...(v.words.en ?? [])], ...(v.example[lang] ? { teaches: v.example[lang] } : {}),
      run: () => toCommandLine(`${v.words[lang]?.[0] ?? v.id} `),
    })),
    ...presets.map((p, n): Entry => ({ id: `layout ${p}`, kind: 'action', say: t(`frame.layout.${p}`), words: ['layout'], teaches: `Alt Shift ${n + 1}`, run: () => takeLayout(p) })),
    { id: 'arrange', kind: 'action' as const, say: t('frame.arrange'), words: ['arrange'], teaches: 'Alt Shift 0', run: () => arranging.set((on) => !on) },
    { id: 'reset', kind: 'action' as const, say: t('frame.reset'), words: ['reset'], run: resetLayout },
    ...themes.map((x): Entry => ({ id: `theme ${x}`, kind: 'action', say: t(`frame.theme.${x}`), words: ['theme'], run: () => setTheme(x) })),
    { id: 'language', kind: 'action' as const, say: t('app.other_language_name'), words: ['language', t('frame.language')], run: () => setLanguage(lang === 'zh' ? 'en' : 'zh') },
    { id: 'study', kind: 'action' as const, say: t('keys.study'), teaches: 'Alt 6', run: () => location.assign('/study') },
    ...keyRows().map(([key, what]): Entry => ({ id: `key ${key}`, kind: 'help', say: t(what as Key), teaches: key, words: ['help', 'key'], run: () => undefined })),
  ], [incidents, units, verbs, lang, name, t, word])
  useEffect(() => makeReady(all), [all])
  return all
}
