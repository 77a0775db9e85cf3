import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useConfig, useSearch } from '../api/hooks'
import { useText } from '../i18n/i18n'
import { find, type Entry } from '../lib/everything'
import { openIncident, showOnMap } from '../lib/focus'
import { composing } from '../lib/keys'
import { useEntries } from './entries'

const shownAtMost = 14

/** One field that finds everything: what happens, who is out, places, panels, what can be done, help. */
export function Everything({ onClose }: { onClose: () => void }) {
  const { t, word } = useText()
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const sheet = useRef<HTMLDialogElement>(null)
  const entries = useEntries()
  const far = usePlaces(query)
  const found = useMemo(() => {
    const near = find(entries, query, shownAtMost)
    const seen = new Set(near.map((e) => e.id))
    return [...near, ...far.filter((e) => !seen.has(e.id))].slice(0, shownAtMost + 8)
  }, [entries, query, far])
  const chosen = Math.min(at, found.length - 1)
  useEffect(() => {
    const d = sheet.current
    if (d && !d.open) d.showModal()
    return () => d?.close()
  }, [])
  const run = (e: Entry | undefined) => {
    if (!e) return
    onClose()
    setTimeout(e.run, 0) // The sheet gives the keyboard back first.
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (composing(e)) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key]
    if (step !== undefined && found.length > 0) setAt((chosen + step + found.length) % found.length)
    else if (e.key === 'Enter') run(found[chosen])
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  useEffect(() => {
    void document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' }) // Newer browsers give a promise: React would call it to clean up.
  }, [chosen, id])
  return (
    <dialog ref={sheet} className="everything" aria-label={t('frame.everything')} onClose={onClose} onCancel={onClose}>
      <input role="combobox" aria-label={t('frame.everything')} aria-expanded="true" aria-controls={id} aria-activedescendant={found.length > 0 ? `${id}-${chosen}` : undefined} aria-autocomplete="list"
        autoFocus autoComplete="off" spellCheck={false} placeholder={t('frame.everything_help')} value={query} onChange={(e) => { setQuery(e.target.value); setAt(0) }} onKeyDown={onKeyDown} />
      <ul id={id} role="listbox" aria-label={t('frame.found')}>
        {found.map((e, n) => (
          // The field keeps the keyboard: its arrows and Enter choose.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <li key={`${e.kind} ${e.id}`} id={`${id}-${n}`} role="option" aria-selected={n === chosen} onClick={() => run(e)} onMouseMove={() => setAt(n)}>
            <span className="kind">{word('frame.kind.', e.kind)}</span>
            <span className="say"><b>{e.say}</b> {e.more && <span className="dim">{e.more}</span>}</span>
            {e.teaches && <kbd>{e.teaches}</kbd>}
          </li>
        ))}
      </ul>
      <p className="hint" role="status">{query !== '' && found.length === 0 ? t('frame.found_nothing') : t('frame.found_count', { count: found.length })}</p>
    </dialog>
  )
}

/** Places and what is no longer on the board, from the server. What is near is not waited for. */
function usePlaces(query: string): readonly Entry[] {
  const { t, name, word } = useText()
  const config = useConfig().data
  const told = useSearch(query, 'wgs84', undefined).data
  return useMemo(() => {
    if (!told || query.trim() === '') return []
    return (told.answer.items ?? []).flatMap((i): Entry[] => {
      const at = i.place
      const go = at ? () => showOnMap({ lon: at.lon, lat: at.lat }, 16) : undefined
      if (i.kind === 'incident' && i.id) {
        const id = i.id
        const more = [name(config?.types.find((x) => x.id === i.type)?.name, t('queue.no_type')), i.subtitle ?? '', i.phase ? word('inc.phase.', i.phase) : ''].filter(Boolean).join(' · ')
        return [{ id: `incident ${id}`, kind: 'incident', say: i.title, more, run: () => openIncident(id) }]
      }
      if (i.kind === 'unit' || i.kind === 'call' || !go) return []
      return [{ id: `${i.kind} ${i.id ?? i.title} ${at?.lon}`, kind: 'place', say: i.title, more: [word('place.kind.', i.kind), i.street ?? ''].filter(Boolean).join(' · '), run: go }]
    })
  }, [told, query, config, name, t, word])
}
