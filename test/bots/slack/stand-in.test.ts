import type { App } from '@slack/bolt';
import { afterEach, describe, expect, it } from 'vitest';
import { startBoltOnHttp, startBoltOnSocket } from '#test/support/slack/start-bolt.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import { waitFor } from '#test/support/wait-for.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** An app that answers a mention in its thread with a button, and a press with a modal. */
function echo(app: App): void {
  app.event('app_mention', async ({ event, client }) => {
    await client.chat.postMessage({
      channel: event.channel,
      thread_ts: event.ts,
      text: 'Heard you',
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: `Heard you, <@${event.user}>` } },
        {
          type: 'actions',
          elements: [{ type: 'button', action_id: 'open', text: { type: 'plain_text', text: 'Open' }, value: '1' }],
        },
      ],
    });
  });
  app.action('open', async ({ ack, body, client }) => {
    await ack();
    if (!('trigger_id' in body)) throw new Error('a press has a trigger');
    await client.views.open({
      trigger_id: body.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'note',
        title: { type: 'plain_text', text: 'A note' },
        submit: { type: 'plain_text', text: 'Keep' },
        blocks: [
          {
            type: 'input',
            block_id: 'note',
            label: { type: 'plain_text', text: 'Note' },
            element: { type: 'plain_text_input', action_id: 'text' },
          },
        ],
      },
    });
  });
  app.view('note', async ({ ack, view }) => {
    const text = view.state.values.note?.text?.value ?? '';
    if (text === 'bad') await ack({ response_action: 'errors', errors: { note: 'Say it kindly.' } });
    else await ack();
  });
  app.command('/workbench', async ({ ack, command }) => ack(`You said ${command.text}`));
}

describe.each([
  { name: 'Socket Mode', start: startBoltOnSocket },
  { name: 'signed HTTP', start: startBoltOnHttp },
])('Bolt over $name', ({ start }) => {
  it('hears a mention, answers, opens a modal and takes what was submitted', async () => {
    const slack = await startSlack();
    closing.push(() => slack.close());
    const bolt = await start({ url: slack.url, app: slack.apps.workbench, listen: echo });
    closing.push(() => bolt.stop());

    slack.people.ana.say('ideas', '@workbench hello');
    await slack.settled();
    await waitFor(() => slack.transcript('ideas').includes('Heard you'));
    const pressed = await slack.people.ana.press(slack.find('ideas', 'Heard you,'), 'Open');
    expect(pressed.isAcknowledged).toBe(true);
    await waitFor(() => slack.people.ana.modal()?.view.callback_id === 'note');
    const refused = await slack.people.ana.submit({ Note: 'bad' });
    expect(refused.errors).toEqual({ note: 'Say it kindly.' });
    const kept = await slack.people.ana.submit({ Note: 'good' });
    expect(kept.errors).toEqual({});
    expect(slack.people.ana.modal()).toBeNull();
    await slack.people.ben.command('ideas', '/workbench status now');
    expect(slack.ephemerals('ben').map((one) => slack.read(one))).toEqual(['You said status now']);
    expect(slack.transcript('ideas')).toBe(
      ['Ana: @workbench hello', '  ↳ workbench [app]: Heard you, @Ana', '      [Open]'].join('\n'),
    );
  });
});
