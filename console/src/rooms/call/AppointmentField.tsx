import { worldNow } from '../../api/connection'
import { useText } from '../../i18n/i18n'
import { ms } from '../../lib/time'
import { appointmentOf, appointmentText } from './appointment'
import type { Draft } from './draft'

/** When somebody shall come, typed as it is said; below stands what it was understood as, in the centre's own time. */
export function AppointmentField({ draft, change, leadS }: { draft: Draft; change: (part: Partial<Draft>) => void; leadS: number }) {
  const { t, lang } = useText()
  const typed = (words: string) => {
    const at = appointmentOf(words, worldNow())
    change({ scheduledText: words, scheduled: typeof at === 'number' ? new Date(at).toISOString() : '' })
  }
  const words = draft.scheduledText.trim()
  const asked = words !== '' || draft.scheduled !== ''
  const bad = words !== '' && draft.scheduled === ''
  const wrong = asked && draft.priority === 'P1' ? t('intake.scheduled_p1') : bad ? t(appointmentOf(words, worldNow()) === 'past' ? 'intake.scheduled_past' : 'intake.scheduled_unread') : ''
  const minutes = Math.round(leadS / 60)
  return (
    <div className="field appointment"><label htmlFor="call-scheduled">{t('intake.scheduled')} <kbd>Alt T</kbd></label>
      <div>
        <input id="call-scheduled" type="text" autoComplete="off" placeholder={t('intake.scheduled_form')} aria-describedby="call-scheduled-as" aria-invalid={bad} value={draft.scheduledText} onChange={(e) => typed(e.target.value)} />
        <small id="call-scheduled-as" role="status" className={wrong === '' ? 'dim' : 'late'}>
          {wrong || (draft.scheduled === '' ? t('intake.scheduled_help', { minutes }) : t('intake.scheduled_as', { at: appointmentText(ms(draft.scheduled), lang), minutes }))}
        </small>
      </div>
    </div>
  )
}
