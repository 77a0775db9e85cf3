import type { Config, TypeInfo } from '../../api/types'
import { useText } from '../../i18n/i18n'
import type { Draft } from './draft'

type Props = { config: Config | undefined; type: TypeInfo | undefined; draft: Draft; change: (part: Partial<Draft>) => void }

/** Other services: those of the type first. Chosen once they act together with us; chosen again they take it over, where they can. */
export function Partners({ config, type, draft, change }: Props) {
  const { t, name } = useText()
  const own = new Set(type?.partners ?? [])
  const list = (config?.partners ?? []).filter((p) => own.has(p.id) || draft.partners[p.id])
  if (list.length === 0) return null
  const turn = (id: string, mode: string) => {
    const now = draft.partners[id]
    const { [id]: _, ...rest } = draft.partners
    const modes: readonly ('with' | 'transfer')[] = mode === 'both' ? ['with', 'transfer'] : mode === 'transfer' ? ['transfer'] : ['with']
    const next = now === undefined ? modes[0] : modes[modes.indexOf(now) + 1]
    change({ partners: next ? { ...rest, [id]: next } : rest })
  }
  return (
    <div className="partners" role="group" aria-label={t('intake.partners')}>
      <span className="dim">{t('intake.partners')}</span>
      {list.map((p) => {
        const mode = draft.partners[p.id]
        return (
          <button type="button" key={p.id} aria-pressed={mode !== undefined} className={mode ? 'choice on' : 'choice'} onClick={() => turn(p.id, p.mode ?? 'with')}>
            {name(p.name, p.id)}{mode && <b> {t(`intake.partner_${mode}`)}</b>}
          </button>
        )
      })}
    </div>
  )
}
