import { expect, it } from 'vitest';
import { actionForm } from '#bots/room/cards/action.ts';
import type { Look } from '#bots/room/views/look.ts';
import { postOf, realCards } from '#test/bots/slack/blocks/real-cards.ts';

const look: Look = { actor: 'local', csrf: 'token', asset: (name) => name, onGitHub: false };

it('an action with choices is a form whose menus are sent by their names', async () => {
  const [edit] = realCards.canvas.actions;
  if (edit === undefined) throw new Error('the canvas has no form');
  const form = (await actionForm(postOf(realCards.canvas), edit, look)).toString();
  expect(form).toContain('<select name="choice.item"');
  expect(form).toContain('>Feature: Greet people by name</option>');
  expect(form).toContain('<select name="choice.change"');
  expect(form).toMatch(/<option value="non-goal">Not a goal/);
});

it('an action that changes words shows them, whatever they are', async () => {
  const [edit] = realCards.canvas.actions;
  if (edit === undefined) throw new Error('the canvas has no form');
  const input = { label: 'The lesson', required: true, value: 'Never trust </textarea><b>' };
  const form = (await actionForm(postOf(realCards.canvas), { ...edit, input }, look)).toString();
  expect(form).toContain('required>Never trust &lt;/textarea&gt;&lt;b&gt;</textarea>');
});
