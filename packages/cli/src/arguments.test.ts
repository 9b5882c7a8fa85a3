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
    ['a secret as an option', ['--password', 'x'], /Unknown option '--password'/],
    ['an unknown option', ['--frm', 'scan'], /Unknown option '--frm'/],
    ['an option for a value', ['--from', '--to'], /^Option '--from' argument is ambiguous\. fairway --help/],
    ['an unknown stage', ['--from', 'scann'], /--from takes a stage; found "scann"\. The stages are prepare, build, /],
    ['two folders', ['a', 'b'], /takes one service folder; found "a", "b"/],
  ])('refuses %s', async (_case, argv, message) => {
    await expect(deliverArguments(argv, {})).rejects.toThrow(message);
  });
});
