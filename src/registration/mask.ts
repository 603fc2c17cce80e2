/** Hides personal data in what strangers may read. Pure; works on code points, so that it never cuts a character. */

/** `Budi Santoso` → `B*** S******`: of each word the first letter is kept, every other character becomes a star. */
export function maskName(full_name: string): string {
  return full_name.trim().split(/\s+/u).map(maskWord).join(' ');
}

function maskWord(word: string): string {
  const characters = Array.from(word);
  const kept = characters.findIndex((character) => /\p{L}/u.test(character));
  return characters.map((character, index) => (index === kept ? character : '*')).join('');
}
