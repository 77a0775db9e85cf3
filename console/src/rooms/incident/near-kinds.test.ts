import { expect, test } from 'vitest'
import type { Candidate } from '../../api/advice'
import { nearKinds } from './near-kinds'

const unit = (id: string, kind: string) => ({ unit: id, kind }) as Candidate

test('the kind whose nearest unit is nearest comes first, and nobody is lost', () => {
  const kinds = nearKinds([unit('101', 'car'), unit('121', 'moto'), unit('102', 'car')])
  expect(kinds.map((k) => `${k.kind}: ${k.units.map((u) => u.unit).join(' ')}`)).toEqual(['car: 101 102', 'moto: 121'])
})

test('no more kinds than there are digits', () => {
  expect(nearKinds(Array.from({ length: 12 }, (_, n) => unit(String(n), `kind-${n}`)))).toHaveLength(9)
})
