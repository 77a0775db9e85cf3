import { useState, type KeyboardEvent } from 'react'
import type { TypeInfo } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { composing } from '../../lib/keys'
import { matchScore } from '../../lib/pinyin'
import type { Draft } from './draft'
import { Suggestions } from './Suggestions'

type Props = { draft: Draft; types: readonly TypeInfo[]; change: (part: Partial<Draft>) => void; onNext: () => void }

/** Types that a word may mean, the best first. */
export const findTypes = (types: readonly TypeInfo[], q: string): TypeInfo[] =>
  types
    .map((type) => ({ type, score: matchScore(q, [...Object.values(type.name), type.id, ...(type.keywords ?? []), ...Object.values(type.synonyms ?? {}).flatMap((list) => list ?? [])]) }))
    .filter((m) => m.score > 0)
    .sort((a, b) => b.score - a.score)
    .map((m) => m.type)

/** What it is, by a few letters; its usual priority and tags come with it and may be changed. */
export function TypeField({ draft, types, change, onNext }: Props) {
  const { t, name } = useText()
  const [at, setAt] = useState(0)
  const [shut, setShut] = useState(false)
  const found = draft.type === '' && !shut ? findTypes(types, draft.typeText) : []
  const choose = (type: TypeInfo | undefined) => {
    if (type) change({ type: type.id, typeText: name(type.name, type.id), priority: type.priority ?? draft.priority, tags: [...new Set([...draft.tags, ...(type.tags ?? [])])] })
    setAt(0)
    onNext()
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (composing(e)) return
    if (e.key === 'ArrowDown') setAt((n) => Math.min(found.length - 1, n + 1))
    else if (e.key === 'ArrowUp') setAt((n) => Math.max(0, n - 1))
    else if (e.key === 'Escape' && found.length > 0) setShut(true)
    else if (e.key === 'Enter' && !e.ctrlKey) choose(found[at])
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  return (
    <div className="field">
      <label htmlFor="call-type">{t('call.type')}</label>
      <input id="call-type" type="text" role="combobox" aria-expanded={found.length > 0} aria-controls="call-type-list" autoComplete="off" placeholder={t('call.type_help')}
        value={draft.typeText} onChange={(e) => { change({ typeText: e.target.value, type: '' }); setAt(0); setShut(false) }} onKeyDown={onKeyDown} />
      <Suggestions id="call-type-list" at={at} items={found.map((x) => ({ id: x.id, words: name(x.name, x.id), aside: [x.priority, x.level && t('inc.level', { level: x.level })].filter(Boolean).join(' · ') }))} onChoose={(n) => choose(found[n])} />
    </div>
  )
}
