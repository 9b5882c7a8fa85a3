import type { KeyboardEvent } from 'react';
import { RiArrowRightLine, RiGitCommitLine } from '@remixicon/react';
import { VisuallyHidden } from '@backstage/ui';
import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import { stageOrder } from '@fairway/stage/verdict';
import type { StageName } from '@fairway/stage/verdict';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { shortDigest } from '../../view/figures.ts';
import { Step } from './step.tsx';
import type { StepChoice } from './step.tsx';
import classes from './flow.module.css';

interface FlowProps extends StepChoice {
  readonly delivery: Delivery;
}

/** The pipeline as the flow it is; scan and remediate go round until nothing is left to fix. */
export function Flow({ delivery, ...choice }: FlowProps) {
  const { t } = useFairwayText();
  const { commit, digest } = delivery.record.source;
  const step = (stage: StageName) => <Step stage={stage} delivery={delivery} {...choice} />;
  return (
    <nav aria-label={t('delivery.flow')} onKeyDown={walk}>
      <ol className={classes.flow}>
        <li className={classes.place}>
          <span className={classes.source} title={commit ?? digest}>
            <RiGitCommitLine aria-hidden="true" size={18} />
            <span className={classes.name}>{t('delivery.source')}</span>
            <span className={classes.detail}>{commit?.slice(0, 8) ?? (digest && shortDigest(digest))}</span>
          </span>
        </li>
        {stageOrder.map(stage => {
          if (stage === 'remediate') return null;
          return (
            <li key={stage} className={classes.place}>
              <RiArrowRightLine aria-hidden="true" size={16} className={classes.arrow} />
              {stage === 'scan' ? <FixLoop scan={step('scan')} remediate={step('remediate')} /> : step(stage)}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

interface FixLoopProps {
  readonly scan: React.ReactNode;
  readonly remediate: React.ReactNode;
}

function FixLoop({ scan, remediate }: FixLoopProps) {
  const { t } = useFairwayText();
  return (
    <div className={classes.loop}>
      <ol className={classes.round}>
        <li>{scan}</li>
        <li className={classes.place}>
          <RiArrowRightLine aria-hidden="true" size={16} className={classes.arrow} />
          {remediate}
        </li>
      </ol>
      <svg aria-hidden="true" viewBox="0 0 200 16" preserveAspectRatio="none" className={classes.back}>
        <path d="M 160 0 V 8 H 40 V 2" vectorEffect="non-scaling-stroke" />
        <path d="M 36 6 L 40 1 L 44 6" vectorEffect="non-scaling-stroke" />
      </svg>
      <span aria-hidden="true" className={classes.detail}>
        {t('delivery.loop')}
      </span>
      <VisuallyHidden>{t('delivery.loop')}</VisuallyHidden>
    </div>
  );
}

/** The arrow keys lead from stage to stage, as the arrows between them do. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const steps = [...event.currentTarget.querySelectorAll('button')];
  const at = steps.findIndex(step => step === document.activeElement);
  const next = at === -1 ? undefined : steps[at + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
