import { useConfig, useNow, useSession } from '../../api/hooks'
import type { IncidentRow, TimelineItem } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { openIncident } from '../../lib/focus'
import { clockTime, duration, ms } from '../../lib/time'
import { commandBefore } from './story'

/** Who commands, which calls came, what it is linked to, what was reported back. */
export function Around({ row, items, onHandOver }: { row: IncidentRow; items: readonly TimelineItem[]; onHandOver: () => void }) {
  return (
    <div className="around">
      <Command row={row} items={items} onHandOver={onHandOver} />
      <Calls row={row} />
      <Links row={row} />
      <Feedback row={row} />
    </div>
  )
}

function Command({ row, items, onHandOver }: { row: IncidentRow; items: readonly TimelineItem[]; onHandOver: () => void }) {
  const { t, actor, reason } = useText()
  const now = useNow()
  const me = useSession().data?.actor
  const before = commandBefore(items).slice(0, 4)
  const may = row.next?.find((s) => s.verb === 'handover')
  const { actor: who, since } = row.commander
  return (
    <section aria-label={t('story.command')}>
      <h2 className="h">{t('story.command')}</h2>
      <p className="around-line">
        <span>{t('story.command_now', { name: actor(who), at: clockTime(ms(since)), time: duration((now - ms(since)) / 1000) })}</span>
        {before.length > 0 && <span className="dim">{t('story.command_before', { list: before.map((c) => `${actor(c.actor)} ${clockTime(ms(c.until))}`) })}</span>}
        <button type="button" className="btn small" aria-disabled={may?.allowed !== true} title={reason(may)} onClick={() => { if (may?.allowed) onHandOver() }}>{t(me !== undefined && me !== who ? 'story.command_take' : 'verb.handover')} <kbd>H</kbd></button>
      </p>
    </section>
  )
}

function Calls({ row }: { row: IncidentRow }) {
  const { t, word } = useText()
  const calls = row.calls ?? []
  if (calls.length === 0) return null
  return (
    <section aria-label={t('story.calls')}>
      <h2 className="h">{t('story.calls')} {calls.length}</h2>
      <ul className="around-list">{calls.map((c) => <li key={c.id}><time dateTime={c.arrived}>{clockTime(ms(c.arrived))}</time> <span>{word('story.call_state.', c.state)}</span></li>)}</ul>
    </section>
  )
}

function Links({ row }: { row: IncidentRow }) {
  const { t, word } = useText()
  const links = row.links ?? []
  if (links.length === 0) return null
  return (
    <section aria-label={t('story.links')}>
      <h2 className="h">{t('story.links')} {links.length}</h2>
      <ul className="around-list">{links.map((l) => <li key={l.id + l.kind}><button type="button" className="link" title={t('story.open_link', { number: l.number })} onClick={() => openIncident(l.id)}>{word('inc.link.', l.kind, { number: l.number })}</button></li>)}</ul>
    </section>
  )
}

function Feedback({ row }: { row: IncidentRow }) {
  const { t, word, name, actor } = useText()
  const config = useConfig().data
  const list = row.feedback ?? []
  if (list.length === 0) return null
  return (
    <section aria-label={t('story.feedback')}>
      <h2 className="h">{t('story.feedback')} {list.length}</h2>
      <ul className="around-list">{list.map((f) => <li key={f.at + f.kind}><time dateTime={f.at}>{clockTime(ms(f.at))}</time> <span>{word('form.kind.', f.kind)} {name(config?.results.find((r) => r.id === f.result)?.name, f.result)} · {actor(f.by)}</span></li>)}</ul>
    </section>
  )
}
