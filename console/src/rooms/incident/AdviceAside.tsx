import type { AdviceAnswer } from '../../api/advice'
import { useConfig } from '../../api/hooks'
import { useText } from '../../i18n/i18n'

/** What a plan asks for besides units: seats to involve, people to tell, partners; and whose area it is. */
export function AdviceAside({ data }: { data: AdviceAnswer }) {
  const { t, name, word } = useText()
  const config = useConfig().data
  const org = (id: string, own: Parameters<typeof name>[0]) => name(own ?? config?.stations.find((s) => s.id === id)?.name, id)
  const seats = (data.seats ?? []).map((s) => name(s.name, s.id))
  const told = (data.notify ?? []).map((code) => word('notify.', code))
  const partners = (data.partners ?? []).map((p) => name(p.name ?? config?.partners.find((x) => x.id === p.id)?.name, p.id))
  const j = data.jurisdiction
  const border = (j?.border ?? []).map((b) => org(b.id, b.name))
  const from = j?.nearest?.station
  const lines: [string, string, boolean][] = []
  if (j?.responsible) {
    const nearest = j.nearest && from && from !== j.responsible.id ? t('rec.nearest', { unit: j.nearest.call_sign, station: org(from, undefined) }) : ''
    lines.push([t('rec.jurisdiction'), [t('inc.responsible', { name: org(j.responsible.id, j.responsible.name) }), nearest, word('rec.rule.', j.rule)].filter(Boolean).join(' · '), false])
  }
  if (border.length > 0) lines.push([t('rec.border'), t('rec.border_warn', { names: border }), true])
  if (seats.length > 0) lines.push([t('rec.seats'), seats.join(' · '), false])
  if (partners.length > 0) lines.push([t('rec.partners'), partners.join(' · '), false])
  if (told.length > 0) lines.push([t('rec.notify'), told.join(' · '), false])
  if (lines.length === 0) return null
  return (
    <dl className="advice-aside">
      {lines.map(([what, words, warn]) => <div key={what} className={warn ? 'warn' : ''}><dt>{warn && <span aria-hidden="true">! </span>}{what}</dt><dd>{words}</dd></div>)}
    </dl>
  )
}
