import { useState } from 'react'
import { standing } from '../../api/alarms'
import { useCover, type Move } from '../../api/cover'
import { useBoard, useConfig } from '../../api/hooks'
import type { Intent } from '../../api/queue'
import type { AlarmRow, Names } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { aboutUnit, tell } from '../../ui/tell'

/** The cover of the centre, its alarms, and what a person may decide about them. */
export function useCoverPanel() {
  const { t, name } = useText()
  const { alarms, units } = useBoard()
  const config = useConfig().data
  const cover = useCover(true)
  const [busy, setBusy] = useState('')

  const className = (id: string | undefined) => name(cover.data?.classes?.find((c) => c.id === id)?.name, id)
  const areaName = (id: string | undefined, own?: Names | string) => name(own ?? config?.stations.find((s) => s.id === id)?.name, id)
  const placeName = (m: Move) => name(m.to.name ?? config?.posts.find((p) => p.id === m.to.post)?.name, '')

  const once = async (key: string, intent: Intent, done: string) => {
    if (busy !== '') return
    setBusy(key)
    await tell(intent, done)
    setBusy('')
    void cover.refetch()
  }
  const words = (m: Move, verb: 'accept' | 'decline') => `${m.call_sign} ${t(`cover.${verb}`)} ${placeName(m)}`.trim()
  return {
    cover, busy, className, areaName, placeName,
    alarms: standing(alarms.values()),
    waiting: [...units.values()].filter((u) => u.standby !== undefined),
    acknowledge: (a: AlarmRow) => once(
      a.id, { path: `/alarms/${encodeURIComponent(a.id)}/acknowledge`, body: {}, words: `${t('cover.acknowledge')} ${areaName(a.area, a.area_name)} ${name(a.class_name, a.class)}`, subject: `alarm/${a.id}` },
      t('cover.acknowledged', { area: areaName(a.area, a.area_name), class: name(a.class_name, a.class) }),
    ),
    accept: (m: Move) => once(
      m.id, aboutUnit(units.get(m.unit) ?? { id: m.unit }, 'standby', { place: m.to.place, ...(m.to.post ? { post: m.to.post } : {}), move: m.id }, words(m, 'accept')),
      t('cover.accepted', { unit: m.call_sign, place: placeName(m) || t('cover.somewhere') }),
    ),
    decline: (m: Move, reason: string) => once(
      m.id, { path: `/cover/moves/${encodeURIComponent(m.id)}/decline`, body: reason.trim() === '' ? {} : { reason: reason.trim() }, words: words(m, 'decline') },
      t('cover.declined', { unit: m.call_sign }),
    ),
    end: (unit: string, callSign: string) => tell(aboutUnit(units.get(unit) ?? { id: unit }, 'end-standby', {}, `${callSign} ${t('standby.end')}`), t('standby.ended', { unit: callSign })),
  }
}
