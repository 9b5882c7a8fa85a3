import { screen, within } from '@testing-library/react';
import { renderView } from '../../testing/render-view.tsx';
import { FixPlan, fixPlanSchema } from './fix-plan.tsx';

const upgrade = { package: 'zlib1g', installed: '1.2.12', atLeast: '1.2.13', findings: ['CVE-2022-37434'] };

test('a newer base is shown with both digests, apart from what was done', async () => {
  const [from, to] = ['a', 'b'].map(letter => `sha256:${letter.repeat(64)}`);
  const plan = fixPlanSchema.parse({
    steps: [{ image: 'sha256:1', plan: [{ action: 'patch-layer', manager: 'apt', ...upgrade }] }],
    left: [],
    proposed: [{ action: 'rebase', package: 'debian:12', from, to, findings: ['CVE-2022-37434'] }],
  });
  renderView(<FixPlan of={plan} />, {});
  const proposed = await screen.findByRole('grid', { name: 'May fix it in the source:' });
  expect(within(proposed).getByRole('row', { name: /debian:12/ })).toHaveTextContent(
    `debian:12newer base${from}${to}CVE-2022-37434`,
  );
});

test('a plan of an earlier version is shown as it was', async () => {
  const plan = fixPlanSchema.parse({
    steps: [{ image: 'hello:1-1', plan: [{ action: 'upgrade', manager: 'apt', ...upgrade }] }],
    left: [],
  });
  renderView(<FixPlan of={plan} />, {});
  const made = await screen.findByRole('grid', { name: 'Made hello:1-1:' });
  expect(within(made).getByRole('row', { name: /zlib1g/ })).toHaveTextContent(
    'zlib1gupgrade1.2.121.2.13CVE-2022-37434',
  );
  expect(screen.getAllByRole('grid')).toHaveLength(1);
});
