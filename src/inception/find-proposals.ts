import { findOffer } from './acknowledgement.ts';
import { rank } from './feature-book.ts';
import { endsAsHeading, type Governing, listOfFirstVersion } from './feature-lists.ts';
import { createFeatureText } from './feature-text.ts';
import { readHeading } from './lexicon.ts';
import type { PersonaBook } from './personas.ts';
import type { Proposal } from './proposals.ts';
import type { Said } from './statements.ts';
import { keyTokens } from './tokens.ts';

/** What an assistant proposed: bullets under a heading of features, and what it offers to add. What it explains is no proposal. */
export function findProposals(said: Said, personas: PersonaBook): Proposal[] {
  const proposals: Proposal[] = [];
  const propose = (text: string, governing: Governing, number: number | null, wording: number) => {
    if (keyTokens(text).size < 1) return;
    const { priority, inMvp } = governing;
    proposals.push({
      number,
      candidate: {
        text,
        persona: personas.of(text),
        priority,
        inMvp,
        basis: 'inferred',
        evidence: [said.position],
        maybe: true,
        rank: wording,
      },
    });
  };
  let governing: Governing | null = null;
  let number = 0;
  for (const piece of said.pieces) {
    const heading = piece.kind === 'bullet' ? null : readHeading(piece.text);
    if (heading !== null && endsAsHeading(piece)) [governing, number] = [heading, 0];
    else if (piece.kind === 'heading') governing = null;
    else if (piece.kind === 'bullet' && governing !== null && !said.hasCode) {
      number += 1;
      propose(
        createFeatureText(piece.text.replace(/^\*\*([^*]+)\*\*\s*[:–—-]\s*.*$/, '$1')),
        governing,
        number,
        rank.bullet,
      );
    } else if (!said.hasCode) {
      for (const text of listOfFirstVersion(piece.text))
        propose(createFeatureText(text), { priority: 'unstated', inMvp: true }, (number += 1), rank.quoted);
    }
  }
  const offer = findOffer(said.prose);
  if (offer !== null && (proposals.length === 0 || said.hasCode)) {
    const text = createFeatureText(
      offer.replace(
        /^.*?\b(?:want me to|shall i|should i|would you like(?: me)?(?: to)?|do you want(?: me)?(?: to)?|i (?:can|could) also|if you(?:'d| would) like(?: me)?(?: to)?|i'd (?:suggest|recommend)|how about|we could|you could|we can|i suggest|i propose|i recommend|what if we)\s*/i,
        '',
      ),
    );
    if (keyTokens(text).size >= 2) propose(text, { priority: 'unstated', inMvp: null }, null, rank.talk);
  }
  return proposals;
}
