export function cutWords(): string[]
export function crossedWords(): string[]
