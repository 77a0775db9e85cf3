import { useState } from 'react'
import { write } from '../../api/client'
import { standing } from '../../api/alarms'
import { useCover, type Move } from '../../api/cover'
import { useBoard, useConfig } from '../../api/hooks'
import type { AlarmRow, Names } from '../../api/types'
import { useText } from '../../i18n/i18n'
import { notify } from '../../lib/focus'

/** The cover of the centre, its alarms, and what a person may decide about them. */
export function useCoverPanel() {
  const { t, name, problem } = useText()
  const { alarms, units } = useBoard()
  const config = useConfig().data
  const cover = useCover(true)
  const [busy, setBusy] = useState('')

  const className = (id: string | undefined) => name(cover.data?.classes?.find((c) => c.id === id)?.name, id)
  const areaName = (id: string | undefined, own?: Names | string) => name(own ?? config?.stations.find((s) => s.id === id)?.name, id)
  const placeName = (m: Move) => name(m.to.name ?? config?.posts.find((p) => p.id === m.to.post)?.name, '')

  const tell = async (key: string, path: string, body: object, done: string) => {
    if (busy !== '') return
    setBusy(key)
    const told = await write(path, body)
    setBusy('')
    notify(told.ok ? done : problem(told.problem), told.ok ? 'good' : 'bad')
    void cover.refetch()
  }
  const endStandby = (unit: string) => write(`/units/${encodeURIComponent(unit)}/end-standby`, {})
  return {
    cover, busy, className, areaName, placeName,
    alarms: standing(alarms.values()),
    waiting: [...units.values()].filter((u) => u.standby !== undefined),
    acknowledge: (a: AlarmRow) => tell(a.id, `/alarms/${encodeURIComponent(a.id)}/acknowledge`, {}, t('cover.acknowledged', { area: areaName(a.area, a.area_name), class: name(a.class_name, a.class) })),
    accept: (m: Move) => tell(m.id, `/units/${encodeURIComponent(m.unit)}/standby`, { place: m.to.place, ...(m.to.post ? { post: m.to.post } : {}), move: m.id }, t('cover.accepted', { unit: m.call_sign, place: placeName(m) || t('cover.somewhere') })),
    decline: (m: Move, reason: string) => tell(m.id, `/cover/moves/${encodeURIComponent(m.id)}/decline`, reason.trim() === '' ? {} : { reason: reason.trim() }, t('cover.declined', { unit: m.call_sign })),
    end: async (unit: string, callSign: string) => {
      const told = await endStandby(unit)
      notify(told.ok ? t('standby.ended', { unit: callSign }) : problem(told.problem), told.ok ? 'good' : 'bad')
    },
  }
}
