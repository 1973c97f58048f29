/** How well a text answers what was typed: 0 for not at all; whole words and early places count more than scattered letters. */
export function score(text: string, typed: string): number {
  const [haystack, needle] = [text.toLowerCase(), typed.toLowerCase()];
  const at = haystack.indexOf(needle);
  if (at >= 0)
    return 1000 - at - (at > 0 && /[a-z0-9]/.test(haystack[at - 1] ?? '') ? 100 : 0) - haystack.length / 100;
  let from = 0;
  let gaps = 0;
  for (const letter of needle) {
    const next = haystack.indexOf(letter, from);
    if (next < 0) return 0;
    gaps += next - from;
    from = next + 1;
  }
  return Math.max(1, 400 - gaps * 10);
}

/** The best answers, best first; what scores equally keeps its order. */
export function bestOf<T>(
  items: readonly T[],
  typed: string,
  textOf: (item: T) => string,
  most: number,
): T[] {
  const wanted = typed.trim();
  if (!wanted) return items.slice(0, most);
  return items
    .map((item) => ({ item, score: score(textOf(item), wanted) }))
    .filter((hit) => hit.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map((hit) => hit.item);
}
