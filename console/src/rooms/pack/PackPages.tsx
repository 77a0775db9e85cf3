import { useText } from '../../i18n/i18n'
import type { IncidentRow } from '../../api/types'
import { clockTime, fullTime, ms } from '../../lib/time'
import type { Pack } from './pack'
import './pack.css'

/** What is printed: open incidents, units, then blank cards with their numbers. A card without a number says so. */
export function PackPages({ pack, numbers, blank }: { pack: Pack; numbers: readonly number[]; blank: number }) {
  const { t, name, word } = useText()
  const at = fullTime(ms(pack.at))
  const cards: (number | undefined)[] = Array.from({ length: blank }, (_, n) => numbers[n])
  return (
    <div className="pack-pages">
      <header className="pack-head">
        <h1>{t('story.pack_title')} · {name(pack.name, pack.centre)}</h1>
        <p><b>{t('story.pack_of', { at })}</b>{pack.world !== 'live' && <b> {t('story.pack_world', { world: word('top.world.', pack.world) })}</b>} · {t('story.pack_personal')}</p>
      </header>
      <h2>{t('story.pack_incidents', { count: pack.incidents.length })}</h2>
      {pack.incidents.map((i) => <Incident key={i.id} i={i} />)}
      <Units pack={pack} />
      {numbers.length < blank && <p className="pack-warn">{t('story.pack_no_numbers')}</p>}
      {cards.map((n, order) => <Card key={n ?? `blank${order}`} number={n} />)}
    </div>
  )
}

function Incident({ i }: { i: IncidentRow }) {
  const { t, name, word, actor } = useText()
  const where = i.place?.address ?? i.place?.street ?? t('queue.no_place')
  return (
    <article className="pack-row">
      <h3>{i.priority ?? '–'} #{i.number} {name(i.type_name, t('queue.no_type'))} · {where}{i.place?.lon !== undefined && i.place.lat !== undefined && ` (${i.place.lon.toFixed(5)}, ${i.place.lat.toFixed(5)})`}</h3>
      <p>{clockTime(ms(i.received))} · {word('inc.phase.', i.phase)} · {t('inc.commander', { name: actor(i.commander.actor) })}{i.responsible && ` · ${t('inc.responsible', { name: name(i.responsible.name, i.responsible.id) })}`}{i.caller && ` · ${t('inc.caller')} ${i.caller.name ?? ''} ${i.caller.number ?? ''}`}</p>
      {i.narrative && <p>{i.narrative}</p>}
      <p>{(i.assignments ?? []).filter((a) => a.stage !== 'cleared').map((a) => <span key={a.id} className="pack-unit">□ {a.call_sign} {word('unit.stage.', a.stage)} {clockTime(ms(a.since))}</span>)}</p>
    </article>
  )
}

function Units({ pack }: { pack: Pack }) {
  const { t, name, word } = useText()
  return (
    <section className="pack-units">
      <h2>{t('story.pack_units', { count: pack.units.length })}</h2>
      <table>
        <thead><tr><th>{t('story.print_unit')}</th><th>{t('story.pack_station')}</th><th>{t('story.pack_state')}</th><th>{t('story.pack_since')}</th><th>{t('story.pack_work')}</th><th>{t('story.pack_where')}</th></tr></thead>
        <tbody>
          {pack.units.map((u) => (
            <tr key={u.id}>
              <td><b>{u.call_sign}</b></td><td>{name(u.station_name, u.station)}</td>
              <td>{u.flags.duress ? t('unit.duress') : u.state === 'assigned' ? word('unit.stage.', u.stage) : word('unit.state.', u.state)}</td>
              <td>{clockTime(ms(u.stage_since ?? u.since))}</td><td>{u.incident_number ? `#${u.incident_number}` : ''}</td>
              <td>{u.position ? `${u.position.lon.toFixed(4)}, ${u.position.lat.toFixed(4)} (${clockTime(ms(u.position.at))})` : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Card({ number }: { number: number | undefined }) {
  const { t } = useText()
  const line = (label: string, wide = false) => <div className={wide ? 'card-line wide' : 'card-line'}><span>{label}</span></div>
  return (
    <article className="pack-card">
      <h2>{t('story.card_title')} <b>{t('story.card_number')} {number ?? '________'}</b></h2>
      <div className="card-grid">
        {line(t('story.card_seat'))}{line(t('story.card_time'))}{line(t('story.card_phone'))}{line(t('story.card_type'))}
        {line(t('story.card_place'), true)}{line(t('story.card_what'), true)}
      </div>
      <table><thead><tr><th>{t('story.print_unit')}</th><th>{t('story.card_sent')}</th><th>{t('story.card_arrived')}</th><th>{t('story.card_cleared')}</th><th>{t('story.card_result')}</th></tr></thead>
        <tbody>{[1, 2, 3, 4].map((n) => <tr key={n}>{[1, 2, 3, 4, 5].map((c) => <td key={c}>{'\u00a0'}</td>)}</tr>)}</tbody></table>
      <p>{t('story.card_entered')}</p>
    </article>
  )
}
