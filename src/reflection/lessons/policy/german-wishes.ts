/** In German a no may stand after its verb, so it is counted within its part of the sentence. */
const NO = /\b(?:nicht|nie|niemals|kein\w*|niemand\w*|nichts)\b/g;
/** A no that is none: `vergiss nicht, …` asks for what follows. */
const SOOTHING =
  /\b(?:vergiss|vergesst|zoger\w*|scheu\w* (?:dich|euch)|furcht\w*) nicht\b|\bkeine (?:angst|sorge|scheu)\b|\bkein problem\b/g;

const LESS =
  /\b(?:uberspr[iu]ng\w*|uber(?:zu)?springen|losch\w*|(?:ge|zu )losch\w*|entfern\w*|deaktivier\w*|ab(?:zu)?schalt\w*|auskommentier\w*|abschwach\w*|schwach\w*|ignorier\w*|umgeh\w*|missacht\w*|weg(?:zu)?lass\w*|aus(?:zu)?lass\w*|locker\w*|verg(?:iss|esst|essen))\b|\b(?:schalt\w*|lass\w*|kommentier\w*) .*(?:ab|aus|weg)\b/;
const WHAT =
  /\b(?:tests?|prufung(?:en)?|checks?|assertions?|regeln?|anweisung(?:en)?|vorgaben?|richtlinien?|freigaben?|schutz\w*|berechtigungen|rechte|sandbox)\b/;
const MORE =
  /\b(?:fuhr\w*|aus(?:zu)?fuhr\w*|lauf\w*|start\w*|wart\w*|brauch\w*|benotig\w*|frag\w*|notig|erforderlich|schreib\w*)\b/;
/** How they run is for the team to say. */
const HOW = /\b(?:parallel|gegen|zweimal|doppelt|gleichzeitig|mit|auf)\b/;

const ALONE =
  /\bohne (?:(?:eine?|jede|die|weitere) )?(?:freigabe|review|prufung|zustimmung|erlaubnis|genehmigung|tests?)\b/;
const SECRETS =
  /\b(?:gib|gebt|ausgeb\w*|zeig\w*|schick\w*|send\w*|poste\w*|schreib\w*|kopier\w*|verrat\w*)\b.*\b(?:zugangsdaten|passwort\w*|geheimnisse?|schlussel|umgebungsvariablen)\b/;
const HIDING =
  /\bsag\w* (?:es )?niemand\w*|\bverschweig\w*|\bverheimlich\w*|\bversteck\w* .*\bvor (?:den |dem )?(?:reviewern?|prufern?|leuten)\b/;

/** Whether a readable form asks, in German, for what a lesson may not ask for. */
export function germanWishes(form: string): string[] {
  const parts = form.split(/[.;:!?,]| (?:und|aber|dann|sondern) /).map((part) => part.replaceAll(SOOTHING, ' '));
  const found = new Set<string>();
  for (const part of parts) {
    const isDenied = (part.match(NO) ?? []).length % 2 === 1;
    if (WHAT.test(part) && (isDenied ? MORE.test(part) && !HOW.test(part) : LESS.test(part)))
      found.add('It wants tests, checks or rules to count for less.');
    if (!isDenied && ALONE.test(part)) found.add('It wants something approved or merged without a person.');
    if (!isDenied && SECRETS.test(part)) found.add('It is after secrets.');
    if (HIDING.test(part)) found.add('It hides something from people.');
  }
  return [...found];
}
