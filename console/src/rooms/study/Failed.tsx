import { problemOf } from '../../api/study'
import { useText } from '../../i18n/i18n'

/** Why a study has no answer, in words. */
export function Failed({ cause }: { cause: unknown }) {
  const { t, problem } = useText()
  const p = problemOf(cause)
  if (!cause) return null
  return <p className="hint late" role="alert">{p ? problem(p) : t('study.failed')}</p>
}
