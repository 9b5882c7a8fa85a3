import { deliverArguments } from './arguments.ts';

describe('deliverArguments', () => {
  it('takes every input of a stage as an option, and secrets by variable', async () => {
    const options = await deliverArguments(
      [
        'services/chat',
        '--from',
        'push',
        '--context',
        'production',
        '--build-arguments',
        'A=1',
        '--build-arguments',
        'B=2',
        '--json',
      ],
      { FAIRWAY_PASSWORD: 'from the environment' },
    );
    expect(options).toMatchObject({ folder: 'services/chat', from: 'push', to: 'release', dryRun: false, json: true });
    expect(options.inputs).toEqual({
      context: 'production',
      'build-arguments': ['A=1', 'B=2'],
      password: 'from the environment',
    });
  });

  it('takes a key as the shell passes it on', async () => {
    const key = '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n';
    const { inputs, folder } = await deliverArguments(['--signer-key', key, '--context', 'production', 'chat'], {});
    expect([inputs, folder]).toEqual([{ 'signer-key': key, context: 'production' }, 'chat']);
  });

  it.each([
    ['a secret as an option', ['--password', 'x'], /^--password would show a secret .* FAIRWAY_PASSWORD\.$/],
    ['an unknown option', ['--frm', 'scan'], /Unknown option '--frm'\. Did you mean --from\?/],
    ['an unknown option like none', ['--zzzzzzzz'], /^Unknown option '--zzzzzzzz'\. fairway --help/],
    [
      'an option for a value',
      ['--from', '--to'],
      /^--from needs a value; one that begins with a dash is written --from=-VALUE\.$/,
    ],
    ['an unknown stage', ['--from', 'scann'], /--from takes a stage; found "scann"\. The stages are prepare, build, /],
    ['stages in the other order', ['--from', 'push', '--to', 'build'], /There is no stage from push to build/],
    ['two folders', ['a', 'b'], /takes one service folder; found "a", "b"/],
  ])('refuses %s', async (_case, argv, message) => {
    await expect(deliverArguments(argv, {})).rejects.toThrow(message);
  });
});

test.each([
  ['doctor', async () => (await import('./doctor-command.ts')).doctorCommand],
  ['token', async () => (await import('./token-command.ts')).tokenCommand],
  ['usage', async () => (await import('./usage-command.ts')).usageCommand],
  ['rollback', async () => (await import('./rollback-command.ts')).rollbackCommand],
])('fairway %s leaves no argument unseen', async (_name, command) => {
  const argv = ['one', 'two'];
  await expect((await command())(argv, new AbortController().signal)).rejects.toThrow(/; found "one", "two"\./);
});
